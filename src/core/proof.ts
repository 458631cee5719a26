import type { Address } from './address.ts'
import type { HealthCheck } from './site.ts'
import type { Tally } from './tally.ts'

/** Whether a server that is to take a name over passes the site's check; `open`: more checks will tell. */
export type Proof = 'passed' | 'failed' | 'cannot-tell' | 'open'

type Rules = Pick<HealthCheck, 'fall' | 'rise'>

/** It passes `rise` times in a row before it has failed `fall` times, and within so many checks together. */
export const proofOf = (tally: Tally, { fall, rise }: Rules): Proof => {
  if (tally.passed >= rise) return 'passed'
  if (tally.failed >= fall) return 'failed'
  if (tally.checks < rise + fall) return 'open'
  return tally.last?.kind === 'cannot-tell' ? 'cannot-tell' : 'failed'
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times in a row`)

export interface AddressProof {
  readonly address: Address
  readonly proof: Proof
  /** For people, without the address. */
  readonly text: string
}

export const addressProof = (address: Address, tally: Tally, rules: Rules): AddressProof => {
  const proof = proofOf(tally, rules)
  return { address, proof, text: proofText(proof, tally, rules) }
}

const proofText = (proof: Proof, { last, passed, failed, checks }: Tally, { rise }: Rules): string => {
  switch (proof) {
    case 'passed':
      return `passed the check ${times(passed)}`
    case 'failed':
      return last?.kind === 'failed'
        ? `failed ${failed} of ${checks} checks: ${last.cause} (${last.detail})`
        : `did not pass ${times(rise)} within ${checks} checks: ${failed} of them failed`
    case 'cannot-tell':
      return `this machine cannot tell: ${last?.kind === 'cannot-tell' ? `${last.cause} (${last.detail})` : 'no check came to an end'}`
    case 'open':
      return `not decided after ${checks} ${checks === 1 ? 'check' : 'checks'}`
  }
}
