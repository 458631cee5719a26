import { type Address, type Family, familyOf } from '../../src/core/address.ts'
import type { Resolution } from '../../src/core/answer.ts'
import type { CheckResult } from '../../src/core/result.ts'
import type { Sighting } from '../../src/core/sight.ts'
import type { Random } from './random.ts'
import { poolSize } from './operations-schedule.ts'
import type { Schedule, ServerFault, SimulatedRegion, Span } from './schedule.ts'
import type { VirtualTime } from './virtual-time.ts'

export const isWithin = (time: number, span: Span): boolean => time >= span.from && time < span.until

const index = (region: SimulatedRegion): number => Number(region.name.slice(1))

/** The address of a server that may replace any region's. */
export const poolAddress = (server: number, family: Family): Address => (family === 'v4' ? `203.0.113.${200 + server}` : `2001:db8::${200 + server}`) as Address

/** The address of a region before (generation 0) and after (1) it was repointed. */
export const addressOf = (region: SimulatedRegion, family: Family, generation: 0 | 1): Address =>
  (family === 'v4' ? `203.0.113.${index(region) + 10 * generation + 1}` : `2001:db8::${index(region) + 10 * generation + 1}`) as Address

/** The truth: which servers serve, which lines carry, what the subdomains say. The engine only sees it through ports. */
export interface World {
  isLineCut(family: Family, time: number): boolean
  /** Whether the server at an address would pass a check for ever from now on, were nothing to change. */
  isWell(address: Address, time: number): boolean
  check(address: Address, processNow: () => number): Promise<CheckResult>
  askReferences(processNow: () => number): Promise<readonly Sighting[]>
  resolve(region: SimulatedRegion): Promise<Resolution>
}

export const timeoutMs = 1_000

/** `answerOf`: what the name server says of a region's subdomain now. */
export const createWorld = (schedule: Schedule, time: VirtualTime, random: Random, answerOf: (region: SimulatedRegion, family: Family) => readonly Address[]): World => {
  const wait = (ms: number): Promise<void> => new Promise((resolve) => void time.at(time.now() + ms, resolve))
  /** A replacement is a new server: the faults of the old one are not its own. */
  const faults = new Map<Address, readonly ServerFault[]>(
    (['v4', 'v6'] as const).flatMap((family): readonly (readonly [Address, readonly ServerFault[]])[] => [
      ...schedule.regions.map((region) => [addressOf(region, family, 0), region.faults] as const),
      ...Array.from({ length: poolSize }, (_, server) => [poolAddress(server, family), schedule.operations.poolFaults[server] ?? []] as const),
    ]),
  )
  const slow = new Map(schedule.regions.flatMap((region) => (['v4', 'v6'] as const).map((family) => [addressOf(region, family, 0), region.slow] as const)))
  const isSlow = (address: Address, at: number): boolean => slow.get(address)?.some((each) => isWithin(at, each)) === true
  const faultAt = (address: Address, at: number) => faults.get(address)?.find((fault) => isWithin(at, fault))
  const lineAt = (family: Family, at: number) => schedule.line[family].filter((fault) => isWithin(at, fault))
  const cut = (family: Family, at: number) => lineAt(family, at).find((fault) => fault.loss === 1)
  const isLost = (family: Family, at: number): boolean => lineAt(family, at).some((fault) => fault.loss === 1 || random.chance(fault.loss))
  const turns = new Map<Address, number>()

  const failed = (startedAt: number, finishedAt: number, cause: 'refused' | 'connect-timeout' | 'headers-timeout' | 'status'): CheckResult => ({
    kind: 'failed',
    cause,
    detail: `simulated ${cause}`,
    startedAt,
    finishedAt,
    timing: { totalMs: finishedAt - startedAt },
  })

  return {
    isLineCut: (family, at) => cut(family, at) !== undefined,
    isWell: (address, at) => faultAt(address, at) === undefined,
    check: async (address, processNow) => {
      const startedAt = processNow()
      const family = familyOf(address)
      const started = time.now()
      const latency = isSlow(address, started) ? random.between(100, 900) : random.between(5, 80)
      const local = cut(family, started)
      if (local?.kind === 'no-route') {
        await wait(1)
        const at = processNow()
        return { kind: 'cannot-tell', cause: 'no-route', detail: 'simulated', startedAt, finishedAt: at, timing: { totalMs: at - startedAt } }
      }
      const fault = faultAt(address, started)
      const isSilent = isLost(family, started) || cut(family, started + latency) !== undefined
      const turn = (turns.get(address) ?? 0) + 1
      turns.set(address, turn)
      const isOtherTurn = fault?.kind === 'every-other' && turn % 2 === 0
      await wait(isSilent || fault?.kind === 'frozen' ? timeoutMs : latency)
      if (isSilent) return failed(startedAt, processNow(), 'connect-timeout')
      if (fault !== undefined && !isOtherTurn) {
        return failed(startedAt, processNow(), fault.kind === 'frozen' ? 'headers-timeout' : fault.kind === 'refused' ? 'refused' : 'status')
      }
      const finishedAt = processNow()
      return { kind: 'ok', startedAt, finishedAt, timing: { totalMs: finishedAt - startedAt }, status: 200 }
    },
    askReferences: async (processNow) => {
      const answeredAt = processNow()
      const started = time.now()
      const isOut = schedule.references.some((outage) => isWithin(started, outage))
      const families: readonly Family[] = schedule.regions.some((region) => region.families.includes('v6')) ? ['v4', 'v6'] : ['v4']
      const witnesses = families.map((family): Sighting => {
        const isAnswering = !isOut && !isLost(family, started) && cut(family, started + 20) === undefined
        return { name: `ns-${family}`, address: (family === 'v4' ? '192.0.2.53' : '2001:db8:53::1') as Address, isLocal: false, isAnswering, answeredAt }
      })
      await wait(witnesses.every((each) => each.isAnswering) ? 20 : 500)
      return witnesses.map((each) => ({ ...each, answeredAt: each.isAnswering ? each.answeredAt : undefined }))
    },
    resolve: async (region) => {
      await wait(random.between(1, 30))
      const fault = region.subdomain.find((each) => isWithin(time.now(), each))
      if (fault !== undefined) return { v4: { kind: fault.kind, detail: 'simulated' }, v6: { kind: fault.kind, detail: 'simulated' } }
      const of = (family: Family): Resolution['v4'] => {
        const addresses = answerOf(region, family)
        return addresses.length > 0 ? { kind: 'found', addresses } : { kind: 'nothing', detail: 'no such record' }
      }
      return { v4: of('v4'), v6: of('v6') }
    },
  }
}
