import { type Change, type CurrentRRset, keyText, type RRsetContent, sameContent } from '../../src/core/rrset.ts'
import type { Violate } from './order-rules.ts'

/** So long ago a reading may have begun on which a plan rests: ahead of a verdict, where the provider compares; else just before. Slow readings are among them. Milliseconds. */
const oldestMs = { compared: 10_000, uncompared: 4_500 }

interface Reading {
  readonly startedAt: number
  readonly is: RRsetContent
}

/** Judges whether each plan for the main domain rests on a reading of its own process: a recent one, none from before the last write, and none from before an edit was seen. */
export interface ReadingRules {
  read(current: readonly CurrentRRset[], startedAt: number): void
  /** A write has ended, whatever became of it. */
  wrote(changes: readonly Change[], at: number): void
  judgeIntent(changes: readonly Change[], at: number): void
  restart(): void
}

export const createReadingRules = (compares: boolean, violate: Violate): ReadingRules => {
  const readings = new Map<string, readonly Reading[]>()
  const mostMs = Math.max(oldestMs.uncompared, compares ? oldestMs.compared : 0)
  return {
    read: (current, startedAt) => {
      for (const { key, ...is } of current) {
        const isOutdated = (each: Reading): boolean => each.startedAt < startedAt && !sameContent(each.is, is)
        const recent = (readings.get(keyText(key)) ?? []).filter((each) => startedAt - each.startedAt <= mostMs && !isOutdated(each))
        readings.set(keyText(key), [...recent, { startedAt, is }])
      }
    },
    wrote: (changes, at) => {
      for (const { key } of changes) readings.set(keyText(key), (readings.get(keyText(key)) ?? []).filter(({ startedAt }) => startedAt >= at))
    },
    judgeIntent: (changes, at) => {
      for (const { key, before } of changes) {
        const isKnown = (readings.get(keyText(key)) ?? []).some(({ startedAt, is }) => at - startedAt <= mostMs && sameContent(is, before))
        if (!isKnown) violate('5 from a known before', at, `${keyText(key)} is written from [${before.values.join(' ')}], which was not read within ${mostMs} ms, or not since the last write or an edit that was seen`)
      }
    },
    restart: () => readings.clear(),
  }
}
