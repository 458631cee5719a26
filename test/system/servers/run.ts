import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { pathOf, type ServerTool } from './available.ts'

const required = (tool: ServerTool): string => {
  const path = pathOf(tool)
  if (path === undefined) throw new Error(`${tool} is not installed`)
  return path
}

/** Runs a tool to its end; rejects with all that it said if it fails or takes longer than 20 s. */
export const runTool = (tool: ServerTool, args: readonly string[], input = ''): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = execFile(required(tool), [...args], { timeout: 20_000, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`${tool} ${args.join(' ')}: ${error.message}\n${stdout}${stderr}`, { cause: error }))
    })
    child.stdin?.end(input)
  })

/** A TCP port of 127.0.0.1 that was free a moment ago. The servers cannot choose one themselves. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

export interface RunningServer {
  readonly child: ChildProcess
  /** Everything it has logged so far. */
  log(): string
  /** Ends it, frozen or not, and waits until it is gone. */
  stop(): Promise<void>
}

/** Starts a server and resolves once its log holds every one of `ready`; rejects with the log if it ends before. */
export const startServer = (tool: ServerTool, args: readonly string[], ready: readonly RegExp[]): Promise<RunningServer> =>
  new Promise((resolve, reject) => {
    const child = spawn(required(tool), [...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    const exited = once(child, 'exit')
    const stop = async (): Promise<void> => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL')
        await exited
      }
    }
    const listen = (chunk: Buffer): void => {
      text += chunk.toString()
      if (ready.every((pattern) => pattern.test(text))) resolve({ child, stop, log: () => text })
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.on('error', reject)
    child.on('exit', (code, signal) => reject(new Error(`${tool} ended (${code ?? signal}) before it was ready:\n${text}`)))
  })
