import { type Address, familyOf, sameAddresses } from './address.ts'
import type { NameServer, ServerAnswer } from './answer.ts'
import type { RRsetContent, RRsetKey } from './rrset.ts'

/** How an authoritative server stands to what was written. Only `differs` past the deadline is a disagreement. */
export type ServerStanding = 'agrees' | 'differs' | 'lame' | 'unreachable'

/** `ttl` where the TTL is all that was changed; elsewhere servers that bound TTLs in their own way still agree. */
export const standingOf = (answer: ServerAnswer, expected: Pick<RRsetContent, 'values'> & { readonly ttl?: number }): ServerStanding => {
  const { outcome } = answer
  switch (outcome.kind) {
    case 'answer':
      return sameAddresses(outcome.values, expected.values) && (expected.ttl ?? outcome.ttl) === outcome.ttl ? 'agrees' : 'differs'
    case 'absent':
      return expected.values.length === 0 ? 'agrees' : 'differs'
    case 'alias':
      return 'differs'
    case 'lame':
    case 'unreachable':
      return outcome.kind
  }
}

export interface ServerReport {
  readonly server: NameServer
  readonly standing: ServerStanding
  /** What it answered last. */
  readonly answer: ServerAnswer
  /** When it first agreed (engine milliseconds). */
  readonly agreedAt: number | undefined
  /** The longest TTL, in seconds, with which it was seen to hand out something else. */
  readonly otherTtl: number
}

/** How one RRset's change came to be seen. */
export interface Verification {
  readonly key: RRsetKey
  readonly expected: readonly Address[]
  /** Who was asked: the name servers, or of a set that these do not show the provider itself. */
  readonly source: 'name-servers' | 'provider'
  readonly servers: readonly ServerReport[]
  /** agreed: every server that answers for the zone agrees, and at least one does. */
  readonly outcome: 'agreed' | 'disagreed' | 'unconfirmed'
  /** Milliseconds from the write to the last agreement. */
  readonly timeToEffectMs: number | undefined
  /**
   * Engine milliseconds: by then a client that honours TTLs has moved. For every server the moment when it was
   * first seen to agree (until then it may have handed out the old set) plus the old set's TTL. Undefined while
   * a server has not been seen to agree, and where there was no set before: how long "nothing there" is kept is the
   * zone's SOA's to say (RFC 2308 section 5).
   */
  readonly movedAt: number | undefined
}

export const verificationOf = (
  key: RRsetKey,
  expected: readonly Address[],
  servers: readonly ServerReport[],
  writtenAt: number,
  oldTtl: number | undefined,
): Verification => {
  const agreed = servers.flatMap((report) => (report.agreedAt === undefined ? [] : [{ at: report.agreedAt, ttl: Math.max(oldTtl ?? 0, report.otherTtl) }]))
  const isDiffering = servers.some((report) => report.standing === 'differs')
  const outcome = isDiffering ? 'disagreed' : agreed.length > 0 ? 'agreed' : 'unconfirmed'
  const isComplete = oldTtl !== undefined && agreed.length > 0 && agreed.length === servers.length
  return {
    key,
    expected,
    source: 'name-servers',
    servers,
    outcome,
    timeToEffectMs: outcome === 'agreed' ? Math.max(...agreed.map((each) => each.at)) - writtenAt : undefined,
    movedAt: isComplete ? Math.max(...agreed.map((each) => each.at + each.ttl * 1000)) : undefined,
  }
}

/** How a change is seen at the provider, where the name servers do not show it; `seenAt` is undefined if it is not. */
export const providerVerification = (key: RRsetKey, expected: readonly Address[], isRead: boolean, seenAt: number | undefined, writtenAt: number): Verification => ({
  key,
  expected,
  source: 'provider',
  servers: [],
  outcome: seenAt !== undefined ? 'agreed' : isRead ? 'disagreed' : 'unconfirmed',
  timeToEffectMs: seenAt === undefined ? undefined : seenAt - writtenAt,
  movedAt: undefined,
})

/**
 * Whether no name server is left that may still hand out what was there before: one that could not be asked may, unless it agreed at
 * its address of the other family.
 */
export const isSeenEverywhere = ({ outcome, servers }: Pick<Verification, 'outcome' | 'servers'>): boolean => {
  const agreed = servers.flatMap(({ server, agreedAt }) => (agreedAt === undefined ? [] : [server]))
  const agreesOtherwise = ({ name, endpoint }: NameServer): boolean => agreed.some((each) => each.name === name && familyOf(each.endpoint.address) !== familyOf(endpoint.address))
  return outcome === 'agreed' && servers.every(({ server, agreedAt }) => agreedAt !== undefined || agreesOtherwise(server))
}

/** The serials that servers report, lowest first; more than one means that a transfer is still under way. */
export const serialsOf = (servers: readonly ServerReport[]): readonly number[] => {
  const serials = servers.flatMap(({ answer: { outcome } }) =>
    (outcome.kind === 'answer' || outcome.kind === 'absent') && outcome.serial !== undefined ? [outcome.serial] : [],
  )
  return [...new Set(serials)].toSorted((a, b) => a - b)
}
