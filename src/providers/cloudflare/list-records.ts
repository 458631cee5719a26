import { ProviderError } from '../provider-error.ts'
import type { Purpose } from './budget.ts'
import type { Client } from './client.ts'
import { listOf, StoredRecord } from './envelope.ts'
import type { RecordsQuery } from './sdk.ts'
import type { Zone } from './zones.ts'

/** Every record of a list, or that the zone has too many to list them all. */
export type Listing = { readonly kind: 'all'; readonly records: readonly StoredRecord[] } | { readonly kind: 'too-many'; readonly total: number }

export interface ListRequest {
  readonly zone: Zone
  /** Records in a page; of a list without filter more are too many. */
  readonly pageSize: number
  readonly filter: Pick<RecordsQuery, 'name' | 'type'>
  readonly purpose: Purpose
}

type Attempt = Listing | { readonly kind: 'broken'; readonly text: string }

/** A name that may be written in another alphabet than the zone's is believed. */
const isElsewhere = (name: string, zone: Zone): boolean => !/\P{ASCII}/u.test(name) && !`.${name.toLowerCase()}`.endsWith(`.${zone.name}`)

const broken = (text: string): Attempt => ({ kind: 'broken', text })

/**
 * One pass over the pages. The list is whole only if every page is as long as it says, no record comes twice, and they
 * add up: pages may be cut short, come twice, or move while they are read, and a record that is passed over would be
 * taken for removed. What a filtered list says of its total is documented as that of the unfiltered one, so there a
 * page that is not full is the last.
 */
const attempt = async (client: Client, { zone, pageSize, filter, purpose }: ListRequest, signal: AbortSignal): Promise<Attempt> => {
  const isFiltered = Object.keys(filter).length > 0
  const records = new Map<string, StoredRecord>()
  let total: number | undefined
  for (let page = 1; ; page += 1) {
    const query = { page, per_page: pageSize, ...filter }
    const what = `read the records of zone ${zone.name}`
    const call = { what, isWrite: false, purpose, schema: listOf(StoredRecord) }
    const { result, result_info: info } = await client.call({ ...call, ask: (sdk, until) => sdk.listRecords(zone.id, query, until) }, signal)
    if (!isFiltered && page === 1 && info.total_count > pageSize) return { kind: 'too-many', total: info.total_count }
    total ??= info.total_count
    if (info.page !== page) return broken(`page ${info.page} came for page ${page}`)
    if (info.count !== result.length) return broken(`page ${page} holds ${result.length} records and says ${info.count}`)
    if (info.total_count !== total) return broken(`the zone changed from ${total} to ${info.total_count} records meanwhile`)
    // Of a list that does not belong here, what is missing is not gone.
    const stray = result.find(({ name }) => isElsewhere(name, zone))
    if (stray !== undefined) return broken(`${JSON.stringify(stray.name.slice(0, 80))} is no name of the zone`)
    for (const record of result) records.set(record.id, record)
    const expected = isFiltered ? undefined : Math.min(page * info.per_page, total)
    if (expected !== undefined && records.size !== expected) return broken(`after page ${page} there are ${records.size} different records, not ${expected}`)
    if (isFiltered ? result.length < info.per_page : records.size === total) return { kind: 'all', records: [...records.values()] }
    if (result.length === 0) return broken(`page ${page} is empty`)
  }
}

/** Reads a list, a second time if the first was not whole. @throws ProviderError */
export const listRecords = async (client: Client, request: ListRequest, signal: AbortSignal): Promise<Listing> => {
  const first = await attempt(client, request, signal)
  if (first.kind !== 'broken') return first
  const second = await attempt(client, request, signal)
  if (second.kind !== 'broken') return second
  throw new ProviderError(`cannot read the records of zone ${request.zone.name} at Cloudflare: the list is not whole, twice in a row (${second.text})`, {
    code: 'unavailable',
    outcome: 'unchanged',
  })
}
