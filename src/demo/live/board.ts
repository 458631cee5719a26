import type { CheckResult } from '../../core/result.ts'
import type { EngineEvent } from '../../engine/events.ts'
import type { DnsAnswer } from '../dns-answer.ts'
import type { ServerState } from '../server-state.ts'
import { regions } from '../settings.ts'
import { eventNotes, type Note } from './notes.ts'

/** What is known of one region, from the engine's events. */
export interface RegionBoard {
  readonly health: 'unknown' | 'up' | 'down'
  /** Checks since the last one that said otherwise: failed ones in a row, or passed ones in a row. */
  readonly streak: number
  readonly last: CheckResult | undefined
  /** The last check that failed. */
  readonly lastFailure: CheckResult | undefined
  /** What was last done to its server, and when (engine milliseconds). */
  readonly deed: { readonly state: ServerState; readonly at: number } | undefined
}

/** All that the live view shows, but for the servers themselves. */
export interface Board {
  readonly regions: Readonly<Record<string, RegionBoard>>
  /** Index in `regions`. */
  readonly selected: number
  readonly answer: DnsAnswer | undefined
  /** Changes that were written and are not yet known to be answered with. */
  readonly written: Extract<EngineEvent, { kind: 'written' }>['changes']
  /** The oldest first. */
  readonly notes: readonly Note[]
}

const notesKept = 100

const emptyRegion: RegionBoard = { health: 'unknown', streak: 0, last: undefined, lastFailure: undefined, deed: undefined }

export const emptyBoard: Board = {
  regions: Object.fromEntries(regions.map(({ name }) => [name, emptyRegion])),
  selected: 0,
  answer: undefined,
  written: [],
  notes: [],
}

export const withNotes = (board: Board, notes: readonly Note[]): Board =>
  notes.length === 0 ? board : { ...board, notes: [...board.notes, ...notes].slice(-notesKept) }

const withRegion = (board: Board, name: string | undefined, change: (region: RegionBoard) => RegionBoard): Board => {
  const known = name === undefined ? undefined : board.regions[name]
  return name === undefined || known === undefined ? board : { ...board, regions: { ...board.regions, [name]: change(known) } }
}

const withResult = (region: RegionBoard, result: CheckResult): RegionBoard => {
  if (result.kind === 'cannot-tell') return { ...region, last: result }
  const streak = region.last?.kind === result.kind ? region.streak + 1 : 1
  return { ...region, streak, last: result, lastFailure: result.kind === 'failed' ? result : region.lastFailure }
}

const learned = (board: Board, event: EngineEvent): Board => {
  switch (event.kind) {
    case 'checked':
      return withRegion(board, event.region, (region) => withResult(region, event.result))
    case 'health':
      return withRegion(board, event.region, (region) => ({ ...region, health: event.to }))
    case 'written':
      return { ...board, written: event.changes }
    default:
      return board
  }
}

/** What an event changes; `now` is the engine's clock, `wall` milliseconds since the epoch. */
export const withEvent = (board: Board, event: EngineEvent, now: number, wall: number): Board => {
  const next = learned(board, event)
  return withNotes(next, eventNotes(next, event, now).map((note) => ({ ...note, wall })))
}

/** Somebody broke or healed a server. */
export const withDeed = (board: Board, region: string, state: ServerState, now: number, wall: number): Board => {
  const texts: Readonly<Record<ServerState, string>> = {
    serving: 'healed',
    killed: 'killed (SIGKILL)',
    frozen: 'frozen (SIGSTOP)',
    'answers-500': 'made to answer 500',
    'wrong-page': 'made to serve a wrong page',
  }
  return withNotes(
    withRegion(board, region, (each) => ({ ...each, deed: { state, at: now } })),
    [{ tone: 'deed', text: `${region} ${texts[state]}`, wall }],
  )
}
