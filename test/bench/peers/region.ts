import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { monotonicMs } from '../process-cost.ts'

export type Behaviour = 'serve' | 'fail' | 'wrong' | 'drip' | 'alternate'

/** A region's web server, a process of its own. Moments are monotonic milliseconds. */
export interface Region {
  readonly address: string
  /** Resolves with the moment from which it answers so. */
  set(behaviour: Behaviour): Promise<number>
  /** Ends it on the spot; resolves with the moment just before. */
  kill(): Promise<number>
  /** Resolves with the moment from which it listens again. */
  start(): Promise<number>
  freeze(): number
  thaw(): number
  stop(): Promise<void>
}

const program = fileURLToPath(new URL('region-process.mjs', import.meta.url))
const patienceMs = 60_000

const momentFrom = async (child: ChildProcess): Promise<number> => {
  const [at] = (await once(child, 'message', { signal: AbortSignal.timeout(patienceMs) })) as [number]
  return at
}

export const startRegion = async (address: string, ports: readonly number[]): Promise<Region> => {
  const begin = (): ChildProcess => fork(program, [address, ...ports.map(String)], { execArgv: [] })
  let child = begin()
  await momentFrom(child)
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  const signal = (name: NodeJS.Signals): number => {
    const at = monotonicMs()
    child.kill(name)
    return at
  }
  return {
    address,
    set: (behaviour) => {
      const at = momentFrom(child)
      child.send(behaviour)
      return at
    },
    kill: async () => {
      const at = monotonicMs()
      await end()
      return at
    },
    start: () => {
      child = begin()
      return momentFrom(child)
    },
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    stop: end,
  }
}
