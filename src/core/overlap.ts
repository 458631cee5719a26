import { type Address, familyOf } from './address.ts'
import type { Health } from './health.ts'
import type { CheckResult } from './result.ts'

/** Two checks of one address, of which the second was started while the first still ran: their starts, engine milliseconds. */
export interface Overlap {
  readonly address: Address
  readonly firstAt: number
  readonly secondAt: number
}

/** Whoever is asked beside a check is asked so soon after its start. Milliseconds. */
const slackMs = 25

/** A SYN that is not answered is sent again after a second (RFC 6298), a request on an open connection after a fifth of one or more (Linux). Milliseconds. */
const secondTryMs = { connect: 1_000, request: 200 }

/**
 * Whether a witness that answered at `after`, and then at `until`, was not heard of from the start of the first check to that of the second:
 * the line may have been cut at both. Engine milliseconds.
 */
export const isUnheardOver = (overlaps: readonly Overlap[], witness: Address, after: number, until: number): boolean =>
  overlaps.some(({ address, firstAt, secondAt }) => firstAt > after && secondAt + slackMs < until && address !== witness && familyOf(address) === familyOf(witness))

/** Whether what was sent at the start of a check has got through, and not only what was sent again later. */
const isFirstTry = ({ timing: { connectMs, totalMs } }: CheckResult): boolean =>
  connectMs === undefined ? totalMs < secondTryMs.request : connectMs < secondTryMs.connect

/**
 * When an address that passes again has begun to bear witness anew, because it was not heard of over an overlap since its check before (`before`: its
 * health by then), or while this one ran; undefined: it has been heard of all the while. Engine milliseconds.
 */
export const heardAnewAt = (overlaps: readonly Overlap[], address: Address, before: Pick<Health, 'passing' | 'observedAt'>, result: CheckResult): number | undefined => {
  if (overlaps.length === 0 || result.kind !== 'ok') return undefined
  const { startedAt, finishedAt } = result
  const lastAt = before.passing > 0 ? (before.observedAt ?? startedAt) : startedAt
  const heardAt = isFirstTry(result) ? Math.max(lastAt, startedAt) : lastAt
  if (isUnheardOver(overlaps, address, heardAt, finishedAt)) return finishedAt
  return isUnheardOver(overlaps, address, lastAt, startedAt) ? startedAt : undefined
}
