import type { Address } from '../../src/core/address.ts'
import type { Watch } from '../../src/engine/ports.ts'
import type { Knowledge, Violate } from './order-rules.ts'
import type { SimulatedRegion } from './schedule.ts'
import type { VirtualTime } from './virtual-time.ts'
import { addressOf, type World } from './world.ts'

/** Between two checks that closings bring about, and how long the check may take that is under way meanwhile. Milliseconds. */
const checkedWithinMs = 1_000 + 1_000 + 50

/** Servers close the connections that are held open to them: because they end, and for reasons of their own. A closing is a reason to check, and no verdict. */
export interface Closings {
  /** A check begins; `watch` is how its checker says that a connection was closed. */
  began(address: Address, watch: Watch | undefined): void
  /** A new process: no connection of the old one is left. */
  restart(): void
}

export const createClosings = (known: Knowledge, time: VirtualTime, world: World, violate: Violate): Closings => {
  const { schedule, places, evidence } = known
  const watches = new Map<Address, Watch>()
  const begun = new Map<Address, readonly number[]>()

  const isQuiet = (region: SimulatedRegion, from: number, until: number): boolean => {
    const lines = [...schedule.line.v4, ...schedule.line.v6]
    const all = schedule.regions.flatMap((each) => [...places.leadsTo(each)])
    const isSteady = ![...region.faults, ...lines].some((fault) => fault.from < until && fault.until > from) && all.every((address) => world.isWell(address, until))
    return isSteady && (known.runningSince() ?? until) < from && all.every((address) => evidence.opinionOf(address) === 'up' && evidence.failuresOf(address).length === 0)
  }

  const close = (region: SimulatedRegion, address: Address, lastsMs: number): void => {
    const watch = watches.get(address)
    if (watch === undefined || !places.leadsTo(region).includes(address)) return
    const at = time.now()
    const wasQuiet = isQuiet(region, at - 5_000, at)
    for (let ms = 0; ms <= lastsMs; ms += 100) time.at(at + ms, watch.checkNow)
    const until = at + lastsMs + checkedWithinMs
    time.at(until, () => {
      if (!wasQuiet || !isQuiet(region, at - 5_000, until) || watches.get(address) !== watch || !places.leadsTo(region).includes(address)) return
      const checks = (begun.get(address) ?? []).filter((start) => start >= at)
      const what = `${address} closed what was held to it from ${at} ms on for ${lastsMs} ms`
      if (!checks.some((start) => start >= at + lastsMs)) violate('fast: a closing brings a check', until, `${what}, and was checked at ${checks.join()} ms`)
      // One a second, one at the end, and what would have come anyway.
      const most = Math.ceil((until - at) / 1_000) + 2
      if (checks.length > most) violate('a closing brings no storm', until, `${what}, and was checked ${checks.length} times, at ${checks.join()} ms`)
    })
  }

  for (const region of schedule.regions) {
    for (const family of region.families) {
      const address = addressOf(region, family, 0)
      for (const { at, lastsMs } of region.closings) time.at(at, () => close(region, address, lastsMs))
      for (const { kind, from } of region.faults) if (kind === 'refused') time.at(from, () => close(region, address, 0))
    }
  }

  return {
    began: (address, watch) => {
      if (watch !== undefined) watches.set(address, watch)
      begun.set(address, [...(begun.get(address) ?? []), time.now()])
    },
    restart: () => watches.clear(),
  }
}
