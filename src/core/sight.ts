import { type Address, familyOf } from './address.ts'
import type { FailingRun } from './health.ts'
import { isUnheardOver, type Overlap } from './overlap.ts'
import type { HealthCheck } from './site.ts'

/** What a reference target did when it was asked. Times: engine milliseconds. */
export interface Sighting {
  /** For people: a region's name, a name server's, a URL. */
  readonly name: string
  readonly address: Address
  /** On this very machine: its answer says nothing about the network beyond. */
  readonly isLocal: boolean
  /** Whether the latest thing it was asked was answered. */
  readonly isAnswering: boolean
  /** When that was; of an answer when the question was put, or later. */
  readonly answeredAt: number | undefined
  /** It took so long that a first try may have been lost: what it shows begins with the answer. */
  readonly isBelated?: boolean
}

/** Something that may show that we can see: another region's address, or a reference target. */
export interface Witness extends Sighting {
  /** When the first question was put of those that it has answered ever since, without a miss. */
  readonly answeringSince: number | undefined
}

/**
 * Reference targets asked again: one that answered before and answers still has not stopped meanwhile, as far as we know. Of one that answers
 * only at a second try we know better: the line may have been cut when it was asked, and be there again. So it may where the target was not
 * heard of while checks were started beside each other.
 */
export const joined = (before: readonly Witness[], now: readonly Sighting[], overlaps: readonly Overlap[] = []): readonly Witness[] =>
  now.map((sighting) => {
    if (sighting.isBelated === true) return { ...sighting, answeringSince: sighting.answeredAt }
    const last = before.find((each) => each.name === sighting.name && each.address === sighting.address)
    const { address, isAnswering, answeredAt } = sighting
    if (!isAnswering) return { ...sighting, answeringSince: undefined }
    if (last?.answeredAt !== undefined && answeredAt !== undefined && isUnheardOver(overlaps, address, last.answeredAt, answeredAt)) return { ...sighting, answeringSince: answeredAt }
    return { ...sighting, answeringSince: last?.answeringSince ?? answeredAt }
  })

/** Whether anything of its family has answered when it was last asked: a reference target, or an address of the site, itself included. */
export const isSighted = (address: Address, isLocal: boolean, witnesses: readonly Sighting[]): boolean =>
  witnesses.some((witness) => familyOf(witness.address) === familyOf(address) && (isLocal || !witness.isLocal) && witness.isAnswering)

export interface Suspect {
  readonly address: Address
  readonly isLocal: boolean
  readonly failing: FailingRun
}

/** Whether the failures from `since` on are enough for a verdict by themselves. */
const isEnough = (starts: readonly number[], since: number, check: Pick<HealthCheck, 'fall' | 'confirmSpanMs'>): boolean => {
  const seen = starts.filter((start) => start >= since)
  return seen.length >= check.fall && (seen.at(-1) ?? 0) - (seen[0] ?? 0) >= check.confirmSpanMs
}

/**
 * Who shows that the suspect's failures are its own and not ours: something else of the same family that answers
 * while they happen. It must have answered since before enough of them for a verdict (failures from a time when we
 * were cut off count for nothing once the line is back), and after the last but one (an answer from the start of
 * the run would not do: the line may have gone down right after it). Undefined: we may be the ones cut off.
 */
export const witnessAgainst = (
  suspect: Suspect,
  witnesses: readonly Witness[],
  check: Pick<HealthCheck, 'fall' | 'confirmSpanMs'>,
): Witness | undefined => {
  const { starts, previousAt } = suspect.failing
  return witnesses.find(
    (witness) =>
      witness.address !== suspect.address &&
      familyOf(witness.address) === familyOf(suspect.address) &&
      (suspect.isLocal || !witness.isLocal) &&
      witness.isAnswering &&
      witness.answeringSince !== undefined &&
      witness.answeredAt !== undefined &&
      witness.answeredAt >= previousAt &&
      isEnough(starts, witness.answeringSince, check),
  )
}
