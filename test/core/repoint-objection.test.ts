import { describe, expect, it } from 'vitest'
import { objectToRepoint, readAddresses } from '../../src/core/repoint-objection.ts'
import type { Site } from '../../src/core/site.ts'
import { resolved } from './known-sites.ts'
import { at, named, policy, region, site, v4, v6 } from './samples.ts'

const fixed = { ...region('fix'), source: { kind: 'fixed', addresses: [v4(30)] } } as const
const twin = { ...region('twin'), source: { kind: 'service', service: named('msk2.example.com') } } as const
const usual = site({ regions: [region('msk'), region('ams'), fixed] })
const state = resolved({ msk: [v4(1)], ams: [v4(2), v6(2)] })
const withMain = site({ names: [named('failover.example.com'), named('msk.example.com')] })
const shared = site({ regions: [region('msk'), { ...twin, source: region('msk').source }] })
const internal = site({ policy: { ...policy, allowPrivate: true } })

describe('a repoint is refused', () => {
  const cases: readonly (readonly [string, Site, string, readonly string[], string | undefined])[] = [
    ['of no region', usual, 'ber', ['192.0.2.9'], 'unknown-region: site failover.example.com has no region "ber" (its regions: msk, ams, fix)'],
    ['of a name that every object has', usual, '__proto__', ['192.0.2.9'], 'unknown-region: site failover.example.com has no region "__proto__" (its regions: msk, ams, fix)'],
    ['of fixed addresses', usual, 'fix', ['192.0.2.9'], 'not-repointable: region fix has fixed addresses and no service subdomain (change its `addresses` in the config, or give it a `service`)'],
    ['of a main domain', withMain, 'msk', ['192.0.2.9'], 'not-repointable: msk.example.com is a main domain of site failover.example.com, not a subdomain of one region (undefined)'],
    ['of a name that two regions have', shared, 'msk', ['192.0.2.9'], "not-repointable: msk.example.com is region twin's service subdomain as well (give each region a service subdomain of its own)"],
    ['to nothing', usual, 'msk', [], 'bad-address: no address was given for region msk (give at least one; a service subdomain is never left empty)'],
    ['to a private address', usual, 'msk', ['192.0.2.9', '10.0.0.1'], 'bad-address: 10.0.0.1 is a private address, which is never published for failover.example.com (set `allowPrivate: true` on site failover.example.com if its visitors reach such addresses)'],
    ['to one that never may be', internal, 'msk', ['169.254.0.1'], 'bad-address: 169.254.0.1 is a link-local address, which is never published for failover.example.com (undefined)'],
    ['to another region’s server', usual, 'msk', ['2001:db8::2'], 'address-taken: 2001:db8::2 serves region ams; an address serves one region (give region msk a server of its own, or repoint ams first)'],
    ['to another region’s fixed server', usual, 'msk', ['192.0.2.30'], 'address-taken: 192.0.2.30 serves region fix; an address serves one region (give region msk a server of its own, or repoint fix first)'],
    ['not to a private one where that is allowed', internal, 'msk', ['10.0.0.1'], undefined],
    ['not to its own', usual, 'msk', ['192.0.2.1'], undefined],
    ['not to others', usual, 'msk', ['192.0.2.9', '2001:db8::9'], undefined],
  ]
  it.each(cases)('%s', (_, where, name, addresses, expected) => {
    const objection = objectToRepoint(where, state, name, addresses.map(at))
    expect(objection && `${objection.code}: ${objection.text} (${objection.advice})`).toBe(expected)
  })
})

it('reads addresses, each once, and names the one that is none', () => {
  expect(readAddresses(['2001:DB8::9', '192.0.2.9', '2001:db8::9'])).toEqual({ kind: 'read', addresses: [v4(9), v6(9)] })
  expect(readAddresses(['192.0.2.9', '192.0.2.09'])).toMatchObject({ kind: 'bad', code: 'bad-address', text: '"192.0.2.09" is not an IP address' })
})
