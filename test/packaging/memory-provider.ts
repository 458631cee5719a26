import { ancestors, type Change, content, type CurrentRRset, type Fqdn, isWithin, type Obstacle, parseAddress, type Provider, ProviderError, type RRsetKey } from 'dns-failover/provider'

/** A record of the zone. Ownership is a flag on each, as it is a comment elsewhere. */
export interface MemoryRecord {
  readonly name: string
  readonly type: string
  /** Seconds. */
  readonly ttl: number
  /** Presentation format. */
  readonly data: string
  readonly isOurs: boolean
}

/** Where the records are: what is behind an API in a provider of use. */
export interface MemoryZone {
  readonly name: Fqdn
  records: readonly MemoryRecord[]
}

const refused = (message: string, obstacle: Obstacle): ProviderError => new ProviderError(message, { code: 'rejected', outcome: 'unchanged', obstacle })

const failIfAborted = (signal: AbortSignal): void => {
  if (signal.aborted) throw new ProviderError('aborted', { code: 'unavailable', outcome: 'unchanged', cause: signal.reason })
}

/** A provider over a zone in memory: the smallest that keeps the whole contract. */
export const createMemoryProvider = (zone: MemoryZone): Provider => {
  const at = (name: string, type: string): readonly MemoryRecord[] => zone.records.filter((record) => record.name === name && record.type === type)

  const current = (key: RRsetKey): CurrentRRset => {
    if (!isWithin(key.name, zone.name)) throw refused(`${key.name} is not in ${zone.name}`, 'not-in-zone')
    if (at(key.name, 'CNAME').length > 0) throw refused(`${key.name} is an alias`, 'cname')
    const cut = [key.name, ...ancestors(key.name)].find((name) => name !== zone.name && isWithin(name, zone.name) && at(name, 'NS').length > 0)
    if (cut !== undefined) throw refused(`${cut} is delegated`, 'delegation')
    const records = at(key.name, key.type)
    const addresses = (some: readonly MemoryRecord[]) => some.flatMap((record) => parseAddress(record.data) ?? [])
    return { key, ...content(addresses(records), records[0]?.ttl ?? 0, addresses(records.filter((record) => record.isOurs))) }
  }

  const recordsOf = ({ key, after }: Change): readonly MemoryRecord[] =>
    after.values.map((data) => ({ name: key.name, type: key.type, ttl: after.ttl, data, isOurs: after.owned.includes(data) }))

  return {
    capabilities: { compareAndSet: false, marks: 'comment', minTtl: 1, batch: 10 },
    zoneOf: async (name) => (isWithin(name, zone.name) ? zone.name : undefined),
    read: async (keys, signal) => {
      failIfAborted(signal)
      return keys.map(current)
    },
    apply: async (changes, signal) => {
      failIfAborted(signal)
      for (const change of changes) current(change.key)
      const isReplaced = (record: MemoryRecord): boolean => changes.some(({ key }) => key.name === record.name && key.type === record.type)
      zone.records = [...zone.records.filter((record) => !isReplaced(record)), ...changes.flatMap(recordsOf)]
    },
  }
}
