import { parseFqdn } from 'dns-failover/provider'
import { runProviderContract, type ZoneRecord } from 'dns-failover/provider/contract'
import { createMemoryProvider, type MemoryZone } from './memory-provider.ts'

const asText = (record: ZoneRecord): string => [record.name, record.type, record.data].join(' ')

runProviderContract('a zone in memory', async () => {
  const name = parseFqdn('example.test')
  if (name === undefined) throw new Error('a name')
  const zone: MemoryZone = { name, records: [] }
  return {
    provider: createMemoryProvider(zone),
    zone: name,
    lookup: async (wanted, type) => {
      const found = zone.records.filter((record) => record.name === wanted && record.type === type)
      return { ttl: found[0]?.ttl ?? 0, data: found.map((record) => record.data).toSorted() }
    },
    snapshot: async () =>
      zone.records.map(({ name: at, type, ttl, data }): ZoneRecord => ({ name: at, type, ttl, data })).toSorted((a, b) => (asText(a) < asText(b) ? -1 : 1)),
    edit: async ({ remove = [], add = [] }) => {
      const kept = zone.records.filter((record) => !remove.some((each) => each.name === record.name && each.type === record.type))
      zone.records = [...kept, ...add.map((record) => ({ ...record, isOurs: false }))]
    },
    close: async () => undefined,
  }
})
