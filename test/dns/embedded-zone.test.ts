import { afterAll, beforeAll, expect, it } from 'vitest'
import { createNameService } from '../../src/dns/name-service.ts'
import { resolveInZone } from '../../src/dns/service-resolution.ts'
import { createEmbedded, type Embedded } from '../../src/providers/embedded/embedded.ts'
import { address, fqdn } from '../fakes/dns-names.ts'

const zone = fqdn('example.test')
let server: Embedded
beforeAll(async () => {
  server = await createEmbedded({
    listen: { address: address('127.0.0.1'), port: 0 },
    zone,
    wallNow: () => 1_700_000_000_000,
    records: [
      { name: 'msk.example.test', type: 'A', ttl: 60, data: ['127.0.0.11'] },
      { name: 'ams.example.test', type: 'CNAME', ttl: 60, data: ['box.example.test.'] },
      { name: 'box.example.test', type: 'AAAA', ttl: 60, data: ['2001:db8::1'] },
      { name: 'big.example.test', type: 'A', ttl: 60, data: Array.from({ length: 100 }, (_, at) => `192.0.2.${at + 1}`) },
    ],
  })
})
afterAll(() => server.close())

/** The client against a whole server, with a second one that nobody runs. */
it('reads a zone, over TCP where needed, and resolves its service names', async () => {
  const signal = AbortSignal.timeout(10_000)
  const nameservers = [server.address(), { address: address('127.0.0.99'), port: server.address().port }]
  const names = createNameService({ resolvers: [server.address()], nameservers, now: () => performance.now() })
  const servers = await names.serversOf(zone, signal)
  const [first, second] = servers
  if (first === undefined || second === undefined) throw new Error('two servers')

  expect(await names.ping(first, zone, signal)).toEqual({ kind: 'answer', values: [], ttl: 3600, serial: 1_700_000_000 })
  expect(await names.ping(second, zone, signal)).toEqual({ kind: 'unreachable', detail: 'refused the connection (nothing listens there), 3 times' })
  expect((await names.ask(first, { name: fqdn('big.example.test'), type: 'A' }, zone, signal)).outcome).toMatchObject({ kind: 'answer', ttl: 60, serial: 1_700_000_000, values: { length: 100 } })
  expect((await names.ask(first, { name: fqdn('www.other.test'), type: 'A' }, fqdn('other.test'), signal)).outcome).toEqual({ kind: 'lame', detail: 'answered REFUSED for the zone other.test' })
  expect(await resolveInZone(fqdn('msk.example.test'), servers, zone, names, signal)).toEqual({
    v4: { kind: 'found', addresses: ['127.0.0.11'] },
    v6: { kind: 'nothing', detail: 'msk.example.test has no AAAA record (NOERROR)' },
  })
  expect(await resolveInZone(fqdn('ams.example.test'), servers, zone, names, signal)).toMatchObject({ v6: { kind: 'found', addresses: ['2001:db8::1'] } })
  expect(await names.resolve(fqdn('ams.example.test'), signal)).toEqual({
    v4: { kind: 'nothing', detail: 'box.example.test has no A record' },
    v6: { kind: 'found', addresses: ['2001:db8::1'] },
  })
})
