import type { Family } from '../../src/core/address.ts'
import { longFaultOf, operationsOf, relapseOf, type SimulatedOperations } from './operations-schedule.ts'
import { createRandom, type Random } from './random.ts'

/** Virtual milliseconds, both ends. */
export interface Span {
  readonly from: number
  readonly until: number
}

export type ServerFault = Span & { readonly kind: 'refused' | 'frozen' | 'status' | 'every-other' }
export type LineFault = Span & { readonly kind: 'silent' | 'no-route' } & { readonly loss: number }
export type SubdomainFault = Span & { readonly kind: 'failed' | 'nothing' }
export type ProviderFault = Span & { readonly kind: 'unavailable' | 'slow' | 'reply-lost' | 'request-lost' | 'late' }

export interface SimulatedRegion {
  readonly name: string
  readonly role: 'active' | 'standby'
  readonly families: readonly Family[]
  readonly faults: readonly ServerFault[]
  /** When its subdomain is pointed at a replacement. */
  readonly repointAt: number | undefined
  readonly subdomain: readonly SubdomainFault[]
  /** Its server is well, but takes its time. */
  readonly slow: readonly Span[]
  /** Its server closes the connections that are held open to it, again and again for so long, and is well. */
  readonly closings: readonly { readonly at: number; readonly lastsMs: number }[]
}

export type OutsideEdit = { readonly at: number; readonly kind: 'add-foreign' | 'remove-ours' | 'ttl' | 'add-ours'; readonly family: Family }
export type Crash = {
  /** At this port call of the process, counted from its start; before or after it took effect. */
  readonly afterCalls: number
  readonly isBeforeEffect: boolean
  readonly losesState: boolean
}

/** Everything that goes wrong in one run, fixed by its seed before it starts. */
export interface Schedule {
  readonly seed: number
  readonly engine: 'service' | 'one-shot'
  readonly compareAndSet: boolean
  readonly failOpen: 'all' | 'keep' | 'none'
  readonly minPublished: number
  readonly regions: readonly SimulatedRegion[]
  readonly startsPublished: boolean
  readonly line: Readonly<Record<Family, readonly LineFault[]>>
  readonly references: readonly Span[]
  readonly provider: readonly ProviderFault[]
  readonly edits: readonly OutsideEdit[]
  readonly crashes: readonly Crash[]
  readonly clockSteps: readonly { readonly at: number; readonly byMs: number }[]
  /** An operator has ordered that nothing be written. */
  readonly pauses: readonly Span[]
  readonly operations: SimulatedOperations
  /** What failures must span. */
  readonly confirmSpanMs: number
  /** From here on nothing goes wrong any more, but for servers that stay dead. */
  readonly calmFrom: number
  readonly end: number
}

const faultyMs = 120_000
const calmMs = 120_000

const some = <T>(random: Random, most: number, make: () => T): T[] => Array.from({ length: random.between(0, most) }, make)

const span = (random: Random, longest: number): Span => {
  const from = random.between(5_000, faultyMs - 5_000)
  return { from, until: Math.min(faultyMs, from + random.between(300, longest)) }
}

const region = (random: Random, pace: Random, lines: Random, index: number, hasV6: boolean, mayBeStandby: boolean): SimulatedRegion => {
  const staysDead = random.chance(0.1)
  const faults = some(random, 3, (): ServerFault => ({ ...span(random, 60_000), kind: random.pick(['refused', 'frozen', 'status', 'every-other']) }))
  const lasting: ServerFault = { from: random.between(20_000, faultyMs), until: Number.POSITIVE_INFINITY, kind: random.pick(['refused', 'frozen', 'every-other']) }
  return {
    name: `r${index}`,
    role: mayBeStandby && random.chance(0.2) ? 'standby' : 'active',
    families: hasV6 ? ['v4', 'v6'] : ['v4'],
    faults: staysDead ? [...faults, lasting] : faults,
    repointAt: random.chance(0.15) ? random.between(10_000, faultyMs) : undefined,
    subdomain: some(random, 1, (): SubdomainFault => ({ ...span(random, 60_000), kind: random.pick(['failed', 'nothing']) })),
    slow: some(pace, 1, () => span(pace, 60_000)),
    closings: some(lines, 3, () => ({ at: lines.between(5_000, faultyMs + calmMs / 2), lastsMs: lines.pick([0, 0, 2_000, 3_000]) })),
  }
}

