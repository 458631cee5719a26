import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { parseAddress } from '../../../src/core/address.ts'
import type { Endpoint } from '../../../src/core/endpoint.ts'
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
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(input)
  })

/**
 * A port of 127.0.0.1 that was free a moment ago: servers cannot choose one themselves, and BIND listens on no loopback
 * address but the interface's own.
 */
const freeEndpoint = async (): Promise<Endpoint> => {
  const address = parseAddress('127.0.0.1')
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  server.close()
  await once(server, 'close')
  if (address === undefined || bound === null || typeof bound === 'string') throw new Error('no port')
  return { address, port: bound.port }
}

const portTaken = /address (?:already )?in use|not listening/i

/** Runs `start` with a free port; with another one, should somebody have taken the first meanwhile. */
export const onFreePort = async <T>(start: (endpoint: Endpoint) => Promise<T>): Promise<T> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start(await freeEndpoint())
    } catch (error) {
      if (tries === 3 || !(error instanceof Error) || !portTaken.test(error.message)) throw error
    }
  }
}

export interface RunningServer {
  readonly child: ChildProcess
  /** Everything it has logged so far. */
  log(): string
  /** Ends it, frozen or not, and waits until it is gone. */
  stop(): Promise<void>
}

/** Through setpriv, where there is one, so that a server also ends when this process is killed. */
const command = (tool: ServerTool, args: readonly string[]): readonly [string, readonly string[]] => {
  const setpriv = pathOf('setpriv')
  return setpriv === undefined ? [required(tool), args] : [setpriv, ['--pdeathsig', 'KILL', required(tool), ...args]]
}

/**
 * Starts a server and resolves once its log holds every one of `ready`; rejects with the log if it ends before, has not
 * got its port, or is not ready within 20 s.
 */
export const startServer = (tool: ServerTool, args: readonly string[], ready: readonly RegExp[]): Promise<RunningServer> =>
  new Promise((resolve, reject) => {
    const child = spawn(...command(tool, args), { stdio: ['ignore', 'pipe', 'pipe'] })
    let text = ''
    const exited = once(child, 'exit')
    const stop = async (): Promise<void> => {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await exited
    }
    const giveUp = (why: string): void => {
      clearTimeout(late)
      void stop().then(() => reject(new Error(`${tool} ${why}:\n${text}`)))
    }
    const late = setTimeout(() => giveUp('was not ready within 20 s'), 20_000)
    const listen = (chunk: Buffer): void => {
      text += chunk.toString()
      if (!ready.every((pattern) => pattern.test(text))) return
      clearTimeout(late)
      if (portTaken.test(text)) giveUp('did not get its port')
      else resolve({ child, stop, log: () => text })
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.on('error', reject)
    child.on('exit', (code, signal) => giveUp(`ended (${code ?? signal}) before it was ready`))
  })
