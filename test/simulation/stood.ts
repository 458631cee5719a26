import { type Address, familyOf } from '../../src/core/address.ts'
import { isCertainlyUp, mayBeSaid } from './ballots.ts'
import type { Evidence } from './evidence.ts'
import type { Places } from './places.ts'
import type { Schedule } from './schedule.ts'
import { isWithin } from './world.ts'
import type { WordBook } from './word-book.ts'

type Opinion = 'up' | 'down'

/** What verdict of all may have stood last of an address: a split vote leaves it as it is. */
export interface Stood {
  /** Every `sampleMs`. */
  look(at: number): void
  mayBe(opinion: Opinion, address: Address): boolean
  /** A new process; one that lost its state knows of no verdict. */
  restart(losesState: boolean): void
}

export const sampleMs = 250
/** What is beyond doubt for so long has been decided on. */
const settledMs = 10_000

export const createStood = (schedule: Schedule, places: Places, evidence: Evidence, words: WordBook): Stood => {
  const { quorum, sources } = schedule.operations
  const may = { up: new Set<Address>(), down: new Set<Address>() }
  const certain = new Map<Address, { readonly opinion: Opinion; readonly since: number }>()

  const look = (address: Address, at: number): void => {
    const region = places.regionOf(address)
    if (region === undefined) return
    const said = words.said(region.name, at)
    const own = evidence.opinionOf(address)
    for (const opinion of ['up', 'down'] as const) if (mayBeSaid(opinion, own, said, quorum) || mayBeSaid(opinion, 'unknown', said, quorum)) may[opinion].add(address)
    const troubles = [...schedule.line[familyOf(address)], ...schedule.references]
    const isSeeing = troubles.every((fault) => !isWithin(at, { from: fault.from, until: fault.until + settledMs }))
    const isDown = own === 'down' && isSeeing && evidence.hasPassed(address) && said.every(({ says }) => says === 'down') && mayBeSaid('down', own, said, quorum)
    const opinion = isCertainlyUp(own, said) ? 'up' : isDown ? 'down' : undefined
    const before = certain.get(address)
    if (opinion === undefined) certain.delete(address)
    else if (before?.opinion !== opinion) certain.set(address, { opinion, since: at })
    else if (at - before.since > settledMs) may[opinion === 'up' ? 'down' : 'up'].delete(address)
  }

  return {
    look: (at) => {
      if (sources.length > 0 || quorum !== undefined) for (const address of places.ours) look(address, at)
    },
    mayBe: (opinion, address) => may[opinion].has(address),
    restart: (losesState) => {
      certain.clear()
      if (!losesState) return
      may.up.clear()
      may.down.clear()
    },
  }
}
