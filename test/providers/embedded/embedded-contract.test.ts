import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseFqdn } from '../../../src/core/fqdn.ts'
import { createEmbedded } from '../../../src/providers/embedded/embedded.ts'
import { recordTypes } from '../../../src/providers/embedded/presentation.ts'
import type { ZoneRRset } from '../../../src/providers/embedded/zone.ts'
import { addressOf } from '../../../src/contract/bench.ts'
import { type ProviderSetup, runProviderContract, type ZoneRecord } from '../../../src/contract/provider-contract.ts'
import { lookupAt, serialAt } from '../../fakes/dns-lookup.ts'

const zone = parseFqdn('example.test')
if (zone === undefined) throw new Error('a name')

const setup = async (stateFile: string | undefined, cleanUp: () => Promise<void>): Promise<ProviderSetup> => {
  const provider = await createEmbedded({ listen: { address: addressOf('127.0.0.1'), port: 0 }, zone, stateFile })

  const withRecord = (sets: readonly ZoneRRset[], record: ZoneRecord): readonly ZoneRRset[] => {
    const type = recordTypes.find((each) => each === record.type)
    if (type === undefined) throw new Error(`no type ${record.type}`)
    const isSame = (set: ZoneRRset): boolean => set.name === record.name && set.type === type
    const current = sets.find(isSame) ?? provider.records().find(isSame)
    const grown = { name: record.name, type, ttl: record.ttl, data: [...(current?.data ?? []), record.data] }
    return [...sets.filter((set) => !isSame(set)), grown]
  }

  return {
    provider,
    zone,
    lookup: async (name, type) => lookupAt(provider.address(), name, type),
    serial: async () => serialAt(provider.address(), zone),
    snapshot: async () => provider.records().flatMap(({ data, ...set }) => data.map((text) => ({ ...set, data: text }))),
    edit: async ({ remove = [], add = [] }) => {
      const signal = AbortSignal.timeout(5000)
      const removed = remove.flatMap(({ name, type }) => recordTypes.filter((each) => each === type).map((each) => ({ name, type: each })))
      await provider.edit({ remove: removed }, signal)
      await provider.edit({ put: add.reduce<readonly ZoneRRset[]>(withRecord, []) }, signal)
    },
    close: async () => {
      await provider.close()
      await cleanUp()
    },
  }
}

runProviderContract('embedded, in memory', async () => setup(undefined, async () => undefined))

runProviderContract('embedded, with a state file', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'embedded-'))
  return setup(join(directory, 'zone.json'), () => rm(directory, { recursive: true }))
})
