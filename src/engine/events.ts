import type { Address, Family } from '../core/address.ts'
import type { Entry, Mode } from '../core/decision.ts'
import type { GuardCode } from '../core/guard.ts'
import type { CheckResult } from '../core/result.ts'
import type { Change, RRsetKey } from '../core/rrset.ts'
import type { Verification } from '../core/verification.ts'

/** What the engine has to say. Each state change once; single checks only for who wants them. */
export type EngineEvent = { readonly site: string } & (
  | { readonly kind: 'checked'; readonly address: Address; readonly region: string | undefined; readonly result: CheckResult }
  | {
      readonly kind: 'health'
      readonly address: Address
      readonly region: string | undefined
      readonly from: 'unknown' | 'up' | 'down'
      readonly to: 'unknown' | 'up' | 'down'
      readonly text: string
    }
  | { readonly kind: 'mode'; readonly key: RRsetKey; readonly family: Family; readonly from: Mode | undefined; readonly to: Mode }
  /** An address of an RRset is published or withheld by another rule than was last said. */
  | { readonly kind: 'decided'; readonly key: RRsetKey; readonly entry: Entry; readonly from: Pick<Entry, 'action' | 'rule'> | undefined }
  | { readonly kind: 'unresolved'; readonly region: string; readonly detail: string }
  | { readonly kind: 'resolved'; readonly region: string }
  | { readonly kind: 'refused'; readonly key: RRsetKey; readonly code: GuardCode; readonly text: string }
  | { readonly kind: 'written'; readonly changes: readonly Change[] }
  | { readonly kind: 'restored'; readonly key: RRsetKey; readonly text: string }
  | { readonly kind: 'provider-failed'; readonly text: string }
  | { readonly kind: 'provider-recovered' }
  /** Nobody knows whether a write has taken effect; it is settled by reading before anything else is decided. */
  | { readonly kind: 'write-unknown'; readonly text: string }
  | { readonly kind: 'verified'; readonly verification: Verification }
  | { readonly kind: 'state-not-saved'; readonly text: string }
  /** After `state-not-saved`: it can be saved again. */
  | { readonly kind: 'state-saved' }
  /** An operator's pause: everything goes on, but nothing is written. */
  | { readonly kind: 'paused'; readonly text: string }
  | { readonly kind: 'resumed' }
  /** A fault of the program's own ended the watch of this site; it begins anew after a wait. */
  | { readonly kind: 'site-failed'; readonly text: string; readonly againMs: number }
)
