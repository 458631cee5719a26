import { keyText } from '../core/rrset.ts'
import type { Change } from '../core/rrset.ts'
import type { Verification } from '../core/verification.ts'
import type { EngineEvent } from './events.ts'

/** What a site's events add up to, for whoever looks at it. Times: milliseconds since the epoch. */
export interface Standing {
  readonly trouble: { readonly text: string; readonly since: number } | undefined
  readonly lastChange: { readonly at: number; readonly changes: readonly Change[] } | undefined
  /** The latest of each RRset, by `keyText`. */
  readonly verifications: Readonly<Record<string, { readonly at: number; readonly verification: Verification }>>
  /** What the guard refused last, by `keyText`. */
  readonly refused: Readonly<Record<string, string>>
  /** The last cycle that could read and, where it had to, write. */
  readonly lastCycleAt: number | undefined
  readonly isFailed: boolean
}

export const initialStanding: Standing = { trouble: undefined, lastChange: undefined, verifications: {}, refused: {}, lastCycleAt: undefined, isFailed: false }

const goodOutcomes: readonly string[] = ['steady', 'planned', 'applied', 'refused']

export const withEvent = (standing: Standing, event: EngineEvent, wallNow: number): Standing => {
  switch (event.kind) {
    case 'provider-failed':
    case 'write-unknown':
      return { ...standing, trouble: { text: event.text, since: standing.trouble?.since ?? wallNow } }
    case 'provider-recovered':
      return { ...standing, trouble: undefined }
    case 'written':
      return { ...standing, lastChange: { at: wallNow, changes: event.changes } }
    case 'verified':
      return { ...standing, verifications: { ...standing.verifications, [keyText(event.verification.key)]: { at: wallNow, verification: event.verification } } }
    case 'refused':
      return { ...standing, refused: { ...standing.refused, [keyText(event.key)]: event.text } }
    case 'site-failed':
      return { ...standing, isFailed: true }
    case 'cycled': {
      const isGood = goodOutcomes.includes(event.outcome)
      const after = { ...standing, isFailed: false, ...(isGood ? { lastCycleAt: wallNow, trouble: undefined } : {}) }
      return event.refusals.length === 0 ? { ...after, refused: {} } : after
    }
    default:
      return standing
  }
}
