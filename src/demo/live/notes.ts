import type { Address } from '../../core/address.ts'
import type { CheckResult } from '../../core/result.ts'
import type { Change } from '../../core/rrset.ts'
import type { EngineEvent } from '../../engine/events.ts'
import { tookText } from '../../cli/render/duration.ts'
import { regions } from '../settings.ts'
import type { Board, RegionBoard } from './board.ts'

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

/** Since somebody did something to the region lately that explains it. */
const sinceDeed = (deed: RegionBoard['deed'], isBroken: boolean, now: number): string =>
  deed === undefined || (deed.state !== 'serving') !== isBroken || now - deed.at > 30_000 ? '' : `, in DNS after ${tookText(now - deed.at)}`

const removed = (board: Board, address: Address, now: number): News => {
  const name = nameOf(address)
  const region = board.regions[name]
  const cause = causeText(region?.lastFailure)
  const failures = region?.last?.kind === 'failed' ? `, ${region.streak} failures` : ''
  return { tone: 'bad', text: `${name} withdrawn: ${cause === '' ? 'not up' : cause}${failures}${sinceDeed(region?.deed, true, now)}` }
}

const added = (board: Board, address: Address, reason: Change['reasons'][number] | undefined, now: number): News => {
  const name = nameOf(address)
  const region = board.regions[name]
  if (reason?.rule === 'fail-open') return { tone: 'plain', text: `${name} published again (fail open)` }
  const passes = region?.last?.kind === 'ok' ? `: ${region.streak} passes` : ''
  return { tone: 'good', text: `${name} published${passes}${sinceDeed(region?.deed, false, now)}` }
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

const modeNote = ({ from, to }: Extract<EngineEvent, { kind: 'mode' }>): readonly News[] => {
  if (to === 'fail-open') return [{ tone: 'bad', text: 'none is up: fail open, for any address is better than none' }]
  if (to === 'blind') return [{ tone: 'bad', text: 'nothing answers us: we may be the ones cut off, so nothing moves' }]
  return from === 'fail-open' ? [{ tone: 'good', text: 'one is up again: fail open ends' }] : []
}

/** What an event is worth telling, in words. Checks and health are not: the table shows them. */
export const eventNotes = (board: Board, event: EngineEvent, now: number): readonly News[] => {
  switch (event.kind) {
    case 'checked':
    case 'health':
    case 'written':
    case 'decided':
    case 'resolved':
    case 'provider-recovered':
    case 'state-saved':
    case 'paused':
    case 'resumed':
    case 'drain-ending':
    case 'heard':
    case 'word-expired':
    case 'repointed':
    case 'certificate-expiring':
    case 'cycled':
    case 'undrained':
    case 'unforced':
    case 'order-astray':
    case 'order-followed':
    case 'replication-mended':
    case 'content-agrees':
      return []
    case 'mode':
      return modeNote(event)
    case 'unresolved':
      return [{ tone: 'bad', text: `the subdomain of ${event.region} cannot be resolved: ${event.detail}` }]
    case 'verified':
      return verified(board, event, now)
    case 'drained':
    case 'forced':
      return [{ tone: 'bad', text: `${event.region} is ${event.kind}: ${event.reason}` }]
    case 'drain-safe':
    case 'fresh':
    case 'caught-up':
      return [{ tone: 'good', text: `${event.region}: ${event.text}` }]
    case 'stale':
      return [{ tone: 'bad', text: `${event.region} ${event.text}` }]
    case 'content-differs':
      return [{ tone: 'bad', text: `different bytes at ${event.path}: ${event.text}` }]
    case 'replication-suspected':
    case 'promotion-failed':
    case 'promoted':
    case 'refused':
    case 'restored':
    case 'provider-failed':
    case 'state-not-saved':
    case 'write-unknown':
    case 'site-failed':
      return [{ tone: 'bad', text: event.text }]
  }
}
