import { addressSet, parseAddress } from '../../core/address.ts'
import { ancestors, type Fqdn, isWithin } from '../../core/fqdn.ts'
import { content, type CurrentRRset, type RRsetKey } from '../../core/rrset.ts'
import { type Obstacle, ProviderError } from '../provider-error.ts'
import type { Purpose } from './budget.ts'
import { isMarkable, isMarked } from './comment-mark.ts'
import type { StoredRecord } from './envelope.ts'
import type { Records } from './records.ts'
import type { Zone, Zones } from './zones.ts'

/** What a write from a reading needs: the records that the set was made of. */
export interface Version {
  readonly kind: 'cloudflare'
  readonly records: readonly StoredRecord[]
}

export const versionOf = ({ version }: CurrentRRset): Version | undefined =>
  typeof version === 'object' && version !== null && 'kind' in version && version.kind === 'cloudflare' ? (version as Version) : undefined

/** Seconds that resolvers are told: 1 is "automatic", which is five minutes. */
export const effectiveTtl = (record: Pick<StoredRecord, 'ttl'>): number => (record.ttl === 1 ? 300 : record.ttl)

const refused = (name: Fqdn, zone: string, obstacle: Obstacle, text: string): ProviderError =>
  new ProviderError(`cannot keep address records at ${name} in ${zone} at Cloudflare: ${text}`, { code: 'rejected', outcome: 'unchanged', obstacle })

/** Records by their names: a reading may be for a thousand names. */
type ByName = ReadonlyMap<string, readonly StoredRecord[]>

const byName = (records: readonly StoredRecord[]): ByName => {
  const found = new Map<string, StoredRecord[]>()
  for (const record of records) {
    const name = record.name.toLowerCase()
    const same = found.get(name)
    if (same === undefined) found.set(name, [record])
    else same.push(record)
  }
  return found
}

const refuseObstacles = (name: Fqdn, zone: Zone, all: ByName): void => {
  const above = ancestors(name).filter((each) => each !== zone.name && isWithin(each, zone.name))
  const cut = above.flatMap((each) => all.get(each) ?? []).find((record) => record.type === 'NS')
  if (cut !== undefined) throw refused(name, zone.name, 'delegation', `${cut.name} is delegated to other name servers (NS); keep the site in the zone ${cut.name} where that is served`)
  const alias = all.get(name)?.find((record) => record.type === 'CNAME')
  if (alias !== undefined && name === zone.name) throw refused(name, zone.name, 'flattening', `a CNAME record for ${alias.content} stands there, which Cloudflare flattens to addresses of its own choice; delete it`)
  if (alias !== undefined) throw refused(name, zone.name, 'cname', `it is an alias of ${alias.content} (CNAME); delete the CNAME record, or choose another name`)
}

const rrset = (key: RRsetKey, all: ByName): CurrentRRset => {
  const records = (all.get(key.name) ?? []).filter((record) => record.type === key.type)
  const addresses = records.map((record) => ({ record, address: parseAddress(record.content) }))
  const strange = addresses.find(({ address }) => address === undefined)
  if (strange !== undefined) {
    throw new ProviderError(`cannot read ${key.name} ${key.type} at Cloudflare: ${JSON.stringify(strange.record.content.slice(0, 60))} is not an address`, { code: 'unavailable', outcome: 'unchanged' })
  }
  const values = addresses.flatMap(({ address }) => address ?? [])
  const owned = addresses.flatMap(({ record, address }) => (address !== undefined && isMarked(record.comment) ? [address] : []))
  const full = addresses.flatMap(({ record, address }) => (address !== undefined && !isMarkable(record.comment) ? [address] : []))
  const unmarkable = full.length > 0 ? { unmarkable: addressSet(full) } : {}
  const version: Version = { kind: 'cloudflare', records }
  // Each record has a TTL of its own. Of several the longest is told, as a withdrawn address lives on for so long.
  // One proxied record makes all of the name's proxied: visitors then get Cloudflare's own addresses.
  const hidden = records.some((record) => record.proxied) ? { isHidden: true } : {}
  return { key, ...content(values, Math.max(0, ...records.map(effectiveTtl)), owned), ...hidden, ...unmarkable, version }
}

/** The names by zone. @throws ProviderError `not-in-zone` */
export const byZone = async (zones: Zones, keys: readonly RRsetKey[], signal: AbortSignal): Promise<ReadonlyMap<string, { readonly zone: Zone; readonly names: readonly Fqdn[] }>> => {
  const names = [...new Set(keys.map((key) => key.name))]
  const places = await Promise.all(names.map(async (name) => ({ name, zone: await zones.zoneOf(name, signal) })))
  const found = new Map<string, { readonly zone: Zone; readonly names: Fqdn[] }>()
  for (const { name, zone } of places) {
    if (zone === undefined) throw refused(name, 'any zone', 'not-in-zone', "none of the token's zones holds it; add the zone to the token, or check the name and `zoneId`")
    const same = found.get(zone.id)
    if (same === undefined) found.set(zone.id, { zone, names: [name] })
    else same.names.push(name)
  }
  return found
}

/** The RRsets as the API gives them now, in the order of the keys. @throws ProviderError */
export const readRRsets = async (zones: Zones, records: Records, keys: readonly RRsetKey[], purpose: Purpose, signal: AbortSignal): Promise<readonly CurrentRRset[]> => {
  if (keys.length === 0) return []
  const places = [...(await byZone(zones, keys, signal)).values()]
  const read = await Promise.all(places.map(async ({ zone, names }) => ({ zone, all: byName(await records.at(zone, names, purpose, signal)) })))
  return keys.map((key) => {
    const place = read.filter(({ zone }) => isWithin(key.name, zone.name)).toSorted((a, b) => b.zone.name.length - a.zone.name.length)[0]
    if (place === undefined) throw refused(key.name, 'any zone', 'not-in-zone', 'its zone was not read')
    refuseObstacles(key.name, place.zone, place.all)
    return rrset(key, place.all)
  })
}
