import { expect, it } from 'vitest'
import { createProxyGuard } from '../../src/compose/proxy-addresses.ts'
import type { Address } from '../../src/core/address.ts'
import type { FamilyResolution } from '../../src/core/answer.ts'

const found = (...addresses: readonly string[]): FamilyResolution => ({ kind: 'found', addresses: addresses as readonly string[] as readonly Address[] })
const nothing: FamilyResolution = { kind: 'nothing', detail: 'no such record' }
const refused = (address: string): FamilyResolution => ({
  kind: 'failed',
  detail: `it leads to ${address}, which is Cloudflare's own: it is proxied; set its records to "DNS only"`,
})

it.each([
  ['a server', found('203.0.113.10'), found('2001:db8::10'), found('203.0.113.10'), found('2001:db8::10')],
  ['the edge', found('104.21.3.4'), found('2606:4700:3030::1'), refused('104.21.3.4'), refused('2606:4700:3030::1')],
  ['the edge in one family', found('203.0.113.10'), found('2a06:98c1:3120::3'), found('203.0.113.10'), refused('2a06:98c1:3120::3')],
  ['the edge among others', found('203.0.113.10', '172.67.1.1'), nothing, refused('172.67.1.1'), nothing],
  ['its neighbours', found('104.15.255.255', '172.63.255.255', '131.0.76.0'), nothing, found('104.15.255.255', '172.63.255.255', '131.0.76.0'), nothing],
])('a service subdomain that leads to %s', (_, v4, v6, v4After, v6After) => {
  expect(createProxyGuard()({ v4, v6 })).toEqual({ v4: v4After, v6: v6After })
})
