import { type Address, familyOf } from './address.ts'

/** Something that may show that we can see: another region's address, or a reference target. */
export interface Witness {
  /** For people: a region's name, a name server's, a URL. */
  readonly name: string
  readonly address: Address
  /** On this very machine: its answer says nothing about the network beyond. */
  readonly isLocal: boolean
  /** Whether the latest thing it was asked was answered. */
  readonly isAnswering: boolean
  /** When the latest answered question was put to it (engine milliseconds). */
  readonly answeredAt: number | undefined
}

export interface Suspect {
  readonly address: Address
  readonly isLocal: boolean
  /** When the last but one of its failed checks started: all failures up to that one were seen with open eyes. */
  readonly failingSince: number
}

/**
 * Who shows that the suspect's failures are its own and not ours: something else of the same family that was
 * asked during the failing run, answered, and answers still. An answer from the very start of the run would not
 * do: the line may have gone down right after it, and the failures that followed would be our own. So it must be
 * younger than the last but one failure. Undefined: we may be the ones cut off.
 */
export const witnessAgainst = (suspect: Suspect, witnesses: readonly Witness[]): Witness | undefined =>
  witnesses.find(
    (witness) =>
      witness.address !== suspect.address &&
      familyOf(witness.address) === familyOf(suspect.address) &&
      (suspect.isLocal || !witness.isLocal) &&
      witness.isAnswering &&
      witness.answeredAt !== undefined &&
      witness.answeredAt >= suspect.failingSince,
  )

