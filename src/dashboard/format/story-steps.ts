import type { StoredEvent, StoryView } from '../../engine/history-port.ts'
import type { Tone } from './condition-words.ts'
import { spanText } from './span-text.ts'

export interface StepWords {
  readonly word: string
  readonly tone: Tone
  readonly icon: 'eye' | 'down' | 'up' | 'info' | 'write' | 'check' | 'cross' | 'person' | 'degraded' | 'refresh' | 'drained'
}

const levelTone = { info: 'unsure', warn: 'warn', error: 'bad' } as const

const targetState = (data: unknown): unknown => (typeof data === 'object' && data !== null && 'to' in data ? data.to : undefined)

const outcomeOf = (data: unknown): unknown => (typeof data === 'object' && data !== null && 'outcome' in data ? data.outcome : undefined)

/** Which part of the story an event is. */
export const stepWords = ({ kind, level, data }: Pick<StoredEvent, 'kind' | 'level' | 'data'>): StepWords => {
  switch (kind) {
    case 'health':
      return targetState(data) === 'up' ? { word: 'verdict of the checks', tone: 'ok', icon: 'up' } : { word: 'verdict of the checks', tone: 'bad', icon: 'down' }
    case 'heard':
    case 'word-expired':
    case 'webhook':
      return { word: 'word from outside', tone: 'unsure', icon: 'eye' }
    case 'mode':
    case 'decided':
      return { word: 'decision', tone: levelTone[level], icon: 'info' }
    case 'written':
    case 'restored':
      return { word: 'write', tone: 'ok', icon: 'write' }
    case 'verified':
      return outcomeOf(data) === 'agreed' ? { word: 'verification', tone: 'ok', icon: 'check' } : { word: 'verification', tone: 'warn', icon: 'cross' }
    case 'refused':
      return { word: 'refused by the guard', tone: 'bad', icon: 'cross' }
    case 'provider-failed':
    case 'write-unknown':
      return { word: 'provider', tone: 'bad', icon: 'cross' }
    case 'provider-recovered':
      return { word: 'provider', tone: 'ok', icon: 'check' }
    case 'drained':
    case 'undrained':
    case 'drain-safe':
    case 'drain-ending':
      return { word: 'drain', tone: 'held', icon: 'drained' }
    case 'forced':
    case 'unforced':
    case 'paused':
    case 'resumed':
    case 'operator':
      return { word: 'order', tone: 'held', icon: 'person' }
    case 'repointed':
    case 'promoted':
    case 'promotion-failed':
      return { word: 'replacement', tone: levelTone[level], icon: 'refresh' }
    default:
      return { word: kind.replaceAll('-', ' '), tone: levelTone[level], icon: level === 'info' ? 'info' : 'degraded' }
  }
}

/** When it was, counted from the incident's beginning: `+1.4 s`, `−12 s`. */
export const offsetText = (at: string, startedAt: string): string => {
  const ms = Date.parse(at) - Date.parse(startedAt)
  return ms < 0 ? `−${spanText(-ms)}` : `+${spanText(ms)}`
}

export interface Milestone {
  readonly word: string
  readonly at: string
  /** After the one before; null: it is the first. */
  readonly afterMs: number | null
}

/** The way from the first failed check until clients have moved, as far as it is known. */
export const milestones = ({ incident, events }: StoryView): readonly Milestone[] => {
  const { detectMs, withdrawMs, effectMs, startedAt, endedAt } = incident
  const start = Date.parse(startedAt)
  const known: { readonly word: string; readonly atMs: number }[] = [{ word: detectMs === null ? 'began' : 'first failed check', atMs: start }]
  if (detectMs !== null) known.push({ word: 'verdict: down', atMs: start + detectMs })
  if (withdrawMs !== null) known.push({ word: 'written', atMs: start + withdrawMs })
  if (effectMs !== null) known.push({ word: 'name servers agree', atMs: start + effectMs })
  const moved = withdrawMs === null ? undefined : movedAt(events, start)
  if (moved !== undefined) known.push({ word: 'clients moved', atMs: moved })
  if (endedAt !== null) known.push({ word: 'ended', atMs: Date.parse(endedAt) })
  return known
    .toSorted((a, b) => a.atMs - b.atMs)
    .map(({ word, atMs }, index, all) => {
      const before = all[index - 1]
      return { word, at: new Date(atMs).toISOString(), afterMs: before === undefined ? null : atMs - before.atMs }
    })
}

/** By the first verification after its beginning that tells it. */
const movedAt = (events: readonly StoredEvent[], startMs: number): number | undefined => {
  for (const { kind, at, data } of events) {
    if (kind !== 'verified' || Date.parse(at) < startMs || typeof data !== 'object' || data === null || !('movedAt' in data)) continue
    if (typeof data.movedAt === 'string') return Date.parse(data.movedAt)
  }
  return undefined
}
