import type { Heartbeat } from '../../src/core/heartbeat.ts'
import { noOrders, type Orders } from '../../src/core/orders.ts'
import type { Address } from '../../src/core/address.ts'
import { content, type CurrentRRset, keyText, type RRsetContent, type RRsetKey } from '../../src/core/rrset.ts'
import type { Site } from '../../src/core/site.ts'
import { emptyState, type SiteState } from '../../src/core/site-state.ts'
import type { EngineEvent } from '../../src/engine/events.ts'
import type { SitePorts } from '../../src/engine/ports.ts'
import type { SiteTiming } from '../../src/engine/run-site.ts'
import type { Provider } from '../../src/providers/provider.ts'
import { ProviderError } from '../../src/providers/provider-error.ts'
import { check, main, named, policy } from '../core/samples.ts'
import { createVirtualTime, processClock, type VirtualTime } from '../simulation/virtual-time.ts'

/** What is really there, changed by the test as it pleases. */
export interface World {
  /** Addresses that do not serve. */
  readonly dead: Set<Address>
  /** Addresses that take connections and answer nothing. */
  readonly frozen: Set<Address>
  /** How long a check of this address takes that is answered. */
  tookMs: (address: Address) => number
  /** Nothing gets out: checks end in timeouts, or without a route, and nobody answers. */
  line: 'carries' | 'silent' | 'no-route'
  areNameServersSilent: boolean
  provider: 'answers' | 'unreachable' | 'hangs'
  disk: 'takes' | 'full'
  /** Thrown by the next check of this address: a fault of the program's own. */
  bug: Address | undefined
  /** What operators have ordered. */
  orders: Orders
  wallOffset: number
  /** What the web server at an address has of a writer's heartbeat. */
  heartbeatAt: (address: Address, writer: string) => Heartbeat | 'missing' | 'failed'
  /** What it serves at a URL; undefined: nothing. */
  pageAt: (address: Address, url: string) => string | undefined
}

export interface Bench {
  readonly time: VirtualTime
  readonly world: World
  readonly ports: SitePorts
  readonly zone: Map<string, RRsetContent>
  /** The A sets of the main domain, each as it came to be. */
  readonly history: { readonly at: number; readonly values: readonly Address[] }[]
  readonly events: (EngineEvent & { readonly at: number })[]
  /** How often the provider was read. */
  reads(): number
  checks(): number
  /** Sleeps and timers that have not ended. */
  sleeping(): number
  saved(): SiteState | undefined
  /** Events of these kinds since the start, as `kind` or what tells most of them. */
  told(...kinds: readonly EngineEvent['kind'][]): readonly (EngineEvent & { readonly at: number })[]
}

export const timing: SiteTiming = { resolveMs: 30_000, auditMs: 60_000, tickMs: 1_000, verifyMs: 30_000 }

export const siteOf = (regions: Readonly<Record<string, Address>>, changes: Partial<Site> = {}): Site => ({
  name: main,
  names: [main],
  provider: 'simulated',
  ttl: 60,
  regions: Object.entries(regions).map(([name, address]) => ({ name, role: 'active', source: { kind: 'fixed', addresses: [address] }, replacements: [], promoteAfterMs: undefined })),
  check,
  policy,
  reference: [],
  windows: [],
  sources: {},
  quorum: undefined,
  replication: undefined,
  ...changes,
})

const minute = 60_000
export const minutes = (count: number): number => count * minute