const lineFaults = (random: Random): LineFault[] =>
  some(random, 2, () => {
    const loss = random.chance(0.5) ? 1 : random.next() * 0.6
    return { ...span(random, 30_000), kind: loss === 1 ? random.pick(['silent', 'no-route']) : 'silent', loss }
  })

export const scheduleOf = (seed: number): Schedule => {
  const random = createRandom(seed)
  /** What came later to the schedules draws from numbers of its own: what a seed meant before stays as it was. */
  const pace = createRandom(seed ^ 0x51_0e)
  const lines = createRandom(seed ^ 0xc1_05)
  const hasV6 = random.chance(0.4)
  const compareAndSet = random.chance(0.6)
  const count = random.between(2, 4)
  const before = {
    seed,
    engine: random.chance(0.75) ? ('service' as const) : ('one-shot' as const),
    compareAndSet,
    failOpen: random.pick<Schedule['failOpen']>(['all', 'all', 'all', 'keep', 'none']),
    minPublished: random.pick([1, 1, 1, 2]),
    regions: Array.from({ length: count }, (_, index) => region(random, pace, lines, index, hasV6, index > 0)),
    startsPublished: random.chance(0.85),
    line: { v4: lineFaults(random), v6: hasV6 ? lineFaults(random) : [] },
    references: some(random, 2, () => span(random, 60_000)),
    provider: some(random, 4, (): ProviderFault => ({
      ...span(random, 40_000),
      kind: random.pick(['unavailable', 'slow', 'reply-lost', 'request-lost', compareAndSet ? 'late' : 'slow']),
    })),
    edits: some(random, 3, (): OutsideEdit => ({
      at: random.between(5_000, faultyMs),
      kind: random.pick(['add-foreign', 'remove-ours', 'ttl', 'add-ours']),
      family: hasV6 && random.chance(0.4) ? 'v6' : 'v4',
    })),
    crashes: some(random, 3, (): Crash => ({
      afterCalls: random.between(1, 400),
      isBeforeEffect: random.chance(0.5),
      losesState: random.chance(0.25),
    })),
    clockSteps: some(random, 2, () => ({ at: random.between(5_000, faultyMs), byMs: random.between(-3_600_000, 3_600_000) })),
    pauses: some(random, 1, () => span(random, 40_000)),
    calmFrom: faultyMs,
    end: faultyMs + calmMs,
  }
  /** Shorter than a check may take: it is over before anybody knows of it. */
  const blips = (): readonly LineFault[] => some(pace, 4, () => ({ ...span(pace, 2_500), kind: 'silent', loss: 1 }))
  const line = { v4: [...before.line.v4, ...blips()], v6: hasV6 ? [...before.line.v6, ...blips()] : [] }
  const operations = operationsOf(random, before.regions.map(({ name }) => name), before.engine === 'service', faultyMs)
  const isReplaced = Object.keys(operations.replacements).length > 0
  const regions = isReplaced ? before.regions.map((each) => ({ ...each, faults: [...each.faults, ...longFaultOf(random, faultyMs)] })) : before.regions
  const relapse = relapseOf(createRandom(seed ^ 0x2e_1a), operations)
  const relapsed = regions.map((each) => (each.name === relapse?.region ? { ...each, faults: relapse.faults } : each))
  return { ...before, line, regions: relapsed, operations: relapse?.operations ?? operations, confirmSpanMs: pace.pick([1_000, 1_000, 0]) }
}
