import { type Address, type Family, families } from '../../src/core/address.ts'
import type { Fqdn } from '../../src/core/fqdn.ts'
import { type RRsetContent, type RRsetKey, typeOf } from '../../src/core/rrset.ts'
import { poolSize } from './operations-schedule.ts'
import type { Schedule, SimulatedRegion } from './schedule.ts'
import { addressOf, poolAddress } from './world.ts'
import type { Mutation } from './zone.ts'

export const serviceOf = (region: SimulatedRegion): Fqdn => `${region.name}.example.com` as Fqdn

/** Which region leads where, by the truth of the zone. */
export interface Places {
  /** Every address that is some region's, or may become it. */
  readonly ours: ReadonlySet<Address>
  regionOfService(key: RRsetKey): SimulatedRegion | undefined
  leadsTo(region: SimulatedRegion): readonly Address[]
  /** The region that leads to it, or led to it last. */
  regionOf(address: Address): SimulatedRegion | undefined
  /** What it has led to since then, and leads to no more. */
  leftSince(region: SimulatedRegion, time: number): readonly Address[]
  replacementsOf(region: SimulatedRegion): readonly (readonly Address[])[]
  moved(mutation: Mutation): void
  /** When any subdomain was last pointed elsewhere. */
  movedAt(): number
}

export const createPlaces = (schedule: Schedule, contentOf: (key: RRsetKey) => RRsetContent): Places => {
  const { regions, operations } = schedule
  const led = new Map<Address, SimulatedRegion>()
  const left: { readonly region: SimulatedRegion; readonly address: Address; readonly at: number }[] = []
  let movedAt = 0
  const ofEach = (region: SimulatedRegion, address: (family: Family) => Address): readonly Address[] => region.families.map(address)
  const replacementsOf = (region: SimulatedRegion): readonly (readonly Address[])[] =>
    (operations.replacements[region.name]?.servers ?? []).map((server) => ofEach(region, (family) => poolAddress(server, family)))
  const pool = Array.from({ length: poolSize }, (_, server) => families.map((family) => poolAddress(server, family))).flat()
  const leadsTo = (region: SimulatedRegion): readonly Address[] => families.flatMap((family) => contentOf({ name: serviceOf(region), type: typeOf(family) }).values)
  const regionOfService = (key: RRsetKey): SimulatedRegion | undefined => regions.find((each) => serviceOf(each) === key.name)

  return {
    ours: new Set([...pool, ...regions.flatMap((region) => ([0, 1] as const).flatMap((generation) => ofEach(region, (family) => addressOf(region, family, generation))))]),
    regionOfService,
    leadsTo,
    regionOf: (address) => regions.find((each) => leadsTo(each).includes(address)) ?? led.get(address),
    leftSince: (region, time) => left.flatMap((each) => (each.region === region && each.at > time && !leadsTo(region).includes(each.address) ? [each.address] : [])),
    replacementsOf,
    moved: ({ key, before, after, at }) => {
      const region = regionOfService(key)
      if (region === undefined) return
      movedAt = at
      for (const address of after.values) led.set(address, region)
      for (const address of before.values) if (!after.values.includes(address)) left.push({ region, address, at })
    },
    movedAt: () => movedAt,
  }
}
