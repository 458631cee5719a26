import { expect, it } from 'vitest'
import { createServiceZones } from '../../src/compose/service-zones.ts'
import { createZones } from '../../src/compose/zones.ts'
import { isWithin } from '../../src/core/fqdn.ts'
import { systemClock } from '../../src/engine/clock.ts'
import type { NameService, ServiceZones } from '../../src/engine/ports.ts'
import { ProviderError } from '../../src/providers/provider-error.ts'
import type { Provider } from '../../src/providers/provider.ts'
import { at, named } from '../core/samples.ts'

const { signal } = new AbortController()
const server = { name: 'ns.example.net', endpoint: { address: at('192.0.2.53'), port: 53 } }
const nameService: Pick<NameService, 'serversOf' | 'ask'> = {
  serversOf: async () => [server],
  ask: async (asked, { name }, zone) => ({ server: asked, askedAt: 0, answeredAt: 0, outcome: { kind: 'lame', detail: `${name} asked in ${zone}` } }),
}
const holding = (zone: string): Provider => ({
  capabilities: { compareAndSet: true, marks: 'txt', minTtl: 1, batch: 1 },
  zoneOf: async (name) => (isWithin(name, named(zone)) ? named(zone) : undefined),
  read: async () => [],
  apply: async () => undefined,
})
const zonesOf = (...providers: readonly Provider[]): ServiceZones =>
  createServiceZones(createZones({ providers, nameservers: undefined, nameService, clock: systemClock }), nameService, systemClock)

it('finds the provider that holds a service subdomain, and who answers for it', async () => {
  const [outer, inner] = [holding('example.com'), holding('eu.example.com')]
  const name = named('msk.eu.example.com')
  const place = await zonesOf(outer, inner).of(name, signal)
  if (place.kind !== 'ours') throw new Error(place.kind)
  expect(place.provider).toBe(inner)
  expect(await place.authorities.servers(signal)).toEqual([server])
  expect((await place.authorities.ask(server, { name, type: 'A' }, signal)).outcome).toEqual({ kind: 'lame', detail: 'msk.eu.example.com asked in eu.example.com' })
})

it('tells a name of nobody’s from one that nobody can tell of', async () => {
  const broken: Provider = { ...holding('example.com'), zoneOf: async () => Promise.reject(new ProviderError('the API is down', { code: 'unavailable', outcome: 'unchanged' })) }
  expect(await zonesOf(holding('example.net')).of(named('msk.example.com'), signal)).toEqual({ kind: 'not-ours' })
  expect(await zonesOf(holding('example.net'), broken).of(named('msk.example.com'), signal)).toEqual({ kind: 'unknown', detail: 'the API is down' })
})
