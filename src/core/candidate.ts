import type { Address } from './address.ts'
import type { Verdict } from './ballot.ts'

/** An operator's order to take a region out. It serves all the same while too few others do, unless it is forced. */
export interface Drain {
  readonly reason: string
  readonly isForced?: boolean
}

/** An operator's order to publish or to withhold a region, whatever the checks say. */
export interface Force {
  readonly to: 'up' | 'down'
  readonly reason: string
}

/** An address that may stand in the main domain, and all that the decision needs to know of it. */
export interface Candidate {
  readonly address: Address
  /**
   * configured: a region's service subdomain leads to it now. retired: it is ours, but no region leads to it any
   * more. foreign: it is in the set, nobody configured it and we never wrote it.
   */
  readonly standing: 'configured' | 'retired' | 'foreign'
  /** Of a retired address the region that it last served, if that is known. */
  readonly region: string | undefined
  /** Retired, and its region is unknown (lost state) or not in the config any more: nobody's successor is its own. */
  readonly isOrphan: boolean
  readonly role: 'active' | 'standby'
  readonly verdict: Verdict
  readonly drain: Drain | undefined
  readonly force: Force | undefined
  readonly isPublishable: boolean
  /** Whether the RRset that is decided on holds it now. */
  readonly isPublished: boolean
  /** Whether our mark already names it. */
  readonly isOwned: boolean
}

/** Up, and not waiting for its re-admission. An address that is published already has nothing to be re-admitted to. */
export const isReady = (candidate: Candidate, now: number): boolean =>
  candidate.verdict.opinion === 'up' &&
  (candidate.isPublished || candidate.verdict.ballots.every((ballot) => !('readmitAt' in ballot) || (ballot.readmitAt ?? now) <= now))

/** An operator has taken it out. */
export const isOrderedOut = ({ drain, force }: Candidate): boolean => force?.to === 'down' || (drain !== undefined && force?.to !== 'up')

export const isUp = (candidate: Candidate): boolean => candidate.verdict.opinion === 'up'
