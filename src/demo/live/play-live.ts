import { setMaxListeners } from 'node:events'
import type { Style } from '../../cli/render/style.ts'
import type { Clock } from '../../engine/ports.ts'
import type { EngineEvent } from '../../engine/events.ts'
import { askDns } from '../dns-answer.ts'
import type { RegionProcess } from '../region-process.ts'
import type { ServerState } from '../server-state.ts'
import { regions, type Settings } from '../settings.ts'
import { dashboardLine, startDemo, type StartOptions } from '../start-demo.ts'
import { type Board, emptyBoard, withDeed, withEvent, withNotes } from './board.ts'
import { actionOf } from './key.ts'
import { renderScene } from './render.ts'
import { openTerminal, type Terminal, type TerminalInput, type TerminalOutput } from './terminal.ts'

export interface LiveOptions {
  readonly settings: Settings
  readonly firstDnsPort: number
  readonly firstDashboardPort: number
  readonly stdin: TerminalInput
  readonly stdout: TerminalOutput
  readonly style: Style
  readonly clock: Clock
  /** Gets what is told before the whole screen is taken. */
  readonly write: (text: string) => void
  readonly onCrash: StartOptions['onCrash']
}

const askEveryMs = 200
const drawEveryMs = 50

/** Lets people break and heal the regions until they quit or the signal aborts. @throws DemoError, or what the engine failed with */
export const playLive = async (options: LiveOptions, signal: AbortSignal): Promise<void> => {
  const { settings, clock, style } = options
  const quit = new AbortController()
  const until = AbortSignal.any([signal, quit.signal])
  setMaxListeners(0, until)
  let board: Board = emptyBoard
  let isChanged = true
  const update = (next: Board): void => {
    board = next
    isChanged = true
  }
  const note = (text: string): void => update(withNotes(board, [{ tone: 'bad', text, wall: clock.wallNow() }]))

  const demo = await startDemo(
    {
      ...options,
      report: (event: EngineEvent) => update(withEvent(board, event, clock.now(), clock.wallNow())),
      onServerChange: () => update(board),
      say: note,
    },
    until,
  )

  options.write(`${dashboardLine(demo.dashboard, style)}\n`)

  const become = ({ region, become: turn }: RegionProcess, state: ServerState): void => {
    update(withDeed(board, region.name, state, clock.now(), clock.wallNow()))
    turn(state, until).catch((error: unknown) => note(error instanceof Error ? error.message : String(error)))
  }
  const onKey = (key: string): void => {
    const { servers } = demo.fleet
    const action = actionOf(key)
    switch (action.kind) {
      case 'select':
        return update({ ...board, selected: action.at })
      case 'move':
        return update({ ...board, selected: (board.selected + action.by + regions.length) % regions.length })
      case 'become': {
        const server = servers[board.selected]
        return server === undefined || server.state() === action.state ? undefined : become(server, action.state)
      }
      case 'heal-all':
        for (const server of servers) if (server.state() !== 'serving') become(server, 'serving')
        return
      case 'quit':
        return quit.abort()
      case 'nothing':
    }
  }

  const draw = (terminal: Terminal): void => {
    isChanged = false
    const servers = demo.fleet.servers.map((server) => ({ state: server.state(), pid: server.pid() }))
    const scene = { board, servers, nameServer: demo.nameServer, dashboard: demo.dashboard, webPort: demo.fleet.port, settings }
    terminal.draw(renderScene(scene, terminal.screen(), style))
  }
  const askOnAndOn = async (): Promise<void> => {
    while (!until.aborted) {
      const answer = await askDns(demo.nameServer, until)
      update({ ...board, answer })
      await clock.sleep(askEveryMs, until)
    }
  }
  const drawOnAndOn = async (terminal: Terminal): Promise<void> => {
    while (!until.aborted) {
      if (isChanged) draw(terminal)
      await clock.sleep(drawEveryMs, until)
    }
  }
  demo.ended.catch(() => quit.abort())
  const terminal = openTerminal(options.stdin, options.stdout, { onKey, onResize: () => update(board), onGone: () => quit.abort() })
  options.onCrash(terminal.restore)
  try {
    await Promise.all([askOnAndOn(), drawOnAndOn(terminal)])
  } finally {
    terminal.restore()
    await demo.stop()
  }
  // Where the engine failed, with that.
  await demo.ended
}
