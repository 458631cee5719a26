import type { Address } from '../../core/address.ts'
import type { CheckResult } from '../../core/result.ts'
import type { Change } from '../../core/rrset.ts'
import type { EngineEvent } from '../../engine/events.ts'
import { tookText } from '../../cli/render/duration.ts'
import { regions } from '../settings.ts'
import type { Board } from './board.ts'

/** One line of what happened. */
export interface Note {
  readonly tone: 'deed' | 'good' | 'bad' | 'plain'
  readonly text: string
  /** Milliseconds since the epoch. */
  readonly wall: number
}

type News = Omit<Note, 'wall'>

/** Why a check failed, in a few words. */
export const causeText = (result: CheckResult | undefined): string => {
  if (result === undefined || result.kind === 'ok') return ''
  switch (result.cause) {
    case 'refused':
      return 'connection refused'
    case 'status':
      return `status ${result.status ?? ''}`
    case 'body':
      return 'wrong page'
    case 'timeout':
    case 'headers-timeout':
    case 'connect-timeout':
    case 'body-timeout':
      return 'no answer in time'
    case 'reset':
      return 'connection cut'
    default:
      return result.cause
  }
}

const nameOf = (address: Address): string => regions.find((region) => region.address === address)?.name ?? address

/** `1.2 s after it was broken`, if somebody did something to it lately. */
const sinceDeed = (board: Board, region: string, now: number): string => {
  const at = board.regions[region]?.deedAt
  return at === undefined || now - at > 30_000 ? '' : `, in DNS after ${tookText(now - at)}`
}

const removed = (board: Board, address: Address, now: number): News => {
  const name = nameOf(address)
  const region = board.regions[name]
  const cause = causeText(region?.lastFailure)
  return { tone: 'bad', text: `${name} withdrawn: ${cause === '' ? 'not up' : cause}${sinceDeed(board, name, now)}` }
}

const added = (board: Board, address: Address, reason: Change['reasons'][number] | undefined, now: number): News => {
  const name = nameOf(address)
  if (reason?.rule === 'fail-open') return { tone: 'plain', text: `${name} published again: none is up, so all are better than none` }
  return { tone: 'good', text: `${name} published${sinceDeed(board, name, now)}` }
}

const verified = (board: Board, { verification }: Extract<EngineEvent, { kind: 'verified' }>, now: number): readonly News[] => {
  const change = board.written.find(({ key }) => key.type === verification.key.type)
  if (change === undefined) return []
  if (verification.outcome !== 'agreed') return [{ tone: 'bad', text: `the name server does not answer with what was written: ${verification.outcome}` }]
  const before = new Set(change.before.values)
  const after = new Set(change.after.values)
  return [
    ...change.before.values.filter((value) => !after.has(value)).map((value) => removed(board, value, now)),
    ...change.after.values
      .filter((value) => !before.has(value))
      .map((value) => added(board, value, change.reasons.find(({ address }) => address === value), now)),
  ]
}

const modeTexts: Readonly<Record<string, News>> = {
  'fail-open': { tone: 'bad', text: 'none is up, and the name server answers us: fail open, publish them all' },
  blind: { tone: 'bad', text: 'nothing answers: we may be the ones cut off, so nothing moves' },
}

/** What an event is worth telling, in words. Single checks are not: the table shows them. */
export const eventNotes = (board: Board, event: EngineEvent, now: number): readonly News[] => {
  switch (event.kind) {
    case 'checked':
    case 'written':
      return []
    case 'health': {
      const name = event.region ?? event.address
      if (event.to === 'down') return [{ tone: 'plain', text: `${name} is down: ${causeText(board.regions[name]?.lastFailure)}, ${board.regions[name]?.streak ?? 0} checks in a row` }]
      return event.to === 'up' ? [{ tone: 'plain', text: `${name} is up: ${board.regions[name]?.streak ?? 0} checks passed in a row` }] : []
    }
    case 'mode': {
      const note = modeTexts[event.to]
      return note === undefined ? [] : [note]
    }
    case 'unresolved':
      return [{ tone: 'bad', text: `the subdomain of ${event.region} cannot be resolved: ${event.detail}` }]
    case 'verified':
      return verified(board, event, now)
    case 'refused':
    case 'restored':
    case 'provider-failed':
    case 'state-not-saved':
      return [{ tone: 'bad', text: event.text }]
  }
}
