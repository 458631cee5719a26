import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { pathOf } from '../../system/servers/available.ts'

/** A server or checker of the bench's, which ends with it. */
export interface BenchProcess {
  readonly child: ChildProcess
  readonly pid: number
  /** The end of what it has said. */
  said(): string
  /** Ends it on the spot, frozen or not, and waits until it is gone. */
  stop(): Promise<void>
}

/** Says what else it has, if it does not come up in time. */
const patienceMs = 180_000
const keptCharacters = 4000

/**
 * Starts a program and waits until it is ready; rejects with what it said if it ends before or takes three. `core`: it, with
 * all its threads, gets this core alone.
 */
export const startProcess = async (
  command: readonly string[],
  options: { readonly isReady: () => Promise<boolean>; readonly env?: NodeJS.ProcessEnv; readonly core?: number | undefined },
): Promise<BenchProcess> => {
  const pinned = options.core === undefined ? command : [pathOf('taskset') ?? 'taskset', '-c', `${options.core}`, ...command]
  const [file = '', ...args] = ['setpriv', '--pdeathsig', 'KILL', ...pinned]
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], ...(options.env === undefined ? {} : { env: { PATH: process.env['PATH'], ...options.env } }) })
  let text = ''
  const hear = (chunk: Buffer): void => {
    text = `${text}${chunk.toString()}`.slice(-keptCharacters)
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const exited = once(child, 'exit')
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null
  const stop = async (): Promise<void> => {
    if (hasEnded()) return
    child.kill('SIGKILL')
    await exited
  }
  const until = performance.now() + patienceMs
  while (!(await options.isReady())) {
    if (!hasEnded() && performance.now() < until) {
      await pause(20)
      continue
    }
    await stop()
    throw new Error(`${command.slice(0, 3).join(' ')} ${hasEnded() && performance.now() < until ? 'ended before it was ready' : `was not ready within ${patienceMs / 1000} s`}:\n${text}`)
  }
  return { child, pid: child.pid ?? Number.NaN, said: () => text, stop }
}
