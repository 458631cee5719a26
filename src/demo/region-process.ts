import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { DemoError } from './demo-error.ts'
import { type GuardProcess, startGuard } from './guard-process.ts'
import type { FromServer, Page, ServerState, ToServer } from './server-state.ts'
import type { DemoRegion } from './settings.ts'

/** One region's web server, a child process that can be broken and healed as often as one likes. */
export interface RegionProcess {
  readonly region: DemoRegion
  /** As it was brought about last; killed too if somebody else killed it. */
  state(): ServerState
  /** Undefined while it is killed. */
  pid(): number | undefined
  /** Resolves once it is so; one after the other. @throws DemoError if the server cannot be started. */
  become(state: ServerState, signal: AbortSignal): Promise<void>
  /** Ends the process, frozen or not. */
  stop(): Promise<void>
  /** The same without waiting, for a program that crashes. */
  killNow(): void
}

interface Running {
  readonly child: ChildProcess
  readonly pid: number
  readonly guard: GuardProcess
}

const program = fileURLToPath(new URL('./region-server.js', import.meta.url))
/** To start, or to take over another page; then something is wrong with this machine. */
const patienceMs = 10_000

const firstMessage = async (child: ChildProcess, isWanted: (message: FromServer) => boolean, signal: AbortSignal): Promise<FromServer | undefined> => {
  const over = new AbortController()
  const until = AbortSignal.any([signal, over.signal, AbortSignal.timeout(patienceMs)])
  const end = (): void => over.abort()
  child.once('exit', end)
  try {
    for (;;) {
      const [message] = (await once(child, 'message', { signal: until })) as [FromServer]
      if (isWanted(message)) return message
    }
  } catch {
    return undefined
  } finally {
    child.off('exit', end)
  }
}

/** A server that does not run yet: `become('serving')` starts it. `onChange` hears of every change of state. */
export const createRegionProcess = (region: DemoRegion, port: number, greeting: string, onChange: () => void): RegionProcess => {
  let running: Running | undefined
  let state: ServerState = 'killed'
  let last: Promise<void> = Promise.resolve()

  const set = (next: ServerState): void => {
    state = next
    onChange()
  }

  const start = async (signal: AbortSignal): Promise<Running> => {
    const child = fork(program, [region.name, region.address, String(port), greeting], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [] })
    child.on('error', () => undefined)
    const { pid } = child
    if (pid === undefined) throw new DemoError('server', `the server of ${region.name} could not be started`)
    const mine = { child, pid, guard: startGuard('kill', '-KILL', String(pid)) }
    running = mine
    child.once('exit', () => {
      mine.guard.dismiss()
      if (running !== mine) return
      running = undefined
      set('killed')
    })
    const message = await firstMessage(child, () => true, signal)
    if (message?.kind === 'listening') return mine
    child.kill('SIGKILL')
    const [why, cause] = message?.kind === 'failed' ? [message.message, Object.assign(new Error(message.message), { code: message.code })] : ['it said nothing', undefined]
    throw new DemoError('server', `the server of ${region.name} at ${region.address}:${port} could not be started: ${why}`, cause)
  }

  const show = async ({ child }: Running, page: Page, signal: AbortSignal): Promise<void> => {
    const shown = firstMessage(child, (message) => message.kind === 'page' && message.page === page, signal)
    const message: ToServer = { page }
    child.send(message, () => undefined)
    if ((await shown) === undefined && !signal.aborted) throw new DemoError('server', `the server of ${region.name} did not react`)
  }

  const kill = async (): Promise<void> => {
    if (running === undefined) return
    const { child } = running
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }

  const change = async (next: ServerState, signal: AbortSignal): Promise<void> => {
    if (signal.aborted) return
    if (next === 'killed') return kill()
    const server = running ?? (await start(signal))
    if (next === 'frozen') server.child.kill('SIGSTOP')
    else {
      server.child.kill('SIGCONT')
      await show(server, next, signal)
    }
    if (running === server) set(next)
  }

  const inTurn = (act: () => Promise<void>): Promise<void> => {
    const mine = last.then(act)
    last = mine.catch(() => undefined)
    return mine
  }

  return {
    region,
    state: () => state,
    pid: () => running?.pid,
    become: (next, signal) => inTurn(() => change(next, signal)),
    stop: () => inTurn(kill),
    killNow: () => {
      running?.guard.dismiss()
      running?.child.kill('SIGKILL')
    },
  }
}
