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

/** Records: a zone with more is read by name, as its whole list would be slow when it matters. */
const pageSize = 1_000
/** For so many names the whole list is worth its time up to a page of this size; still one page, as others move while a zone is written to. */
const manyNames = 3
const largePageSize = 5_000

/** Lists the whole zone where that is one request for many; else each name, and the delegations. */
export const createRecords = (client: Client): Records => {
  /** Of zones that did not fit. */
  const totals = new Map<string, number>()

  const whole = async (request: ListRequest, signal: AbortSignal): Promise<Listing> => {
    const total = totals.get(request.zone.id) ?? 0
    if (total > request.pageSize) return { kind: 'too-many', total }
    const listing = await listRecords(client, request, signal)
    if (listing.kind === 'too-many') totals.set(request.zone.id, listing.total)
    return listing
  }

  const filtered = async (request: ListRequest, signal: AbortSignal): Promise<readonly StoredRecord[]> => {
    const listing = await listRecords(client, request, signal)
    return listing.kind === 'all' ? listing.records : []
  }

  return {
    at: async (zone, names, purpose, signal) => {
      const wanted = new Set<string>(names.flatMap(ancestors).filter((name) => isWithin(name, zone.name)))
      const listing = await whole({ zone, pageSize: names.length < manyNames ? pageSize : largePageSize, filter: {}, purpose }, signal)
      if (listing.kind === 'all') return listing.records.filter((record) => isAtOrAbove(record, wanted))
      const filters: readonly ListRequest['filter'][] = [{ type: 'NS' }, ...names.map((name) => ({ name: { exact: name } }))]
      const lists = await Promise.all(filters.map((filter) => filtered({ zone, pageSize, filter, purpose }, signal)))
      const distinct = new Map(lists.flat().map((record) => [record.id, record]))
      return [...distinct.values()].filter((record) => isAtOrAbove(record, wanted))
    },
  }
}
