import type { LiveSite } from '../../src/engine/live-site.ts'
import type { Violate } from './order-rules.ts'

/** Between two looks. Milliseconds. */
export const restLookMs = 1_000

/** A process that may write goes round every other second; what is wanted all that time has been overlooked. Milliseconds. */
const overlookedMs = 4_500

/** After a call to the provider, and a pause, the process may have reason to wait for so long. Milliseconds. */
const waitsMs = 8_000

/** Judges whether what a process would decide by itself is written, though its site may have been taken for one at rest. */
export interface RestRules {
  /** Every `restLookMs`; undefined: no process runs. */
  look(live: LiveSite | undefined, at: number): void
  /** It has asked the provider for something. */
  asked(at: number): void
}

export const createRestRules = (isPausedLately: (from: number, until: number) => boolean, violate: Violate): RestRules => {
  let wantedSince: number | undefined
  let askedAt = Number.NEGATIVE_INFINITY
  return {
    look: (live, at) => {
      const mayWait = live === undefined || !live.isReady() || at - askedAt < waitsMs || isPausedLately(at - waitsMs, at) || live.view().provider.retryAt !== null
      const wanted = mayWait ? [] : live.planUnder((orders) => orders).changes.filter(({ verdict }) => verdict.kind === 'allowed')
      wantedSince = wanted.length === 0 ? undefined : (wantedSince ?? at)
      if (wantedSince === undefined || at - wantedSince < overlookedMs) return
      const texts = wanted.map(({ change: { key, before, after } }) => `${key.type} [${before.values.join(' ')}] -> [${after.values.join(' ')}]`)
      violate('fast: what is decided is written', at, `the process would write ${texts.join(', ')} since ${wantedSince} ms, and has asked the provider for nothing since ${askedAt} ms`)
      wantedSince = undefined
    },
    asked: (at) => {
      askedAt = at
    },
  }
}
