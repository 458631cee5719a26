import { ancestors, type Fqdn, isWithin } from '../../core/fqdn.ts'
import type { Purpose } from './budget.ts'
import type { Client } from './client.ts'
import type { StoredRecord } from './envelope.ts'
import { type Listing, listRecords, type ListRequest } from './list-records.ts'
import type { Zone } from './zones.ts'

/** Reads what matters at names of one zone: the records there, and the delegations at or above them. */
export interface Records {
  /** @throws ProviderError */
  at(zone: Zone, names: readonly Fqdn[], purpose: Purpose, signal: AbortSignal): Promise<readonly StoredRecord[]>
}

const isAtOrAbove = (record: StoredRecord, names: ReadonlySet<string>): boolean => names.has(record.name.toLowerCase())

/** Lists the whole zone where it is small, as one request then is enough; else each name, and the delegations. */
export const createRecords = (client: Client): Records => {
  const large = new Set<string>()

  const whole = async (request: ListRequest, signal: AbortSignal): Promise<Listing> => {
    if (large.has(request.zone.id)) return { kind: 'too-many' }
    const listing = await listRecords(client, request, signal)
    if (listing.kind === 'too-many') large.add(request.zone.id)
    return listing
  }

  const filtered = async (request: ListRequest, signal: AbortSignal): Promise<readonly StoredRecord[]> => {
    const listing = await listRecords(client, request, signal)
    return listing.kind === 'all' ? listing.records : []
  }

  return {
    at: async (zone, names, purpose, signal) => {
      const wanted = new Set<string>(names.flatMap(ancestors).filter((name) => isWithin(name, zone.name)))
      const listing = await whole({ zone, filter: {}, purpose }, signal)
      if (listing.kind === 'all') return listing.records.filter((record) => isAtOrAbove(record, wanted))
      const filters: readonly ListRequest['filter'][] = [{ type: 'NS' }, ...names.map((name) => ({ name: { exact: name } }))]
      const lists = await Promise.all(filters.map((filter) => filtered({ zone, filter, purpose }, signal)))
      const distinct = new Map(lists.flat().map((record) => [record.id, record]))
      return [...distinct.values()].filter((record) => isAtOrAbove(record, wanted))
    },
  }
}
