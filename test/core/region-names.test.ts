import { describe, expect, it } from 'vitest'
import type { Region } from '../../src/core/site.ts'
import { emptyState } from '../../src/core/site-state.ts'
import { heirOf, withPlaces, withRegionRenamed } from '../../src/core/region-names.ts'
import { region, v4, v6 } from './samples.ts'

const fixed = (name: string, ...addresses: readonly ReturnType<typeof v4>[]): Region => ({ ...region(name), source: { kind: 'fixed', addresses } })
const called = (name: string, as: string): Region => ({ ...region(as), name })
const before = withPlaces(emptyState, { regions: [region('msk'), region('ams'), fixed('fra', v4(3), v6(3))] })

describe('a region that goes by another name', () => {
  it.each<[string, string, readonly Region[], string | undefined]>([
    ['is known by its service subdomain', 'msk', [called('moscow', 'msk'), region('ams')], 'moscow'],
    ['or by its fixed addresses, in whatever order', 'fra', [region('msk'), fixed('frankfurt', v6(3), v4(3))], 'frankfurt'],
    ['but not by some of these', 'fra', [fixed('frankfurt', v4(3))], undefined],
    ['nor where two are at the same place', 'msk', [called('moscow', 'msk'), called('moskva', 'msk')], undefined],
    ['nor while the config has it still', 'msk', [region('msk'), called('moscow', 'msk')], undefined],
    ['nor where it is gone', 'msk', [region('ams')], undefined],
    ['nor where nothing is known of it', 'spb', [called('moscow', 'msk')], undefined],
    ['nor by what every object has', 'constructor', [region('ams')], undefined],
  ])('%s', (_, name, regions, heir) => expect(heirOf(name, before, { regions })).toBe(heir))

  it('takes what is known of it along', () => {
    const state = { ...before, regions: { msk: { addresses: [v4(1)], problems: {} } }, retired: { [v4(9)]: 'msk', [v4(8)]: 'ams' }, led: { msk: [v4(7)] }, safe: { ams: 5 } }
    expect(withRegionRenamed(state, 'msk', 'moscow')).toEqual({ ...state, regions: { moscow: { addresses: [v4(1)], problems: {} } }, retired: { [v4(9)]: 'moscow', [v4(8)]: 'ams' }, led: { moscow: [v4(7)] } })
  })

  it('which another that has its name already does not lose', () => {
    const state = { ...before, led: { msk: [v4(7)], moscow: [v4(6)] } }
    expect(withRegionRenamed(state, 'msk', 'moscow').led).toEqual(state.led)
  })
})

it('remembers where regions were that the config has no more, without end but not without bounds', () => {
  const regions = [called('moscow', 'msk')]
  const after = withPlaces(before, { regions })
  expect(after.places).toEqual({ ams: 'ams.example.com', fra: `${v4(3)} ${v6(3)}`, msk: 'msk.example.com', moscow: 'msk.example.com' })
  expect(withPlaces(after, { regions })).toBe(after)
  const many = Array.from({ length: 300 }, (_, index) => index).reduce((state, index) => withPlaces(state, { regions: [region(`r${index}`)] }), before)
  expect(Object.keys(many.places)).toHaveLength(101)
  expect(Object.keys(many.places).at(0)).toBe('r199')
})
