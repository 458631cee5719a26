import type { Address } from '../core/address.ts'
import { regionState } from '../core/site-state.ts'
import { type NewWord, type SourceMode, withoutBelief, withoutOldWords, withWord, type Words } from '../core/word.ts'
import type { LiveSite } from './live-site.ts'
import type { Monitor } from './monitor.ts'
import type { SitePorts } from './ports.ts'
import { isoAt } from './wire-time.ts'

/** Takes in what outside monitors say of one site, and says when it is no longer believed. */
export interface Hearing {
  readonly hear: LiveSite['hear']
  /** These regions lead to other servers now: what was said of them is believed no more. */
  moved(regions: readonly string[]): void
  /** Drops what has expired, with a word on each. */
  expire(): void
}

const expired = (words: Words, from: number, to: number) =>
  Object.entries(words).flatMap(([region, all]) => all.filter(({ expiresAt }) => expiresAt > from && expiresAt <= to).map(({ source, monitor }) => ({ region, source, monitor })))

/** `hint` has addresses checked soon. */
export const createHearing = (site: string, monitor: Monitor, hint: (addresses: readonly Address[]) => void, ports: Pick<SitePorts, 'clock' | 'report'>, ring: () => void): Hearing => {
  let lookedAt = ports.clock.now()

  const report = (word: NewWord, effect: ReturnType<LiveSite['hear']>['effect']): void => {
    const { region, source, monitor: who, opinion, detail } = word
    ports.report({ site, kind: 'heard', region, source, monitor: who, opinion, detail, effect })
  }

  return {
    hear: (word: NewWord, mode: SourceMode) => {
      const now = ports.clock.now()
      hint(regionState(monitor.state(), word.region)?.addresses ?? [])
      if (mode === 'hint') {
        report(word, 'checking')
        return { effect: 'checking', expiresAt: null }
      }
      const { words, hearing } = withWord(monitor.state().words, word, now)
      monitor.update((state) => ({ ...state, words }))
      report(word, hearing)
      ring()
      return { effect: hearing, expiresAt: hearing === 'older' ? null : isoAt(now + word.forMs, ports.clock) }
    },
    moved: (regions) => regions.length === 0 ? undefined : monitor.update((state) => ({ ...state, words: withoutBelief(state.words, regions, ports.clock.now()) })),
    expire: () => {
      const now = ports.clock.now()
      for (const each of expired(monitor.state().words, lookedAt, now)) ports.report({ site, kind: 'word-expired', ...each })
      lookedAt = now
      monitor.update((state) => (Object.keys(state.words).length === 0 ? state : { ...state, words: withoutOldWords(state.words, now) }))
    },
  }
}
