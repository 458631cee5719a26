/** How far a region that an operator took out has come on its way out of caches. Times: engine milliseconds. */
export interface DrainProgress {
  readonly phase: 'held' | 'withdrawing' | 'spreading' | 'expiring' | 'safe'
  readonly text: string
  /** When the last copy in a cache expires, once that is known. */
  readonly expiresAt: number | undefined
  readonly safeSince: number | undefined
}

/** What one name server answers, as far as the region's addresses go. */
export interface DrainAnswer {
  readonly name: string
  readonly address: string
  readonly standing: 'without' | 'with' | 'lame' | 'unreachable'
  readonly detail: string | undefined
}

export interface DrainFacts {
  /** Why a decision keeps it published all the same; undefined: none does. */
  readonly heldBy: string | undefined
  /** Whether some set, as last read, still holds an address of it; undefined: not read yet, or its addresses are not known. */
  readonly isPublished: boolean | undefined
  /** One for each name server; undefined while they have not been asked since. */
  readonly answers: readonly DrainAnswer[] | undefined
  /** When caches have let go of all that was handed out. */
  readonly exposedUntil: number
  readonly safeSince: number | undefined
  readonly now: number
}

const seconds = (ms: number): string => `${Math.ceil(ms / 1000)} s`

/** A name server's other address, asked by the other family: from a machine without IPv6 only one of the two can be. */
const answersOtherwise = ({ name, address }: DrainAnswer, answers: readonly DrainAnswer[]): boolean =>
  answers.some((each) => each.name === name && each.standing === 'without' && each.address.startsWith('[') !== address.startsWith('['))

/**
 * Safe is a region whose addresses are in no set, that every name server answers without, and of whose every version
 * that was handed out the TTL has passed since it was last seen. A server that answers nothing for the zone hands nothing
 * out; one that cannot be asked may, unless it answers at its address of the other family.
 */
export const drainProgress = ({ heldBy, isPublished, answers, exposedUntil, safeSince, now }: DrainFacts): DrainProgress => {
  const at = (phase: DrainProgress['phase'], text: string, known: Partial<DrainProgress> = {}): DrainProgress => ({ phase, text, expiresAt: undefined, safeSince: undefined, ...known })
  if (isPublished !== false) {
    if (heldBy !== undefined) return at('held', `it stays published: ${heldBy}`)
    return at('withdrawing', isPublished === undefined ? 'its addresses or the records have yet to be read' : 'it is being withdrawn from the records')
  }
  if (safeSince !== undefined) return at('safe', 'by TTLs nobody has it any more', { expiresAt: exposedUntil, safeSince })
  if (answers === undefined) return at('spreading', 'the name servers have yet to be asked')
  const open = answers.filter((each) => each.standing === 'with' || (each.standing === 'unreachable' && !answersOtherwise(each, answers)))
  if (answers.length === 0) return at('spreading', 'the name servers of the zone cannot be found')
  if (open.length > 0) {
    const names = open.map(({ name, standing }) => `${name} ${standing === 'with' ? 'still answers with it' : 'cannot be asked'}`)
    return at('spreading', names.join(', '))
  }
  if (exposedUntil > now) return at('expiring', `every name server answers without it; caches may keep it for ${seconds(exposedUntil - now)} more`, { expiresAt: exposedUntil })
  return at('safe', 'by TTLs nobody has it any more', { expiresAt: exposedUntil, safeSince: now })
}