/** Everything that a site's engine talks to, in one process and in time that passes as fast as it can. */
export const makeBench = (): Bench => {
  const time = createVirtualTime()
  const world: World = { dead: new Set(), frozen: new Set(), tookMs: () => 10, line: 'carries', areNameServersSilent: false, provider: 'answers', disk: 'takes', bug: undefined, orders: noOrders, wallOffset: 1_800_000_000_000, heartbeatAt: () => 'missing', pageAt: () => undefined }
  const zone = new Map<string, RRsetContent>()
  const history: { at: number; values: readonly Address[] }[] = []
  const events: (EngineEvent & { readonly at: number })[] = []
  let [reads, checks, sleeping] = [0, 0, 0]
  const timers = new Set<object>()
  let saved: SiteState | undefined
  const wait = (ms: number): Promise<void> => new Promise((resolve) => void time.at(time.now() + ms, resolve))
  const clock = processClock(time, 0, () => world.wallOffset)
  const get = (key: RRsetKey): RRsetContent => zone.get(keyText(key)) ?? content([], 0, [])

  const answer = async (signal: AbortSignal): Promise<void> => {
    if (world.provider === 'hangs' && !signal.aborted) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    await wait(20)
    if (signal.aborted) throw new ProviderError('aborted', { code: 'unavailable', outcome: 'unknown' })
    if (world.provider === 'unreachable') throw new ProviderError('the provider does not answer', { code: 'unavailable', outcome: 'unchanged' })
  }
  const provider: Provider = {
    capabilities: { compareAndSet: true, marks: 'txt', minTtl: 1, batch: 100 },
    zoneOf: async (name) => (name.endsWith('example.com') ? named('example.com') : undefined),
    read: async (keys, signal): Promise<readonly CurrentRRset[]> => {
      reads += 1
      await answer(signal)
      return keys.map((key) => ({ key, ...get(key) }))
    },
    apply: async (changes, signal) => {
      await answer(signal)
      for (const { key, after } of changes) {
        zone.set(keyText(key), after)
        if (key.name === main && key.type === 'A') history.push({ at: time.now(), values: after.values })
      }
    },
  }
  const server = { name: 'ns', endpoint: { address: '192.0.2.53' as Address, port: 53 } }
  const canAsk = (): boolean => world.line === 'carries' && !world.areNameServersSilent

  const ports: SitePorts = {
    clock: {
      ...clock,
      sleep: async (ms, signal) => {
        sleeping += 1
        await clock.sleep(ms, signal)
        sleeping -= 1
      },
      after: (ms, act) => {
        const waiting = {}
        timers.add(waiting)
        const cancel = clock.after(ms, () => {
          timers.delete(waiting)
          act()
        })
        return () => {
          timers.delete(waiting)
          cancel()
        }
      },
    },
    checker: {
      check: async ({ address, check: { bounds } }) => {
        checks += 1
        if (world.bug === address) {
          world.bug = undefined
          throw new TypeError('a bug')
        }
        const startedAt = clock.now()
        const { line } = world
        const isRefused = world.dead.has(address)
        const isSilent = line === 'silent' || world.frozen.has(address)
        await wait(isSilent ? bounds.totalMs : world.tookMs(address))
        const facts = { startedAt, finishedAt: clock.now(), timing: { totalMs: clock.now() - startedAt } }
        if (line === 'no-route') return { kind: 'cannot-tell', cause: 'no-route', detail: 'ENETUNREACH', ...facts }
        if (isSilent) return { kind: 'failed', cause: 'connect-timeout', detail: 'no answer', ...facts }
        return isRefused ? { kind: 'failed', cause: 'refused', detail: 'ECONNREFUSED', ...facts } : { kind: 'ok', status: 200, ...facts }
      },
    },
    heartbeats: {
      read: async ({ address, writer }) => {
        const askedAt = clock.now()
        await wait(10)
        const found = world.line === 'carries' && !world.dead.has(address) ? world.heartbeatAt(address, writer) : 'failed'
        return found === 'missing' || found === 'failed' ? { kind: found, askedAt, detail: found === 'missing' ? 'status 404' : 'refused: ECONNREFUSED' } : { kind: 'found', askedAt, heartbeat: found }
      },
      digest: async ({ address, url }) => {
        await wait(10)
        const digest = world.pageAt(address, url)
        return digest === undefined ? { kind: 'failed', detail: 'status 404' } : { kind: 'read', digest }
      },
    },
    resolver: { resolve: async () => ({ v4: { kind: 'failed', detail: 'not asked in this test' }, v6: { kind: 'failed', detail: 'not asked in this test' } }) },
    provider,
    authorities: {
      servers: async () => [server],
      ask: async (_, key) => {
        const askedAt = clock.now()
        await wait(canAsk() ? 5 : 2_000)
        const { values, ttl } = get(key)
        if (!canAsk()) return { server, askedAt, answeredAt: clock.now(), outcome: { kind: 'unreachable', detail: 'no answer' } }
        const outcome = values.length === 0 ? ({ kind: 'absent', rcode: 'NOERROR', serial: 1 } as const) : ({ kind: 'answer', values, ttl, serial: 1 } as const)
        return { server, askedAt, answeredAt: clock.now(), outcome }
      },
    },
    references: {
      ask: async () => {
        const askedAt = clock.now()
        const isBelated = !canAsk()
        await wait(isBelated ? 2_000 : 5)
        const witness = { name: 'name server ns', address: server.endpoint.address, isLocal: false }
        if (!canAsk()) return [{ ...witness, isAnswering: false, answeredAt: undefined }]
        return [{ ...witness, isAnswering: true, answeredAt: isBelated ? clock.now() : askedAt, isBelated }]
      },
    },
    store: {
      load: async () => saved ?? emptyState,
      save: async (_, state) => {
        if (world.disk === 'full') throw new Error('no space is left')
        saved = state
      },
    },
    orders: { load: async () => world.orders },
    serviceZones: { of: async () => ({ kind: 'not-ours' }) },
    local: new Set(),
    vantage: 'bench',
    random: () => 0.5,
    report: (event) => {
      if (event.kind !== 'checked' && event.kind !== 'cycled') events.push({ ...event, at: time.now() })
    },
  }
  return {
    time,
    world,
    ports,
    zone,
    history,
    events,
    reads: () => reads,
    checks: () => checks,
    sleeping: () => sleeping + timers.size,
    saved: () => saved,
    told: (...kinds) => events.filter(({ kind }) => kinds.includes(kind)),
  }
}
