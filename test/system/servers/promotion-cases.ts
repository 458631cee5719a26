import { createServer, type Server } from 'node:http'
import { expect, it, onTestFinished } from 'vitest'
import { createChecker } from '../../../src/checks/checker.ts'
import { createHeartbeats } from '../../../src/checks/heartbeat.ts'
import { createAuthorities } from '../../../src/compose/authorities.ts'
import { createServiceResolver } from '../../../src/compose/service-resolver.ts'
import { createServiceZones } from '../../../src/compose/service-zones.ts'
import { createZones } from '../../../src/compose/zones.ts'
import type { Address } from '../../../src/core/address.ts'
import { noOrders, type Orders } from '../../../src/core/orders.ts'
import type { Site } from '../../../src/core/site.ts'
import { emptyState } from '../../../src/core/site-state.ts'
import { createNameService } from '../../../src/dns/name-service.ts'
import { systemClock } from '../../../src/engine/clock.ts'
import type { EngineEvent } from '../../../src/engine/events.ts'
import { runSite } from '../../../src/engine/run-site.ts'
import type { Provider } from '../../../src/providers/provider.ts'
import { at, check, named, policy, region, site } from '../../core/samples.ts'

/** A zone that takes writes, and a way to see it without our code. */
export interface WrittenZone {
  readonly zone: string
  readonly provider: Provider
  /** Puts `name 30 A data` there. */
  put(name: string, data: string): Promise<void>
  /** The data of a name's A records, in order. */
  lookup(name: string): Promise<readonly string[]>
}

const listen = (host: string, port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer((_, response) => void response.end('ok'))
    server.once('error', reject).listen(port, host, () => resolve(server))
  })
const portOf = (server: Server): number => {
  const bound = server.address()
  return bound === null || typeof bound === 'string' ? 0 : bound.port
}
const kill = (server: Server): void => {
  server.close()
  server.closeAllConnections()
}

const until = async (what: () => Promise<string>, wanted: string): Promise<void> => {
  const deadline = performance.now() + 20_000
  for (;;) {
    const is = await what()
    if (is === wanted) return
    if (performance.now() > deadline) throw new Error(`still ${is} instead of ${wanted} after 20 s`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

interface Watched {
  readonly dns: WrittenZone
  /** By region, and the spare of msk. */
  readonly servers: Readonly<Record<'msk' | 'ams' | 'spare', Server>>
  readonly events: EngineEvent[]
  order(orders: Orders): void
  /** What msk's subdomain and the main domain hold. */
  leads(): Promise<string>
}

const [msk, ams, spare] = ['127.0.0.11', '127.0.0.12', '127.0.0.19']

/** A site in a zone of a real name server, with real web servers, watched by the engine itself. */
const watched = async (start: () => Promise<WrittenZone>): Promise<Watched> => {
  const dns = await start()
  const { zone, provider } = dns
  const first = await listen(msk, 0)
  const servers = { msk: first, ams: await listen(ams, portOf(first)), spare: await listen(spare, portOf(first)) }
  onTestFinished(() => Object.values(servers).forEach(kill))
  for (const [name, address] of [['msk', msk], ['ams', ams], ['failover', msk]] as const) await dns.put(`${name}.${zone}`, address)
  const service = (name: string): { readonly kind: 'service'; readonly service: ReturnType<typeof named> } => ({ kind: 'service', service: named(`${name}.${zone}`) })
  const here: Site = site({
    names: [named(`failover.${zone}`)],
    // So that the replacement, too, may be withdrawn soon after.
    policy: { ...policy, allowPrivate: true, budgetWindowMs: 1000 },
    check: { ...check, url: `http://{site}:${portOf(first)}/`, everyMs: 200, confirmSpanMs: 100 },
    regions: [{ ...region('msk'), source: service('msk'), replacements: [[at(spare)]], promoteAfterMs: 1000 }, { ...region('ams'), source: service('ams') }],
  })
  const stop = new AbortController()
  const clock = systemClock
  const nameService = createNameService({ resolvers: [], nameservers: provider.servers, now: clock.now })
  const zones = createZones({ providers: [provider], nameservers: provider.servers, nameService, clock })
  const checker = createChecker({ now: clock.now })
  const events: EngineEvent[] = []
  let orders = noOrders
  const ports = {
    clock,
    checker,
    heartbeats: createHeartbeats({ now: clock.now }),
    provider,
    resolver: createServiceResolver(zones, nameService),
    authorities: createAuthorities(here, zones, nameService, clock),
    serviceZones: createServiceZones(zones, nameService, clock),
    references: { ask: async () => [] },
    store: { load: async () => emptyState, save: async () => undefined },
    orders: { load: async () => orders },
    local: new Set<Address>(),
    vantage: 'test',
    random: Math.random,
    report: (event: EngineEvent) => void events.push(event),
  }
  const timing = { resolveMs: 500, auditMs: 60_000, tickMs: 200, verifyMs: 5000 }
  const running = runSite(here, ports, timing, stop.signal)
  onTestFinished(async () => {
    stop.abort()
    await running
    await checker.close?.()
    await nameService.close?.()
  })
  const leads = async (): Promise<string> => `${(await dns.lookup(`msk.${zone}`)).join(' ')} | ${(await dns.lookup(`failover.${zone}`)).join(' ')}`
  await until(leads, `${msk} | ${msk} ${ams}`)
  return { dns, servers, events, order: (next) => void (orders = next), leads }
}

const promoted = (events: readonly EngineEvent[]): readonly string[] => events.flatMap((event) => (event.kind === 'promoted' ? [`${event.region}: ${event.from.join()} -> ${event.to.join()}`] : event.kind === 'promotion-failed' ? [event.text] : []))

/** What becomes of a region that stays down. */
export const promotionCases = (start: () => Promise<WrittenZone>): void => {
  it('points it at its replacement, and the main domain follows; not back by itself', async () => {
    const { servers, events, leads } = await watched(start)
    const diedAt = performance.now()
    kill(servers.msk)
    await until(leads, `${spare} | ${ams} ${spare}`)
    expect(performance.now() - diedAt).toBeGreaterThan(1000)
    const back = await listen(msk, portOf(servers.ams))
    onTestFinished(() => kill(back))
    kill(servers.spare)
    await until(leads, `${spare} | ${ams}`)
    await new Promise((resolve) => setTimeout(resolve, 1500))
    expect([await leads(), promoted(events)]).toEqual([`${spare} | ${ams}`, [`msk: ${msk} -> ${spare}`]])
  }, 60_000)

  it('leaves it while it is drained, and takes up where it stopped', async () => {
    const { servers, events, order, leads } = await watched(start)
    order({ ...noOrders, drains: { msk: { since: 0, until: undefined, reason: 'kernel', by: 'me', isForced: false, origin: 'order' } } })
    await until(leads, `${msk} | ${ams}`)
    kill(servers.msk)
    await new Promise((resolve) => setTimeout(resolve, 2000))
    expect([await leads(), promoted(events)]).toEqual([`${msk} | ${ams}`, []])
    order(noOrders)
    await until(leads, `${spare} | ${ams} ${spare}`)
  }, 60_000)
}
