import type { Address } from '../core/address.ts'
import type { Fqdn } from '../core/fqdn.ts'
import type { AddressProof } from '../core/proof.ts'
import type { Change } from '../core/rrset.ts'
import type { Verification } from '../core/verification.ts'
import type { AppliedChange } from './cycle.ts'
import type { RefusalCode } from './operations.ts'

export interface RepointRefusal {
  readonly code: Extract<RefusalCode, 'unknown-region' | 'bad-address' | 'address-taken' | 'not-repointable' | 'check-failed' | 'moved' | 'provider'>
  readonly text: string
  readonly advice?: string
}

/** As far as it came. */
export interface RepointFacts {
  /** What each address said to the site's check; empty where it was not asked. */
  readonly checks: readonly AddressProof[]
  readonly writes: readonly AppliedChange[]
}

/** Where the subdomain led, and leads or is to lead; with `keepsOtherFamily` both families. */
export interface RepointCourse {
  readonly service: Fqdn
  readonly from: readonly Address[]
  readonly to: readonly Address[]
}

export type RepointResult = RepointFacts &
  (
    | ({ readonly kind: 'done'; readonly verifications: readonly Verification[] } & RepointCourse)
    /** A dry run. */
    | ({ readonly kind: 'planned'; readonly changes: readonly Change[] } & RepointCourse)
    /** It leads there already. */
    | ({ readonly kind: 'unchanged' } & RepointCourse)
    /** `mayHaveWritten`: a write is done in part, or nobody knows whether it is; otherwise nothing has changed. */
    | ({ readonly kind: 'refused'; readonly mayHaveWritten: boolean } & RepointRefusal)
    /** It was not wanted any more, or the program is stopping: nothing has changed, or what `writes` says. */
    | { readonly kind: 'called-off'; readonly text: string }
  )
