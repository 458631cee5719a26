import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import { planRepoint, repointedTo } from '../../src/core/repoint.ts'
import type { CurrentRRset } from '../../src/core/rrset.ts'
import { named, rrset, v4, v6 } from './samples.ts'

const service = named('msk.example.com')
const request = { service, keepsOtherFamily: false, ttl: 60 }
const sets = (a: readonly Address[], aaaa: readonly Address[], ttl = 30): readonly CurrentRRset[] => [
  rrset({ name: service, type: 'A' }, a, [], ttl),
  rrset({ name: service, type: 'AAAA' }, aaaa, [], ttl),
]
const outline = (addresses: readonly Address[], current: readonly CurrentRRset[], keepsOtherFamily = false): readonly string[] =>
  planRepoint({ ...request, addresses, keepsOtherFamily }, current).map(({ key, after }) => `${key.type} ${after.values.join(' ')} ${after.ttl}`)

describe('a repoint', () => {
  const cases: readonly (readonly [string, readonly Address[], readonly Address[], readonly Address[], readonly string[]])[] = [
    ['replaces a set', [v4(1)], [], [v4(9)], ['A 192.0.2.9 30']],
    ['replaces all of a set', [v4(1), v4(2)], [], [v4(9)], ['A 192.0.2.9 30']],
    ['replaces both families', [v4(1)], [v6(1)], [v4(9), v6(9)], ['A 192.0.2.9 30', 'AAAA 2001:db8::9 30']],
    ['empties a family without an address, last', [v4(1)], [v6(1)], [v4(9)], ['A 192.0.2.9 30', 'AAAA  0']],
    ['fills the one family before it empties the other', [v4(1)], [], [v6(9)], ['AAAA 2001:db8::9 30', 'A  0']],
    ['only empties, where the rest is there', [v4(9)], [v6(1)], [v4(9)], ['AAAA  0']],
    ['only takes away', [v4(1), v4(9)], [], [v4(9)], ['A 192.0.2.9 30']],
    ['does nothing where all is there', [v4(9)], [v6(9)], [v6(9), v4(9)], []],
    ['fills a name without records, with the site’s TTL', [], [], [v4(9)], ['A 192.0.2.9 60']],
    ['gives a new family the TTL of the other', [v4(9)], [], [v4(9), v6(9)], ['AAAA 2001:db8::9 30']],
    ['plans nothing for no address', [v4(1)], [v6(1)], [], []],
  ]
  it.each(cases)('%s', (_, a, aaaa, addresses, expected) => {
    expect(outline(addresses, sets(a, aaaa))).toEqual(expected)
  })

  it('leaves the other family alone when told to', () => {
    expect(outline([v4(9)], sets([v4(1)], [v6(1)]), true)).toEqual(['A 192.0.2.9 30'])
    expect(repointedTo({ ...request, addresses: [v4(9)], keepsOtherFamily: true }, sets([v4(1)], [v6(1)]))).toEqual([v4(9), v6(1)])
    expect(repointedTo({ ...request, addresses: [v4(9)] }, sets([v4(1)], [v6(1)]))).toEqual([v4(9)])
  })

  it('says of each address why it comes, stays or goes', () => {
    const [change] = planRepoint({ ...request, addresses: [v4(2), v4(9)] }, sets([v4(1), v4(2)], []))
    expect(change?.reasons.map(({ address, action, text }) => `${action} ${address}: ${text}`)).toEqual([
      'keep 192.0.2.2: the service subdomain leads to it already',
      'add 192.0.2.9: the service subdomain is pointed at it',
      'remove 192.0.2.1: the service subdomain leads elsewhere from now on',
    ])
  })

  it('never touches a mark, nor another name', () => {
    const marked = [rrset({ name: service, type: 'A' }, [v4(1)], [v4(5)]), rrset({ name: named('ams.example.com'), type: 'A' }, [v4(2)], [])]
    const changes = planRepoint({ ...request, addresses: [v4(9)] }, marked)
    expect(changes.map(({ key, after }) => ({ name: key.name, owned: after.owned }))).toEqual([{ name: service, owned: [v4(5)] }])
  })
})

const some = (address: (number: number) => Address): fc.Arbitrary<readonly Address[]> => fc.subarray([1, 2, 3, 4].map(address))

it('never passes through an empty name, ends with what was asked for, and twice is once', () => {
  fc.assert(
    fc.property(some(v4), some(v6), some(v4), some(v6), fc.boolean(), (a, aaaa, wanted4, wanted6, keepsOtherFamily) => {
      const addresses = [...wanted4, ...wanted6]
      const asked = { ...request, addresses, keepsOtherFamily }
      let current = sets(a, aaaa)
      const to = repointedTo(asked, current)
      for (const { key, after } of planRepoint(asked, current)) {
        const hadAny = current.some(({ values }) => values.length > 0)
        current = current.map((each) => (each.key.type === key.type ? { ...each, ...after } : each))
        expect(!hadAny || current.some(({ values }) => values.length > 0)).toBe(true)
      }
      if (addresses.length > 0) expect(current.flatMap(({ values }) => values)).toEqual(to)
      else expect(current).toEqual(sets(a, aaaa))
      expect(planRepoint(asked, current)).toEqual([])
    }),
  )
})
