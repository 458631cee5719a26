import { endpointText, type Endpoint } from '../../core/endpoint.ts'
import { type Fqdn, isWithin } from '../../core/fqdn.ts'
import type { RRsetKey } from '../../core/rrset.ts'
import { scopeOf, type Address } from '../../core/address.ts'
import { ProviderError } from '../provider-error.ts'
import type { Provider } from '../provider.ts'
import { applyChanges, readRRset } from './address-rrset.ts'
import { defaultRecords } from './default-records.ts'
import { openZone } from './open-zone.ts'
import { listenBoth } from './listen-both.ts'
import { listRRsets, parseRRset, type StoredRRset, withRRsets, type Zone, type ZoneRRset } from './zone.ts'
import { createZoneStore } from './zone-store.ts'

/** One line for people. */
export type EmbeddedLog = (level: 'info' | 'warn', message: string) => void

export interface EmbeddedOptions {
  /** UDP and TCP; port 0 takes a free one. */
  readonly listen: Endpoint
  readonly zone: Fqdn
  /** Where the zone and its serial are kept across restarts; without it they are gone with the process. */
  readonly stateFile?: string | undefined
  readonly log?: EmbeddedLog | undefined
  /** The name server's name in SOA and NS; default `ns.` and the zone. */
  readonly nsName?: Fqdn | undefined
  /** Records that the zone starts with. */
  readonly records?: readonly ZoneRRset[] | undefined
  /** Milliseconds since the epoch, for serials; default the machine's clock. */
  readonly wallNow?: (() => number) | undefined
  /** TCP connections at once (default 100), and milliseconds that one may be idle (default 10,000). */
  readonly tcp?: { readonly maxConnections?: number; readonly idleMs?: number } | undefined
}

export interface Embedded extends Provider {
  /** Where it listens, with the port that it really got. */
  address(): Endpoint
  /** The zone's RRsets, without the SOA, in a stable order. */
  records(): readonly ZoneRRset[]
  serial(): number
  /** Removes and then replaces whole RRsets of any type, as one step; what is already so changes nothing. @throws ProviderError */
  edit(edit: { readonly remove?: readonly Pick<ZoneRRset, 'name' | 'type'>[]; readonly put?: readonly ZoneRRset[] }, signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

const maxChanges = 1000

const rejected = (message: string): ProviderError => new ProviderError(message, { code: 'rejected', outcome: 'unchanged' })

const editZone = (zone: Zone, remove: readonly Pick<ZoneRRset, 'name' | 'type'>[], put: readonly ZoneRRset[]): Zone => {
  const stored: StoredRRset[] = []
  for (const rrset of put) {
    const parsed = parseRRset(zone.origin, rrset)
    if (typeof parsed === 'string') throw rejected(parsed)
    stored.push(parsed)
  }
  const next = withRRsets(zone, { remove, put: stored })
  if (typeof next === 'string') throw rejected(next)
  return next
}

/** Where we reach ourselves: an unspecified listening address is reached by loopback. */
const reachable = (listen: Endpoint, port: number): Endpoint =>
  scopeOf(listen.address) === 'unspecified' ? { address: (listen.address.includes(':') ? '::1' : '127.0.0.1') as Address, port } : { address: listen.address, port }

/**
 * An authoritative name server for one zone inside this process: for the demo, for tests, and for a subzone that is
 * delegated to this machine. It is a single point of failure: one process, without secondaries. When it stops, nobody
 * answers for the zone. Use a real name server or a hosted zone for what matters.
 * @throws if it cannot listen, or its state cannot be read or saved, or a record is not valid.
 */
export const createEmbedded = async (options: EmbeddedOptions): Promise<Embedded> => {
  const { zone: origin, listen, stateFile } = options
  const wallNow = options.wallNow ?? Date.now
  const nsName = options.nsName ?? `ns.${origin}`
  const configured = options.records ?? []
  const starting = [...configured, ...defaultRecords(origin, nsName, listen, configured)]
  const { zone, base } = await openZone({ origin, base: starting, stateFile, wallNow, log: options.log ?? (() => undefined) })
  const store = createZoneStore(zone, { stateFile, base, wallNow, log: options.log ?? (() => undefined) })
  const listener = await listenBoth({ listen, nsName, zone: store.current, tcp: { maxConnections: 100, idleMs: 10_000, ...options.tcp } })
  const address = { address: listen.address, port: listener.port }
  options.log?.('info', `the zone ${origin}, serial ${store.current().serial}, is served at ${endpointText(address)}`)

  const refuseAborted = (signal: AbortSignal): void => {
    if (signal.aborted) throw new ProviderError(`aborted before the zone ${origin} was asked`, { code: 'unavailable', outcome: 'unchanged', cause: signal.reason })
  }

  return {
    capabilities: { compareAndSet: true, marks: 'txt', minTtl: 0, batch: maxChanges },
    servers: [reachable(listen, listener.port)],
    address: () => address,
    records: () => listRRsets(store.current()),
    serial: () => store.current().serial,
    zoneOf: async (name) => (isWithin(name, origin) ? origin : undefined),
    read: async (keys: readonly RRsetKey[], signal) => {
      refuseAborted(signal)
      return keys.map((key) => readRRset(store.current(), key))
    },
    apply: async (changes, signal) => {
      refuseAborted(signal)
      if (changes.length > maxChanges) throw rejected(`${changes.length} changes at once; the most is ${maxChanges}`)
      await store.update((current) => applyChanges(current, changes), signal)
    },
    edit: async ({ remove = [], put = [] }, signal) => store.update((current) => editZone(current, remove, put), signal),
    close: async () => {
      await listener.close()
      await store.idle()
    },
  }
}
