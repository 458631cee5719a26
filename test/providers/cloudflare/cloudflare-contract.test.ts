import { expect } from 'vitest'
import { parseFqdn } from '../../../src/core/fqdn.ts'
import { createCloudflare } from '../../../src/providers/cloudflare/cloudflare.ts'
import { runProviderContract, type ZoneRecord } from '../../../src/contract/provider-contract.ts'
import { type CloudflareApi, startCloudflareApi } from '../../fakes/cloudflare/cloudflare-api.ts'

const zone = parseFqdn('example.com')

const recordsOf = (api: CloudflareApi): readonly ZoneRecord[] => api.records('example.com').map(({ name, type, ttl, content }) => ({ name, type, ttl, data: content }))

const byText = (a: ZoneRecord, b: ZoneRecord): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)

const setups = [
  ['a small zone', {}],
  // A zone that would be listed in pages, as the fake gives no more than three records at a time.
  ['in pages', { maxPerPage: 3 }],
] as const

for (const [name, options] of setups) {
  runProviderContract(`cloudflare, ${name}`, async () => {
    if (zone === undefined) throw new Error('a name')
    const api = await startCloudflareApi({ zones: [zone, 'example.net'], requestLimit: 100_000, ...options })
    let ms = 0
    // The contract asks more than a user may ask in five minutes: here time flies.
    const provider = createCloudflare({ apiToken: api.token, baseUrl: api.baseUrl, now: () => (ms += 2_000), wallNow: Date.now })
    return {
      provider,
      zone,
      lookup: async (at, type) => {
        const found = api.records(zone).filter((record) => record.name === at && record.type === type)
        return { ttl: found[0]?.ttl ?? 0, data: found.map((record) => record.content).toSorted() }
      },
      edit: async ({ remove = [], add = [] }) => {
        api.remove(zone, (record) => remove.some((each) => each.name === record.name && each.type === record.type))
        api.plant(zone, add.map(({ data, ...record }) => ({ ...record, content: data })))
      },
      snapshot: async () => recordsOf(api).toSorted(byText),
      close: async () => {
        expect(api.offences()).toEqual([])
        await provider.close?.()
        await api.close()
      },
    }
  })
}
