import { type Address, sameAddresses } from '../core/address.ts'
import type { NameServer, ServerAnswer } from '../core/answer.ts'
import type { Change } from '../core/rrset.ts'
import { providerVerification, type ServerReport, standingOf, type Verification, verificationOf } from '../core/verification.ts'
import type { SitePorts } from './ports.ts'
import { readCurrent } from './write.ts'

export interface VerifyBounds {
  /** Milliseconds until a server that still differs counts as disagreeing. */
  readonly deadlineMs: number
  /** A server that does not answer for the zone is asked so often. */
  readonly tries: number
}

type VerifyPorts = Pick<SitePorts, 'authorities' | 'clock' | 'provider'>

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

/** Asks the provider until it shows what was written: for sets that the name servers hide behind a proxy's addresses. */
const verifyAtProvider = async (change: Change, writtenAt: number, bounds: VerifyBounds, ports: VerifyPorts, signal: AbortSignal): Promise<Verification> => {
  const { key, after } = change
  let pauseMs = firstPauseMs
  for (;;) {
    const read = await readCurrent(ports.provider, [key], signal)
    const values = read.kind === 'read' ? read.current[0]?.values : undefined
    const now = ports.clock.now()
    const isSeen = values !== undefined && sameAddresses(values, after.values)
    const isOver = now + pauseMs - writtenAt > bounds.deadlineMs || signal.aborted
    if (isSeen || isOver) return providerVerification(key, after.values, values !== undefined, isSeen ? now : undefined, writtenAt)
    await ports.clock.sleep(pauseMs, signal)
    pauseMs = Math.min(pauseMs * 4, longestPauseMs * 5)
  }
}

/** Asks every authoritative server until it answers with what was written, or the deadline passes. */
export const verify = async (
  change: Change,
  writtenAt: number,
  bounds: VerifyBounds,
  ports: VerifyPorts,
  signal: AbortSignal,
): Promise<Verification> => {
  if (change.before.isHidden === true) return verifyAtProvider(change, writtenAt, bounds, ports, signal)
  const servers = await ports.authorities.servers(signal)
  const reports = await Promise.all(servers.map((server) => follow(server, change, writtenAt, bounds, ports, signal)))
  return verificationOf(change.key, change.after.values, reports, writtenAt, change.before.values.length === 0 ? undefined : change.before.ttl)
}
