import { type Address, type Family, familyOf } from '../../src/core/address.ts'
import { type Change, familyOfType, keyText, type RRsetContent, type RRsetKey, typeOf } from '../../src/core/rrset.ts'
import { isCertainlyUp, mayBeSaid } from './ballots.ts'
import type { Caches } from './caches.ts'
import type { Evidence } from './evidence.ts'
import type { SimulatedOrder } from './operations-schedule.ts'
import type { OrdersInForce } from './order-book.ts'
import type { Places } from './places.ts'
import type { Schedule } from './schedule.ts'
import { isWithin } from './world.ts'
import type { Stood } from './stood.ts'
import type { WordBook } from './word-book.ts'

/** All that the rules know, none of it from the engine. */
export interface Knowledge {
  readonly schedule: Schedule
  readonly places: Places
  readonly evidence: Evidence
  readonly words: WordBook
  readonly stood: Stood
  readonly orders: OrdersInForce
  readonly caches: Caches
  readonly main: string
  contentOf(key: RRsetKey): RRsetContent
  /** Whether the engine may know where the region's subdomain leads: it has resolved it since its state was lost. */
  isResolved(region: string): boolean
  /** Whether it may know that the region led there: it has resolved it so since its state was lost. */
  hasLedTo(region: string, address: Address): boolean
  /** Since when the process runs; undefined: none does. */
  runningSince(): number | undefined
}

export type Violate = (rule: string, at: number, text: string) => void

/** What operators order, and what may come of it. */
export interface OrderRules {
  /** Also by an order that begins or ends just then. */
  mayBeOrderedOut(address: Address, at: number): boolean
  judgeAddition(address: Address, change: Change, at: number): void
  judgeWhileBlind(change: Change, at: number): void
  /** Soon after an order to take a region out. */
  judgeOut(order: SimulatedOrder, at: number): void
  /** The engine says that nobody has the region's addresses any more. */
  judgeSafe(region: string, at: number): void
}

/** From an order, given in a quiet time, until the region must be out. Milliseconds. */
export const outWithinMs = 6_000

/** So long after a line is cut silently whatever is checked must have fallen. */
const blindAfterMs = 15_000

