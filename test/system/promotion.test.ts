import { describe, onTestFinished } from 'vitest'
import { createRfc2136 } from '../../src/providers/rfc2136/rfc2136.ts'
import { named } from '../core/samples.ts'
import { a, startZone } from '../engine/service-bench.ts'
import { serverMissing, titled } from './servers/available.ts'
import { ddnsKey } from './servers/keys.ts'
import { startNamed } from './servers/named.ts'
import { promotionCases, type WrittenZone } from './servers/promotion-cases.ts'

const embedded = async (): Promise<WrittenZone> => {
  const provider = await startZone()
  return {
    zone: 'example.com',
    provider,
    put: (name, data) => provider.edit({ put: [a(name, data)] }, new AbortController().signal),
    lookup: async (name) => provider.records().find((each) => each.name === name && each.type === 'A')?.data ?? [],
  }
}

const bind = async (): Promise<WrittenZone> => {
  const server = await startNamed({ zone: 'plain.example', isSigned: false })
  onTestFinished(() => server.stop())
  const { zone, endpoint } = server
  const provider = createRfc2136({ server: endpoint, zone, tsig: ddnsKey, wallNow: () => Date.now() })
  return {
    zone,
    provider: { ...provider, servers: [endpoint] },
    put: (name, data) => server.edit({ add: [{ name: named(name), ttl: 30, type: 'A', data }] }),
    lookup: async (name) => (await server.transfer()).filter((each) => each.name === name && each.type === 'A').map(({ data }) => data).toSorted(),
  }
}

const missing = serverMissing('named', 'nsupdate', 'dig')

describe('a region that stays down, in an embedded zone', () => promotionCases(embedded))
describe.skipIf(missing !== undefined)(titled('a region that stays down, at BIND 9', missing), () => promotionCases(bind))
