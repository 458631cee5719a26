import { type Address, type Family, familyOf } from '../../src/core/address.ts'
import { type Change, keyText } from '../../src/core/rrset.ts'
import type { Site } from '../../src/core/site.ts'
import { mayBeSaid } from './ballots.ts'
import { wereBlind } from './blindness.ts'
import { createOrderRules, type Knowledge } from './order-rules.ts'
import type { SimulatedOrder } from './operations-schedule.ts'
import { createPromotionRules } from './promotion-rules.ts'
import type { World } from './world.ts'
import type { Mutation, SimulatedZone } from './zone.ts'

export interface Violation {
  readonly rule: string
  readonly at: number
  readonly text: string
}

/** Judges every change that the engine makes to the zone, by the truth and by what checks have really said. */
export interface Rules {
  judge(mutation: Mutation): void
  /** What the engine sets out to write, judged by what it could know then: a write in flight cannot be called back. */
  judgeIntent(changes: readonly Change[], at: number): void
  /** A new process; one that lost its state has forgotten what it removed. */
  restart(losesState: boolean): void
  /**
   * The end of a calm time: by now the zone must be right, and have been left alone. What an address has passed is
   * rightly forgotten while it is neither led to nor published; `remembers` tells.
   */
  judgeEnd(zone: SimulatedZone, remembers: (address: Address) => boolean): void
  /** Every `lookMs`. */
  look(at: number): void
  judgeOut(order: SimulatedOrder, at: number): void
  judgeSafe(region: string, at: number): void
  readonly violations: readonly Violation[]
}