export const createOrderRules = (known: Knowledge, quorum: number | undefined, violate: Violate): OrderRules => {
  const { schedule, places, evidence, words, stood, orders } = known
  const isOrderedOut = (address: Address, at: number): boolean => {
    const region = places.regionOf(address)
    return region !== undefined && orders.isOrderedOut(region.name, at)
  }
  const mayBeOrderedOut = (address: Address, at: number): boolean => {
    const region = places.regionOf(address)
    return region !== undefined && !orders.isForcedUp(region.name, at) && orders.wasOrderedOut(region.name, at, at)
  }
  const saidOf = (address: Address, at: number) => {
    const region = places.regionOf(address)
    return region === undefined ? [] : words.said(region.name, at)
  }
  /** Others of the set that some region is known to lead to, that nobody doubts, and that no operator has taken out. */
  const othersServing = (address: Address, values: readonly Address[], at: number): number =>
    values.filter((each) => {
      const region = places.regionOf(each)
      if (region === undefined || region === places.regionOf(address) || !places.leadsTo(region).includes(each) || !known.isResolved(region.name)) return false
      return !isOrderedOut(each, at) && isCertainlyUp(evidence.opinionOf(each), saidOf(each, at))
    }).length

  const isCutSince = (family: Family, from: number, until: number): boolean =>
    schedule.line[family].some((fault) => fault.loss === 1 && fault.kind === 'silent' && fault.from <= from && fault.until >= until)

  const isBlind = (family: Family, values: readonly Address[], at: number): boolean => {
    const since = known.runningSince()
    const hasFailed = (address: Address): boolean => places.ours.has(address) && evidence.opinionOf(address) === 'down'
    return since !== undefined && at - since > blindAfterMs && isCutSince(family, at - blindAfterMs, at) && values.some(hasFailed)
  }

  return {
    mayBeOrderedOut,
    judgeAddition: (address, change, at) => {
      const rule = change.reasons.find((each) => each.address === address && each.action === 'add')?.rule
      const region = places.regionOf(address)
      const what = `${address} came to ${keyText(change.key)} by rule "${rule ?? 'none'}"`
      if (region === undefined) return
      const inForce = orders.at(region.name, at)
      if (orders.mayBeForcedUp(region.name, at)) return
      if (isOrderedOut(address, at)) {
        const others = othersServing(address, change.after.values, at)
        if (inForce.some(({ kind }) => kind !== 'drain')) violate('orders: out means out', at, `${what} while ${inForce.map(({ kind }) => kind).join()}`)
        else if (others >= schedule.minPublished) violate('orders: out means out', at, `${what} while drained, though ${others} others serve`)
      }
      const own = evidence.opinionOf(address)
      const said = saidOf(address, at)
      const isOverridden = mayBeSaid('up', 'unknown', said.filter(({ isOverride }) => isOverride), quorum)
      if (isOverridden) return
      if (!evidence.hasPassed(address)) return violate('2 only what passes is added', at, `${what}; it has never passed`)
      if (rule === 'fail-open') return
      stood.look(at)
      const isKept = own === 'up' && stood.mayBe('up', address)
      if (!isKept && !mayBeSaid('up', own, said, quorum)) violate('2 only what passes is added', at, `${what}; checks say ${own}, others ${said.map(({ says }) => says).join() || 'nothing'}`)
    },
    judgeWhileBlind: ({ key, before, after }, at) => {
      if (!isBlind(familyOfType(key.type), before.values, at)) return
      const isForcedUp = (address: Address): boolean => orders.mayBeForcedUp(places.regionOf(address)?.name ?? '', at)
      const moved = [...before.values.filter((value) => !after.values.includes(value) && !mayBeOrderedOut(value, at)), ...after.values.filter((value) => !before.values.includes(value) && !isForcedUp(value))]
      if (moved.length > 0) violate('3 blind: nothing moves but by order', at, `${moved.join(' ')} in ${keyText(key)}`)
    },
    judgeOut: (order, at) => {
      const since = known.runningSince()
      const quietFrom = order.from - 45_000
      const isTroubled = [...schedule.provider, ...schedule.pauses].some((fault) => fault.from < at && fault.until > quietFrom)
      // What others have put back is seen at the next audit.
      const isEdited = schedule.edits.some((edit) => edit.at > order.from - 25_000 && edit.at < at)
      if (schedule.engine !== 'service' || since === undefined || order.from - since < 20_000 || isTroubled || isEdited || orders.at(order.region, at).some(({ kind }) => kind === 'up')) return
      const region = schedule.regions.find(({ name }) => name === order.region)
      if (region === undefined || !isWithin(at, order) || !known.isResolved(region.name)) return
      for (const type of ['A', 'AAAA'] as const) {
        const { values } = known.contentOf({ name: known.main as RRsetKey['name'], type })
        const left = values.find((value) => places.leadsTo(region).includes(value))
        if (left === undefined) continue
        // A family that has just come back may not have been seen to.
        const wasCut = schedule.line[familyOf(left)].some((fault) => fault.until > order.from - 20_000 && fault.from < at)
        const others = othersServing(left, values, at)
        if (!wasCut && others >= schedule.minPublished) violate('orders: out in time', at, `${left} is still in ${type} ${at - order.from} ms after the order, though ${others} others serve`)
      }
    },
    judgeSafe: (region, at) => {
      const place = schedule.regions.find(({ name }) => name === region)
      if (place === undefined || !orders.isOrderedOut(region, at)) return
      // The process may have had a moment to find the order, and to write down where the region led.
      const since = Math.min(...orders.at(region, at).map(({ from }) => from)) + 2_500
      const isOthers = (address: Address): boolean => schedule.regions.some((each) => each !== place && places.leadsTo(each).includes(address))
      const left = places.leftSince(place, since).filter((address) => known.hasLedTo(region, address) && !isOthers(address))
      for (const address of [...places.leadsTo(place), ...left]) {
        const until = known.caches.heldUntil(address)
        // What stands in the records is not said to be safe, whatever was noted before.
        if (known.contentOf({ name: known.main as RRsetKey['name'], type: typeOf(familyOf(address)) }).values.includes(address)) return
        if (until > at) violate('safe is safe', at, `region ${region} is said to be safe; a cache has ${address} for ${until - at} ms more`)
      }
    },
  }
}
