import { type Address, sameAddresses } from '../core/address.ts'
import type { NameServer, ServerAnswer } from '../core/answer.ts'
import type { Change } from '../core/rrset.ts'
import { type ServerReport, standingOf, type Verification, verificationOf } from '../core/verification.ts'
import type { SitePorts } from './ports.ts'

export interface VerifyBounds {
  /** Milliseconds until a server that still differs counts as disagreeing. */
  readonly deadlineMs: number
  /** A server that does not answer for the zone is asked so often. */
  readonly tries: number
}

const firstPauseMs = 25
const longestPauseMs = 1_000

const ttlOf = ({ outcome }: ServerAnswer): number => (outcome.kind === 'answer' ? outcome.ttl : 0)

const expectedOf = ({ before, after }: Change): { readonly values: readonly Address[]; readonly ttl?: number } =>
  sameAddresses(before.values, after.values) && before.ttl !== after.ttl ? { values: after.values, ttl: after.ttl } : { values: after.values }

/** Asks one server until it agrees, has not answered for the zone `tries` times in a row, or time is up. */
const follow = async (
  server: NameServer,
  change: Change,
  writtenAt: number,
  bounds: VerifyBounds,
  ports: Pick<SitePorts, 'authorities' | 'clock'>,
  signal: AbortSignal,
): Promise<ServerReport> => {
  let otherTtl = 0
  let silent = 0
  let pauseMs = firstPauseMs
  for (;;) {
    const answer = await ports.authorities.ask(server, change.key, signal)
    const standing = standingOf(answer, expectedOf(change))
    if (standing === 'agrees') return { server, standing, answer, agreedAt: answer.answeredAt, otherTtl }
    silent = standing === 'differs' ? 0 : silent + 1
    if (standing === 'differs') otherTtl = Math.max(otherTtl, ttlOf(answer))
    const isOver = ports.clock.now() + pauseMs - writtenAt > bounds.deadlineMs || silent >= bounds.tries || signal.aborted
    if (isOver) return { server, standing, answer, agreedAt: undefined, otherTtl }
    await ports.clock.sleep(pauseMs, signal)
    pauseMs = Math.min(pauseMs * 2, longestPauseMs)
  }
}

/** Asks every authoritative server until it answers with what was written, or the deadline passes. */
export const verify = async (
  change: Change,
  writtenAt: number,
  bounds: VerifyBounds,
  ports: Pick<SitePorts, 'authorities' | 'clock'>,
  signal: AbortSignal,
): Promise<Verification> => {
  const servers = await ports.authorities.servers(signal)
  const reports = await Promise.all(servers.map((server) => follow(server, change, writtenAt, bounds, ports, signal)))
  return verificationOf(change.key, change.after.values, reports, writtenAt, change.before.values.length === 0 ? undefined : change.before.ttl)
}
