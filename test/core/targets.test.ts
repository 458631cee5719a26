import { expect, it } from 'vitest'
import { checkUrl, documentUrl, type Region } from '../../src/core/site.ts'
import { targetsOf, withoutUnasked } from '../../src/core/targets.ts'
import { resolved } from './known-sites.ts'
import { at, check, keyA, keyAaaa, policy, region, rrset, site, upHealth, v4, v6 } from './samples.ts'

const ofService = site({ check: { ...check, url: 'http://{service}:8080/?for={site}' } })
const fixed: Region = { name: 'fixed', source: { kind: 'fixed', addresses: [v4(5)] }, role: 'active', replacements: [], promoteAfterMs: undefined }

it('fills in names, the main domain for a region without a subdomain', () => {
  expect([checkUrl(site(), region('msk')), checkUrl(ofService, region('msk')), checkUrl(ofService, fixed)]).toEqual([
    'https://failover.example.com/healthz',
    'http://msk.example.com:8080/?for=failover.example.com',
    'http://failover.example.com:8080/?for=failover.example.com',
  ])
})

const state = resolved({ msk: [v4(1), v6(1)], ams: [v4(2)] }, { retired: { [v4(3)]: 'ams' } })
const current = [rrset(keyA, [v4(1), v4(3), v4(9)]), rrset(keyAaaa, [])]

it('asks all that is or may be there, once each', () => {
  const url = 'https://failover.example.com/healthz'
  expect(targetsOf(site(), state, current)).toEqual([v4(1), v4(2), v4(3), v4(9), v6(1)].map((address) => ({ address, url })))
})

it('asks each region by its own subdomain, also where it led before, and nobody else', () => {
  const url = (name: string): string => `http://${name}.example.com:8080/?for=failover.example.com`
  expect(targetsOf(ofService, state, current)).toEqual([
    { address: v4(1), url: url('msk') },
    { address: v4(2), url: url('ams') },
    { address: v4(3), url: url('ams') },
    { address: v6(1), url: url('msk') },
  ])
})

it('does not ask what may never be published', () => {
  const odd = resolved({ msk: [at('10.0.0.1'), at('169.254.0.1')], ams: [v4(2)] })
  const targets = (allowPrivate: boolean) => targetsOf(site({ policy: { ...policy, allowPrivate } }), odd, []).map((each) => each.address)
  expect([targets(false), targets(true)]).toEqual([[v4(2)], [at('10.0.0.1'), v4(2)]])
})

it('forgets the health of what is not asked any more', () => {
  const known = { ...state, health: { [v4(1)]: upHealth(), [v4(9)]: upHealth(), [v6(9)]: upHealth() } }
  expect(withoutUnasked(known, targetsOf(ofService, known, current))).toEqual({ ...state, health: { [v4(1)]: upHealth() } })
})

it.each([
  ['https://{site}/healthz?x=1', 'https://failover.example.com/a.json'],
  ['http://{site}:8080', 'http://failover.example.com:8080/a.json'],
  ['HTTP://{service}:81/deep', 'http://failover.example.com:81/a.json'],
  ['https://other.example/a:9', 'https://failover.example.com/a.json'],
  ['https://[2001:db8::1]:8443/', 'https://failover.example.com:8443/a.json'],
])('reads the document root at %s under %s', (url, expected) => {
  expect(documentUrl(site({ check: { ...site().check, url } }), '/a.json')).toBe(expected)
})
