import { onTestFinished } from 'vitest'
import { createServiceZones } from '../../src/compose/service-zones.ts'
import { createZones } from '../../src/compose/zones.ts'
import type { Address } from '../../src/core/address.ts'
import type { Endpoint } from '../../src/core/endpoint.ts'
import type { CheckResult } from '../../src/core/result.ts'
import { createNameService } from '../../src/dns/name-service.ts'
import { systemClock } from '../../src/engine/clock.ts'
import type { RepointPorts } from '../../src/engine/repoint.ts'
import { createEmbedded, type Embedded } from '../../src/providers/embedded/embedded.ts'
import type { ZoneRRset } from '../../src/providers/embedded/zone.ts'
import type { Provider } from '../../src/providers/provider.ts'
import { at, named } from '../core/samples.ts'

/** What a check of an address comes to: anything but `failed` and `cannot-tell` passes. */
export type Answers = Map<Address, 'failed' | 'cannot-tell'>

/** Takes no time, and says of each address what the test wants. */
export const checkerOf = (answers: Answers, asked: string[] = []): RepointPorts['checker'] => ({
  check: async ({ address, url }): Promise<CheckResult> => {
    asked.push(`${url} at ${address}`)
    const startedAt = systemClock.now()
    const facts = { startedAt, finishedAt: startedAt, timing: { totalMs: 0 } }
    const kind = answers.get(address)
    if (kind === 'failed') return { kind, cause: 'status', detail: 'status 503', ...facts }
    if (kind === 'cannot-tell') return { kind, cause: 'no-route', detail: 'ENETUNREACH', ...facts }
    return { kind: 'ok', status: 200, ...facts }
  },
})

/** Repoints in the zones of these providers, verified at the name servers that these name, by real DNS. */
export const portsFor = (providers: readonly Provider[], answers: Answers = new Map(), options: { readonly nameservers?: readonly Endpoint[]; readonly asked?: string[] } = {}): RepointPorts => {
  const { now } = systemClock
  const nameService = createNameService({ resolvers: [], nameservers: options.nameservers, now })
  onTestFinished(async () => nameService.close?.())
  const zones = createZones({ providers, nameservers: options.nameservers, nameService, clock: systemClock })
  return { clock: systemClock, checker: checkerOf(answers, options.asked), serviceZones: createServiceZones(zones, nameService, systemClock) }
}

export const a = (name: string, ...data: readonly string[]): ZoneRRset => ({ name: named(name), type: 'A', ttl: 30, data })
export const aaaa = (name: string, ...data: readonly string[]): ZoneRRset => ({ name: named(name), type: 'AAAA', ttl: 30, data })

/** The zone example.com in this process. */
export const startZone = async (...records: readonly ZoneRRset[]): Promise<Embedded> => {
  const embedded = await createEmbedded({ listen: { address: at('127.0.0.1'), port: 0 }, zone: named('example.com'), records })
  onTestFinished(() => embedded.close())
  return embedded
}

/** All of a zone but what makes it one. */
export const recordsOf = (embedded: Embedded): readonly string[] =>
  embedded.records().filter(({ type, name }) => type !== 'NS' && !name.startsWith('ns.')).map(({ name, type, ttl, data }) => `${name} ${ttl} ${type} ${data.join(' ')}`)
