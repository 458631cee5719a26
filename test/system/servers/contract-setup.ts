import type { ProviderSetup, ZoneRecord } from '../../../src/contract/provider-contract.ts'
import { createRfc2136 } from '../../../src/providers/rfc2136/rfc2136.ts'
import { ddnsKey, type TestKey } from './keys.ts'
import type { ZoneServer } from './zone-server.ts'

/** What a server makes by itself when it signs a zone or changes it. */
const madeByServer: readonly string[] = ['SOA', 'RRSIG', 'NSEC', 'NSEC3', 'NSEC3PARAM', 'DNSKEY', 'CDS', 'CDNSKEY', 'TYPE65534']

const userRecords = (records: readonly ZoneRecord[]): readonly ZoneRecord[] => records.filter((record) => !madeByServer.includes(record.type))

/** The provider over a real server, for the contract suite. */
export const contractSetup = async (start: () => Promise<ZoneServer>, key: TestKey = ddnsKey): Promise<ProviderSetup> => {
  const server = await start()
  return {
    provider: createRfc2136({ server: server.endpoint, zone: server.zone, tsig: key, wallNow: () => Date.now() }),
    zone: server.zone,
    lookup: async (name, type) => {
      const set = userRecords(await server.transfer()).filter((record) => record.name === name && record.type === type)
      return { ttl: set[0]?.ttl ?? 0, data: set.map((record) => record.data).toSorted() }
    },
    edit: (edit) => server.edit(edit),
    snapshot: async () => userRecords(await server.transfer()),
    serial: () => server.serial(),
    close: () => server.stop(),
  }
}
