import { assert, constantFrom, property, record, subarray } from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import type { Fqdn } from '../../src/core/fqdn.ts'
import { markChanges, markObjection, withoutRetired } from '../../src/core/ownership.ts'
import { releaseChanges, unknownRegions } from '../../src/core/release.ts'
import { type Change, content, type CurrentRRset, sameKey } from '../../src/core/rrset.ts'
import type { Site } from '../../src/core/site.ts'
import { emptyState, type SiteState } from '../../src/core/site-state.ts'

const pool = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '10.0.0.1', '2001:db8::1', '2001:db8::2'] as Address[]
const name = 'www.example.com' as Fqdn
const site = {
  name,
  names: [name],
  ttl: 60,
  regions: [
    { name: 'msk', role: 'active', source: { kind: 'fixed', addresses: [] } },
    { name: 'ams', role: 'standby', source: { kind: 'fixed', addresses: [] } },
  ],
  policy: { foreign: 'keep', allowPrivate: false },
} as unknown as Site

const some = subarray(pool)
const states = record({ msk: some, ams: some, retired: some }).map(
  ({ msk, ams, retired }): SiteState => ({
    ...emptyState,
    regions: { msk: { addresses: msk, problems: {} }, ams: { addresses: ams, problems: {} } },
    retired: Object.fromEntries(retired.map((address) => [address, 'msk'])),
  }),
)
const isV6 = (address: Address): boolean => address.includes(':')
const zones = record({ values: some, owned: some, ttl: constantFrom(60, 300) }).map(({ values, owned, ttl }): readonly CurrentRRset[] => [
  { key: { name, type: 'A' }, ...content(values.filter((each) => !isV6(each)), ttl, owned.filter((each) => !isV6(each))) },
  { key: { name, type: 'AAAA' }, ...content(values.filter(isV6), ttl, owned.filter(isV6)) },
])
const after = (current: readonly CurrentRRset[], changes: readonly Change[]): readonly CurrentRRset[] =>
  current.map((rrset) => ({ ...rrset, ...changes.find(({ key }) => sameKey(key, rrset.key))?.after }))
const valuesIn = (current: readonly CurrentRRset[]): readonly Address[] => current.flatMap(({ values }) => values)
const ownedIn = (current: readonly CurrentRRset[]): readonly Address[] => current.flatMap(({ owned }) => owned)

describe('release', () => {
  it('takes nothing out, leaves no mark, adds all that can be published, and is done after once', () => {
    assert(
      property(states, zones, (state, current) => {
        const then = after(current, releaseChanges(site, state, current))
        expect(valuesIn(then)).toEqual(expect.arrayContaining([...valuesIn(current)]))
        expect(ownedIn(then)).toEqual([])
        const configured = ['msk', 'ams'].flatMap((region) => state.regions[region]?.addresses ?? []).filter((address) => address !== '10.0.0.1')
        expect(valuesIn(then)).toEqual(expect.arrayContaining(configured))
        const added = valuesIn(then).filter((address) => !valuesIn(current).includes(address))
        expect(added.filter((address) => !configured.includes(address))).toEqual([])
        expect(releaseChanges(site, state, then)).toEqual([])
        for (const rrset of current) if (rrset.values.length > 0) expect(then.find(({ key }) => sameKey(key, rrset.key))?.ttl).toBe(rrset.ttl)
      }),
    )
  })

  it('names the regions of which no address is known', () => {
    expect(unknownRegions(site, emptyState)).toEqual(['msk', 'ams'])
    expect(unknownRegions(site, { ...emptyState, regions: { msk: { addresses: ['192.0.2.1' as Address], problems: {} }, ams: { addresses: [], problems: { v4: 'NXDOMAIN' } } } })).toEqual(['ams'])
  })
})

describe.each(['take-over', 'give-up'] as const)('to %s', (order) => {
  it('changes the mark of what is meant and nothing else, and is done after once', () => {
    assert(
      property(states, zones, some, (state, current, meant) => {
        const changes = markChanges(order, meant, site, state, current)
        const then = after(current, changes)
        expect(then.map(({ values, ttl }) => ({ values, ttl }))).toEqual(current.map(({ values, ttl }) => ({ values, ttl })))
        const expected =
          order === 'give-up'
            ? ownedIn(current).filter((address) => !meant.includes(address))
            : [...ownedIn(current), ...meant.filter((address) => valuesIn(current).includes(address))]
        expect(new Set(ownedIn(then))).toEqual(new Set(expected))
        expect(markChanges(order, meant, site, state, then)).toEqual([])
        for (const { reasons } of changes) expect(reasons.every(({ address, action }) => address !== undefined && meant.includes(address) && action === 'mark')).toBe(true)
      }),
    )
  })
})

it('refuses what is not there, and to give up what a region leads to', () => {
  const [first, second] = pool as [Address, Address]
  const state: SiteState = { ...emptyState, regions: { msk: { addresses: [first], problems: {} } } }
  const current: readonly CurrentRRset[] = [{ key: { name, type: 'A' }, ...content([first], 60, [first]) }]
  expect([markObjection('take-over', first, site, state, current), markObjection('give-up', first, site, state, current), markObjection('take-over', second, site, state, current)]).toEqual([
    undefined,
    'region msk leads to 192.0.2.1, so it would be marked again: take it out of the region first, or drain the region',
    '192.0.2.2 is in no set of www.example.com: there is nothing to take over',
  ])
  expect(withoutRetired({ ...emptyState, retired: { [first]: 'msk', [second]: 'ams' } }, [first]).retired).toEqual({ [second]: 'ams' })
})