export const createRules = (known: Knowledge, site: Site, world: World): Rules => {
  const { schedule, places, evidence, words, stood, orders } = known
  const violations: Violation[] = []
  const { ours } = places
  const published = new Map<string, readonly Address[]>()
  let removals: { readonly address: Address; readonly at: number }[] = []
  /** A retired address that somebody else put back is foreign: the engine has rightly forgotten it. */
  const addedByOthers = new Set<Address>()
  let lastWriteAt = 0

  /** A write is judged where it lands; where writes are slow or late, it was decided so much earlier. */
  const inFlightMs = schedule.provider.some((fault) => fault.kind === 'slow' || fault.kind === 'late') ? 12_000 : 0

  const violate = (rule: string, at: number, text: string): void => void violations.push({ rule, at, text })
  const orderRules = createOrderRules(known, site.quorum, violate)
  const promotions = createPromotionRules(known, violate)
  /** By an order that is in force, or was when what lands now may have been sent. */
  const isByOrder = (address: Address, at: number): boolean => orders.wasOrderedOut(places.regionOf(address)?.name ?? '', at - inFlightMs - 1_000, at)

  const judgeRemoval = (address: Address, change: Change, at: number): void => {
    const { key } = change
    const reason = change.reasons.find((each) => each.address === address && each.action === 'remove')
    const what = `${address} left ${keyText(key)} by rule "${reason?.rule ?? 'none'}"`
    const region = places.regionOf(address)
    if (region === undefined) return violate('4 only what is ours', at, what)
    if (orderRules.mayBeOrderedOut(address, at)) return
    const failures = evidence.failuresOf(address)
    const span = (failures.at(-1) ?? 0) - (failures[0] ?? 0)
    const hasFallen = evidence.hasPassed(address) && failures.length >= site.check.fall && span >= site.check.confirmSpanMs
    const isRetired = !places.leadsTo(region).includes(address) || !known.isResolved(region.name)
    const isStandby = reason?.rule === 'standby' && region.role === 'standby'
    const isReplaced = reason?.rule === 'replaced' && isRetired
    if (isStandby || isReplaced) return
    const said = words.said(region.name, at)
    const seen = evidence.opinionOf(address)
    const own = hasFallen ? 'down' : seen === 'down' ? 'unknown' : seen
    stood.look(at)
    const maySay = mayBeSaid('down', own, said, site.quorum) || (hasFallen && stood.mayBe('down', address))
    // Words are of a region; whether an address that it led to is still taken for it depends on when it was last resolved.
    if (!maySay && !(isRetired && hasFallen)) {
      const told = said.map(({ says, isOverride }) => (isOverride ? `${says}!` : says)).join() || 'nothing'
      violate('2 unknown is not down', at, `${what} with ${failures.length} failures over ${span} ms, passed: ${evidence.hasPassed(address)}; checks say ${own}, others ${told}`)
    }
    if (said.length > 0 && !hasFallen) return
    if (wereBlind(failures, schedule.line[familyOf(address)], site.check)) violate('3 no withdrawal without sight', at, what)
  }

  /** A set in which nothing of ours was left gets back what was to stay there, whatever has come since: that is the end of a write from before. */
  const isPutBack = ({ before, reasons }: Change): boolean => {
    const isMissing = (value: Address | undefined): boolean => value !== undefined && ours.has(value) && !before.values.includes(value)
    return !schedule.compareAndSet && !before.values.some((value) => ours.has(value)) && reasons.some(({ action, address }) => action === 'keep' && isMissing(address))
  }

  const judgeBudget = (mutation: Mutation): void => {
    const inSets = new Set([...published.values()].flat())
    removals = removals.filter((each) => !inSets.has(each.address) && mutation.at - each.at < site.policy.budgetWindowMs - inFlightMs)
    const configured = schedule.regions.flatMap((region) => places.leadsTo(region))
    const counted = new Set([...configured, ...mutation.before.values.filter((value) => ours.has(value)), ...removals.map((each) => each.address), ...inSets])
    const most = Math.ceil(counted.size / 2)
    const out = new Set(removals.map((each) => each.address)).size
    if (out > most) violate('10 neither jumpy', mutation.at, `${out} of ${counted.size} addresses removed within ${site.policy.budgetWindowMs} ms`)
  }

  const judgeFloor = (mutation: Mutation): void => {
    const { key, before, after, at } = mutation
    const count = (values: readonly Address[]): number => values.filter((value) => ours.has(value)).length
    if (count(before.values) === 0 || count(after.values) > 0) return
    const hasIpv4 = (published.get(`${key.name} A`) ?? []).some((value) => ours.has(value) && evidence.hasPassed(value))
    if (key.type === 'AAAA' && hasIpv4) return
    if (schedule.failOpen === 'none') {
      // Closed because what was there fails; never by an order alone.
      const isDown = (value: Address): boolean => ours.has(value) && (evidence.opinionOf(value) !== 'up' || words.said(places.regionOf(value)?.name ?? '', at).some(({ says }) => says !== 'up'))
      const all = [...before.values, ...schedule.regions.flatMap((region) => places.leadsTo(region))]
      if (inFlightMs === 0 && !all.some(isDown)) violate('1 never empty', at, `${keyText(key)} was emptied though nothing fails`)
      return
    }
    // Record by record, somebody else's removal can meet ours; that the engine puts back, judged at the end.
    const metOutsideEdit = !schedule.compareAndSet && (mutation.change?.after.values.length ?? 0) > 0
    if (metOutsideEdit) return
    violate('1 never empty', at, `${keyText(key)} was emptied${key.type === 'A' ? '' : ' while no A address is up'}`)
  }

  return {
    violations,
    judge: (mutation) => {
      const { before, after, at, key } = mutation
      if (key.name !== known.main) return promotions.judge(mutation)
      published.set(keyText(key), after.values)
      removals = removals.filter((each) => !after.values.includes(each.address))
      const added = after.values.filter((value) => !before.values.includes(value))
      for (const value of added) {
        if (mutation.change === undefined) addedByOthers.add(value)
        else addedByOthers.delete(value)
      }
      if (mutation.change === undefined) return
      lastWriteAt = at
      const removed = before.values.filter((value) => !after.values.includes(value))
      // A value whose successor serves has been replaced, not removed.
      const replaced = mutation.change.reasons.filter((each) => each.rule === 'replaced').map((each) => each.address)
      for (const address of removed) if (!replaced.includes(address) && !isByOrder(address, at)) removals.push({ address, at })
      for (const address of after.values.filter((value) => !before.values.includes(value) && !ours.has(value))) {
        violate('4 only what is ours', at, `${address} was added to ${keyText(key)}`)
      }
      judgeFloor(mutation)
      judgeBudget(mutation)
    },
    judgeIntent: (all, at) => {
      const changes = all.filter(({ key }) => key.name === known.main)
      for (const change of all) if (change.key.name !== known.main) promotions.judgeIntent(change, at)
      const planned = changes.filter((change) => !isPutBack(change))
      const isPaused = orders.isPaused(at)
      if (isPaused && planned.length > 0) violate('paused', at, `a write of ${planned.map((change) => keyText(change.key)).join(', ')} while an operator has ordered none`)
      for (const change of changes) {
        orderRules.judgeWhileBlind(change, at)
        for (const value of change.before.values) if (!change.after.values.includes(value)) judgeRemoval(value, change, at)
        if (!planned.includes(change)) continue
        for (const value of change.after.values) if (!change.before.values.includes(value)) orderRules.judgeAddition(value, change, at)
      }
    },
    look: promotions.look,
    judgeOut: orderRules.judgeOut,
    judgeSafe: orderRules.judgeSafe,
    restart: (losesState) => {
      if (losesState) removals = []
    },
    judgeEnd: (zone, remembers) => {
      const at = schedule.end
      promotions.judgeEnd(at)
      // What a late promotion brings about is judged in the seeds where it comes earlier.
      if (places.movedAt() > at - 80_000) return
      for (const key of [{ name: site.names[0], type: 'A' as const }, { name: site.names[0], type: 'AAAA' as const }]) {
        const family: Family = key.type === 'A' ? 'v4' : 'v6'
        const now = zone.content(key)
        const current = schedule.regions.flatMap((region) => places.leadsTo(region).flatMap((address) => (familyOf(address) === family ? [{ region, address }] : [])))
        const well = current.filter((each) => world.isWell(each.address, at))
        const wellActive = well.filter((each) => each.region.role === 'active')
        const state = `${keyText(key)} is [${now.values.join(' ')}], well are [${well.map((each) => each.address).join(' ')}]`
        for (const each of wellActive) {
          if (!now.values.includes(each.address)) violate('liveness: what is up is published', at, `${each.address} is missing: ${state}`)
        }
        // Where more opinions are asked for than there are by now, what is down stays.
        const canFall = (site.quorum ?? 1) === 1
        if (canFall && wellActive.length < schedule.minPublished && well.length >= schedule.minPublished) {
          // An old address that nobody has replaced serves, too, as long as it passes.
          const serving = now.values.filter((value) => ours.has(value) && world.isWell(value, at))
          if (serving.length < schedule.minPublished) violate('liveness: standby fills up', at, state)
        }
        if (well.length === 0 || !canFall) continue
        const isOurDoing = (value: Address): boolean => !addedByOthers.has(value) || current.some((each) => each.address === value)
        for (const value of now.values.filter((each) => ours.has(each) && evidence.hasPassed(each) && remembers(each) && isOurDoing(each))) {
          // With its state lost, the engine cannot know whose an old address was: it may stay while it serves.
          const mayStay = world.isWell(value, at) && schedule.crashes.some((crash) => crash.losesState)
          if (!mayStay && !well.some((each) => each.address === value)) violate('liveness: what is down is withdrawn', at, `${value} is still there: ${state}`)
        }
        if (now.values.some((value) => ours.has(value)) && now.ttl !== site.ttl) violate('liveness: TTL', at, `${now.ttl}`)
      }
      const quietFrom = schedule.end - 40_000
      if (lastWriteAt > quietFrom) violate('7 twice is once', lastWriteAt, 'a write although nothing had happened for long')
    },
  }
}
