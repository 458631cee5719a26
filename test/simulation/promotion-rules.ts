import { type Address, familyOf } from '../../src/core/address.ts'
import { type Change, keyText } from '../../src/core/rrset.ts'
import type { Knowledge, Violate } from './order-rules.ts'
import type { SimulatedRegion } from './schedule.ts'
import { isWithin } from './world.ts'
import type { Mutation } from './zone.ts'

/** Replacements that take over: when they may, and what they must not do. */
export interface PromotionRules {
  /** Looks at how the regions do; to be called every `lookMs`. */
  look(at: number): void
  judgeIntent(change: Change, at: number): void
  judge(mutation: Mutation): void
  judgeEnd(at: number): void
}

export const lookMs = 500

/** The engine counts from one look to the next; each beginning and end may cost it so much. Milliseconds. */
const coarseMs = 4_500

const blindAfterMs = 15_000

export const createPromotionRules = (known: Knowledge, violate: Violate): PromotionRules => {
  const { schedule, places, evidence, orders } = known
  const downMs = new Map<string, number>()

  const isCut = (addresses: readonly Address[], at: number): boolean =>
    addresses.some((address) => schedule.line[familyOf(address)].some((fault) => fault.loss === 1 && fault.kind === 'silent' && fault.from <= at - blindAfterMs && fault.until >= at))
  /** Why it must not be promoted at this moment. */
  const heldBy = (region: SimulatedRegion, at: number): string | undefined => {
    const [order] = orders.at(region.name, at)
    if (order !== undefined) return order.kind
    if (orders.isPaused(at)) return 'a pause'
    const since = known.runningSince()
    return since !== undefined && at - since > blindAfterMs && isCut(places.leadsTo(region), at) ? 'blindness' : undefined
  }
  const replacementOf = (region: SimulatedRegion, addresses: readonly Address[]): readonly Address[] | undefined =>
    places.replacementsOf(region).find((replacement) => addresses.some((address) => replacement.includes(address)))

  return {
    look: (at) => {
      for (const region of schedule.regions) {
        const addresses = places.leadsTo(region)
        const opinions = addresses.map((address) => evidence.opinionOf(address))
        if (opinions.includes('up')) downMs.set(region.name, 0)
        else if (opinions.every((opinion) => opinion === 'down') && heldBy(region, at) === undefined) downMs.set(region.name, (downMs.get(region.name) ?? 0) + lookMs)
      }
    },
    judgeIntent: ({ key, after }, at) => {
      const region = places.regionOfService(key)
      if (region === undefined) return
      const lead = places.leadsTo(region)
      const to = replacementOf(region, after.values)
      const what = `region ${region.name} from ${lead.join(' ')} to ${after.values.join(' ')}`
      const isBegun = to !== undefined && lead.some((address) => to.includes(address))
      const isRest = after.values.length === 0 && replacementOf(region, lead) !== undefined
      if (isBegun || isRest) return
      if (to === undefined || after.values.some((address) => !to.includes(address))) return violate('promotion: to a replacement', at, what)
      const hold = heldBy(region, at)
      if (hold !== undefined) violate('promotion: not while held', at, `${what} despite ${hold}`)
      const least = (schedule.operations.replacements[region.name]?.promoteAfterMs ?? 0) - coarseMs
      const counted = downMs.get(region.name) ?? 0
      if (counted < least) violate('promotion: after its time', at, `${what} after ${counted} ms down, of at least ${least}`)
      const unproven = after.values.find((address) => !evidence.hasPassed(address))
      if (unproven !== undefined) violate('promotion: what passes', at, `${what}: ${unproven} has not passed`)
    },
    judge: ({ key, before, after, change, at }) => {
      const region = places.regionOfService(key)
      if (region === undefined) return
      const lead = places.leadsTo(region)
      if (lead.length === 0) violate('promotion: never empty', at, `${keyText(key)}: region ${region.name} leads nowhere`)
      if (change === undefined) return
      const was = replacementOf(region, before.values)
      if (was !== undefined && after.values.some((address) => !was.includes(address))) violate('promotion: once', at, `region ${region.name} from ${before.values.join(' ')} to ${after.values.join(' ')}`)
      for (const address of after.values) {
        const others = schedule.regions.filter((each) => each !== region && places.leadsTo(each).includes(address))
        if (others.length > 0) violate('promotion: one region each', at, `${address} of region ${region.name} is ${others.map(({ name }) => name).join()}'s as well`)
      }
    },
    judgeEnd: (at) => {
      const { operations, provider, line, pauses } = schedule
      const isQuiet = operations.sources.length + provider.length + line.v4.length + line.v6.length + pauses.length === 0 && Object.keys(operations.replacements).length === 1
      for (const region of schedule.regions.filter(({ name }) => isQuiet && operations.replacements[name] !== undefined)) {
        const { servers, promoteAfterMs } = operations.replacements[region.name] ?? { servers: [], promoteAfterMs: 0 }
        const isFree = servers.every((server) => (operations.poolFaults[server] ?? []).every((fault) => !isWithin(at, fault)))
        // After a lost state it may be the check that is wrong.
        const hasPassed = places.leadsTo(region).every((address) => evidence.hasPassed(address))
        if (isFree && hasPassed && (downMs.get(region.name) ?? 0) > promoteAfterMs + 90_000) violate('liveness: a replacement is promoted', at, `region ${region.name} has been down for ${downMs.get(region.name)} ms`)
      }
    },
  }
}
