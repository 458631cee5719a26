import type { Address, Family } from '../core/address.ts'
import type { Mode } from '../core/decision.ts'
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
  | { readonly kind: 'unresolved'; readonly region: string; readonly detail: string }
  | { readonly kind: 'refused'; readonly key: RRsetKey; readonly code: GuardCode; readonly text: string }
  | { readonly kind: 'written'; readonly changes: readonly Change[] }
  | { readonly kind: 'restored'; readonly key: RRsetKey; readonly text: string }
  | { readonly kind: 'provider-failed'; readonly text: string }
  | { readonly kind: 'verified'; readonly verification: Verification }
  | { readonly kind: 'state-not-saved'; readonly text: string }
)
