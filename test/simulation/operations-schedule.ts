import type { SourceMode } from '../../src/core/word.ts'
import type { Random } from './random.ts'
import type { ServerFault, Span } from './schedule.ts'

/** An operator's order; `until` is its end, by expiry or because it is taken back. Of each region at most one drain and one force. */
export type SimulatedOrder = Span & {
  readonly region: string
  readonly kind: 'drain' | 'forced-drain' | 'up' | 'down'
  /** Given through the service, which decides by it at once; otherwise it finds the order by itself. */
  readonly isTold: boolean
  readonly isTakenBack: boolean
}

/** An outside monitor, one of each region; heard until the calm. */
export interface SimulatedSource {
  readonly name: string
  readonly mode: SourceMode
  readonly everyMs: number
  readonly believedMs: number
  readonly firstAt: number
  readonly lies: readonly (Span & { readonly opinion: 'up' | 'down' | 'opposite' })[]
}

export interface SimulatedReplacement {
  /** Which servers of the pool, by number, in the order of preference. */
  readonly servers: readonly number[]
  readonly promoteAfterMs: number
}

/** What people and other programs do to a site in one run. */
export interface SimulatedOperations {
  readonly orders: readonly SimulatedOrder[]
  readonly sources: readonly SimulatedSource[]
  readonly quorum: number | undefined
  /** By region. */
  readonly replacements: Readonly<Record<string, SimulatedReplacement>>
  /** Of the servers of the pool, by number. */
  readonly poolFaults: readonly (readonly ServerFault[])[]
  /** So much later than the provider the name server answers with a new set, and so long it takes to answer. Milliseconds. */
  readonly lagMs: number
  readonly answerMs: number
  readonly ttl: number
  /** The process is killed as well at this write of the main domain, or of a service subdomain; before or after it took effect. */
  readonly writeCrash: { readonly of: 'main' | 'service'; readonly nth: number; readonly isBeforeEffect: boolean } | undefined
  /** Of the records that were there before the first start. */
  readonly firstTtl: number
}

export const poolSize = 2

const lasting = (random: Random, faultyMs: number): Span => {
  const from = random.between(5_000, faultyMs - 10_000)
  const ms = random.chance(0.5) ? random.between(3_000, 30_000) : random.between(70_000, 115_000)
  return { from, until: Math.min(faultyMs, from + ms) }
}

const ordersOf = (random: Random, region: string, faultyMs: number): readonly SimulatedOrder[] => {
  const order = (kind: SimulatedOrder['kind']): SimulatedOrder => ({
    ...(kind.endsWith('drain') && random.chance(0.5) ? { from: random.between(3_000, 20_000), until: faultyMs } : lasting(random, faultyMs)),
    region,
    kind,
    isTold: random.chance(0.5),
    isTakenBack: random.chance(0.5),
  })
  const drains = random.chance(0.45) ? [order(random.pick(['drain', 'drain', 'forced-drain']))] : []
  return random.chance(0.2) ? [...drains, order(random.pick(['up', 'down', 'down']))] : drains
}

const sourceOf = (random: Random, index: number, faultyMs: number): SimulatedSource => {
  const everyMs = random.between(6_000, 20_000)
  const lie = (): SimulatedSource['lies'][number] => ({ ...lasting(random, faultyMs), opinion: random.pick(['up', 'down', 'opposite']) })
  return {
    name: `s${index}`,
    mode: random.pick(['vote', 'vote', 'vote', 'override', 'hint']),
    everyMs,
    believedMs: random.between(everyMs, 45_000),
    firstAt: random.between(1_000, 30_000),
    lies: random.chance(0.6) ? [lie()] : [],
  }
}

const poolFaultsOf = (random: Random, faultyMs: number): readonly ServerFault[] =>
  random.chance(0.3) ? [{ ...lasting(random, faultyMs), kind: random.pick(['refused', 'frozen', 'status']) }] : []

export const operationsOf = (random: Random, regions: readonly string[], isService: boolean, faultyMs: number): SimulatedOperations => {
  const isOperated = random.chance(0.5)
  const isHeard = isService && random.chance(0.4)
  const isReplaced = isService && random.chance(0.35)
  const replacement = (): SimulatedReplacement => ({ servers: random.pick([[0], [1], [0, 1], [1, 0]]), promoteAfterMs: random.between(8_000, 25_000) })
  return {
    orders: isOperated ? regions.flatMap((region) => ordersOf(random, region, faultyMs)) : [],
    sources: isHeard ? Array.from({ length: random.between(1, 3) }, (_, index) => sourceOf(random, index, faultyMs)) : [],
    quorum: isHeard && random.chance(0.3) ? random.between(1, 3) : undefined,
    replacements: isReplaced ? Object.fromEntries(regions.flatMap((region) => (random.chance(0.7) ? [[region, replacement()]] : []))) : {},
    poolFaults: Array.from({ length: poolSize }, () => poolFaultsOf(random, faultyMs)),
    lagMs: random.pick([0, 0, 500, 2_500]),
    answerMs: random.pick([0, 20, 1_500]),
    ttl: random.pick([60, 60, 20]),
    firstTtl: random.pick([300, 60]),
    writeCrash: random.chance(0.25) ? { of: isReplaced ? 'service' : 'main', nth: random.between(1, isReplaced ? 2 : 6), isBeforeEffect: random.chance(0.2) } : undefined,
  }
}

/** In seeds with replacements regions are down for longer: otherwise none would ever be due. */
export const longFaultOf = (random: Random, faultyMs: number): readonly ServerFault[] =>
  random.chance(0.5) ? [{ from: random.between(5_000, faultyMs / 2), until: random.chance(0.5) ? Number.POSITIVE_INFINITY : faultyMs, kind: random.pick(['refused', 'frozen', 'status']) }] : []

/** A region that fails for almost as long as it takes to be replaced, is well for a while that an outside monitor does not see, and fails again. */
export const relapseOf = (random: Random, operations: SimulatedOperations): { readonly region: string; readonly faults: readonly ServerFault[]; readonly operations: SimulatedOperations } | undefined => {
  const [replaced] = Object.entries(operations.replacements)
  const [source, ...others] = operations.sources
  if (replaced === undefined || source === undefined || !random.chance(0.2)) return undefined
  const [region, { promoteAfterMs }] = replaced
  const from = random.between(8_000, 20_000)
  const wellFrom = from + promoteAfterMs
  const againFrom = wellFrom + random.between(12_000, 18_000)
  const until = againFrom + 45_000
  const blind: SimulatedSource = { ...source, mode: 'override', believedMs: 45_000, lies: [{ from: 0, until, opinion: 'down' }] }
  return { region, faults: [{ from, until: wellFrom, kind: 'status' }, { from: againFrom, until, kind: 'status' }], operations: { ...operations, sources: [blind, ...others] } }
}
