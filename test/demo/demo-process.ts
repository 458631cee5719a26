import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

/** The demo as it was built: `npm test` builds first. */
export const demoProgram = fileURLToPath(new URL('../../dist/demo/main.js', import.meta.url))

export interface Started {
  readonly pid: number
  stdout(): string
  stderr(): string
  /** Types into it. */
  type(text: string): void
  /** Resolves with all output so far once that holds; rejects if the process ends before. */
  until(isEnough: (output: string) => boolean): Promise<string>
  signal(signal: NodeJS.Signals): void
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
}

/** Starts a command that is ended with the test, whatever comes of it. */
export const start = (command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Started => {
  const child = spawn(command, args, { stdio: 'pipe', env: { ...process.env, ...env } })
  const { pid } = child
  if (pid === undefined) throw new Error(`${command} could not be started`)
  let [out, err] = ['', '']
  let wake: () => void = () => undefined
  let hasEnded = false
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
    wake()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
    wake()
  })
  child.stdin.on('error', () => undefined)
  const exited = once(child, 'close').then(([code, signal]: unknown[]) => {
    hasEnded = true
    wake()
    return { code: code as number | null, signal: signal as NodeJS.Signals | null }
  })
  onTestFinished(async () => {
    child.kill('SIGTERM')
    const force = setTimeout(() => child.kill('SIGKILL'), 5000)
    await exited
    clearTimeout(force)
  })
  return {
    pid,
    stdout: () => out,
    stderr: () => err,
    type: (text) => void child.stdin.write(text),
    until: async (isEnough) => {
      while (!isEnough(out + err)) {
        if (hasEnded) throw new Error(`it ended before: ${out}${err}`)
        await new Promise<void>((resolve) => (wake = resolve))
      }
      return out + err
    },
    signal: (signal) => void child.kill(signal),
    exited,
  }
}

export const startDemo = (args: readonly string[]): Started => start(process.execPath, [demoProgram, ...args])

/** A port that another holds for as long as the test lasts. */
export const takenPort = async (): Promise<number> => {
  const server = createServer((socket) => socket.destroy())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('no port')
  return bound.port
}

export interface Child {
  readonly pid: number
  /** As the kernel says it: `S` sleeping, `T` stopped ... */
  readonly state: string
  readonly command: string
}

/** The children of a process, by Linux's /proc. */
export const childrenOf = (parent: number): readonly Child[] =>
  readdirSync('/proc').flatMap((entry) => {
    try {
      if (!/^\d+$/.test(entry)) return []
      const [state = '', ppid = ''] = readFileSync(`/proc/${entry}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')
      const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ')
      return Number(ppid) === parent ? [{ pid: Number(entry), state, command }] : []
    } catch {
      return []
    }
  })

export const isAlive = (pid: number): boolean => {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}

/** Looks again and again until it holds. */
export const eventually = async (holds: () => boolean, withinMs = 60_000): Promise<void> => {
  const end = performance.now() + withinMs
  while (!holds()) {
    if (performance.now() > end) throw new Error(`not within ${withinMs} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Why there is no pseudo-terminal to run it in. */
export const ptyMissing = (): string | undefined =>
  ['/usr/bin/script', '/bin/script'].some((file) => existsSync(file)) ? undefined : 'script (bsdutils, part of util-linux) is not installed (npm run test:deps does not bring it: apt-get install bsdutils)'
