import type { Address, Family } from '../../src/core/address.ts'
import type { Fqdn } from '../../src/core/fqdn.ts'
import { addressTypes, content, familyOfType, type RRsetKey, typeOf } from '../../src/core/rrset.ts'
import { serviceOf } from './places.ts'
import type { Random } from './random.ts'
import type { Schedule } from './schedule.ts'
import type { VirtualTime } from './virtual-time.ts'
import { addressOf } from './world.ts'
import type { SimulatedZone } from './zone.ts'

/** What was there before the first start, and what people do to the zone by hand. */
export const editFromOutside = (schedule: Schedule, time: VirtualTime, random: Random, zone: SimulatedZone, name: Fqdn): void => {
  const initial = (key: RRsetKey): void => {
    const family = familyOfType(key.type)
    const values = schedule.regions.flatMap((region) => (region.role === 'active' && region.families.includes(family) ? [addressOf(region, family, 0)] : []))
    if (values.length > 0) zone.edit(key, content(values, schedule.operations.firstTtl, []))
  }
  const editAt = (edit: Schedule['edits'][number]) => (): void => {
    const key: RRsetKey = { name, type: typeOf(edit.family) }
    const now = zone.content(key)
    const [first] = now.values
    const region = random.pick(schedule.regions as [Schedule['regions'][number], ...Schedule['regions'][number][]])
    const foreign = (edit.family === 'v4' ? '198.18.0.99' : '2001:db8:f::99') as Address
    const values = {
      'add-foreign': [...now.values, foreign],
      'remove-ours': now.values.filter((value) => value !== first),
      ttl: now.values,
      'add-ours': [...now.values, ...(region.families.includes(edit.family) ? [addressOf(region, edit.family, 0)] : [])],
    }[edit.kind]
    zone.edit(key, content(values, edit.kind === 'ttl' ? 900 : now.ttl === 0 ? 60 : now.ttl, now.owned))
  }
  if (schedule.startsPublished) for (const type of addressTypes) initial({ name, type })
  for (const edit of schedule.edits) time.at(edit.at, editAt(edit))
  for (const region of schedule.regions) {
    const lead = (generation: 0 | 1): void => {
      const set = (family: Family): void => zone.edit({ name: serviceOf(region), type: typeOf(family) }, content([addressOf(region, family, generation)], 60, []))
      region.families.forEach(set)
    }
    lead(0)
    if (region.repointAt !== undefined) time.at(region.repointAt, () => lead(1))
  }
}
