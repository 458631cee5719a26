import { type Address, sameAddresses } from '../core/address.ts'
import type { Clock } from '../engine/ports.ts'
import type { DnsAnswer } from './dns-answer.ts'

/** How the DNS came to answer with what was expected, or not. Milliseconds from the deed. */
export type Sighting =
  | { readonly kind: 'seen'; readonly afterMs: number; readonly answer: DnsAnswer }
  /** Seen, but too late; or, where `afterMs` is undefined, not even long after. */
  | { readonly kind: 'late'; readonly afterMs: number | undefined; readonly answer: DnsAnswer }
  /** It answered with something that is neither the old set nor the new one. */
  | { readonly kind: 'unexpected'; readonly afterMs: number; readonly answer: DnsAnswer }
  | { readonly kind: 'aborted' }

const pauseMs = 20
/** So long a late answer is waited for, to be able to say how late it was. */
const graceMs = 5000

export interface Awaited {
  readonly expected: readonly Address[]
  /** Whether this may be answered until then. */
  readonly isAllowed: (values: readonly Address[]) => boolean
  /** The clock's milliseconds: when the deed was done. */
  readonly since: number
  readonly boundMs: number
}

/** Asks until the answer is as expected. */
export const awaitAnswer = async (
  { expected, isAllowed, since, boundMs }: Awaited,
  ask: (signal: AbortSignal) => Promise<DnsAnswer>,
  clock: Pick<Clock, 'now' | 'sleep'>,
  signal: AbortSignal,
): Promise<Sighting> => {
  while (!signal.aborted) {
    const answer = await ask(signal)
    const afterMs = clock.now() - since
    if (signal.aborted) break
    const isSeen = answer.kind === 'answer' && sameAddresses(answer.values, expected)
    if (isSeen) return { kind: afterMs <= boundMs ? 'seen' : 'late', afterMs, answer }
    if (answer.kind === 'answer' && !isAllowed(answer.values)) return { kind: 'unexpected', afterMs, answer }
    if (afterMs > boundMs + graceMs) return { kind: 'late', afterMs: undefined, answer }
    await clock.sleep(pauseMs, signal)
  }
  return { kind: 'aborted' }
}
