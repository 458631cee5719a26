import { hostname } from 'node:os'
import { createAsker } from './checks/asker.ts'
import { createChecker } from './checks/checker.ts'
import { createHeartbeats } from './checks/heartbeat.ts'
import { createHttpReference } from './checks/reference.ts'
import { createAuthorities } from './compose/authorities.ts'
import { localAddresses } from './compose/local-addresses.ts'
import type { Log } from './compose/log.ts'
import { createReferences } from './compose/references.ts'
import { observedProvider, type ProviderCall } from './compose/observed-provider.ts'
import { createServiceResolver } from './compose/service-resolver.ts'
import { createServiceZones } from './compose/service-zones.ts'
import { createSharedPings } from './compose/shared-pings.ts'
import { ProviderStartError, startProvider } from './compose/start-provider.ts'
import { systemResolvers } from './compose/system-resolvers.ts'
import { createOrderBook } from './compose/windows.ts'
import { createZones } from './compose/zones.ts'
import type { Config } from './config/config.ts'
import type { Site } from './core/site.ts'
import { createNameService } from './dns/name-service.ts'
import { systemClock } from './engine/clock.ts'
import type { EngineEvent } from './engine/events.ts'
import type { SitePorts } from './engine/ports.ts'
import type { Provider } from './providers/provider.ts'
import { createFileStore } from './store/file-store.ts'
import { createOrderStore, type OrderStore } from './store/order-store.ts'

export interface ComposeOptions {
  /** Nothing is written: no state, no zone file of an embedded provider. What providers do is the engine's part. */
  readonly isDryRun: boolean
  readonly log: Log
  readonly report: (event: EngineEvent) => void
  /** Providers that run already, by the config's names: they are taken over, not started. */
  readonly running?: ReadonlyMap<string, Provider>
  /** Told of each call of a provider that sites make. */
  readonly onProviderCall?: (call: ProviderCall) => void
}

/** A running program's parts, put together as the config says. */
export interface Composition {
  /** By the config's names. */
  readonly providers: ReadonlyMap<string, Provider>
  /** What one site's engine talks to; providers, checks and look-ups are shared by all sites. */
  portsOf(site: Site): SitePorts
  /** Where operators' orders are written down. */
  readonly orderStore: OrderStore
  /** Ends what was started: connections, and servers of embedded zones. */
  close(): Promise<void>
}

const referenceMs = 2_000

const closeAll = async (providers: Iterable<Provider>): Promise<void> => {
  await Promise.all([...providers].map((provider) => provider.close?.()))
}

const startProviders = async (config: Config, options: ComposeOptions): Promise<ReadonlyMap<string, Provider>> => {
  const around = { stateDir: config.stateDir, isDryRun: options.isDryRun, wallNow: systemClock.wallNow, log: options.log }
  const kept = new Map([...(options.running ?? [])].filter(([name]) => Object.hasOwn(config.providers, name)))
  const started = new Map<string, Provider>()
  try {
    for (const [name, each] of Object.entries(config.providers)) {
      if (!kept.has(name)) started.set(name, await startProvider(name, each, around))
    }
  } catch (error) {
    await closeAll(started.values())
    throw error
  }
  return new Map([...kept, ...started])
}

/**
 * The only place that puts concrete parts together. The caller holds the lock of the state directory, except for a
 * dry run.
 * @throws ProviderStartError
 */
export const compose = async (config: Config, options: ComposeOptions): Promise<Composition> => {
  const clock = systemClock
  const providers = await startProviders(config, options)
  const { nameservers, stateDir } = config
  const { now, wallNow } = clock
  const nameService = createNameService({ resolvers: config.resolvers ?? systemResolvers(), nameservers, now })
  const ping = createSharedPings(nameService)
  const zones = createZones({ providers: [...providers.values()], nameservers, nameService, clock })
  const asker = createAsker(now)
  const checker = createChecker({ now, asker })
  const http = createHttpReference({ checker, resolve: nameService.resolve, totalMs: referenceMs })
  const store = createFileStore({ dir: stateDir, now, wallNow, log: options.log, isReadOnly: options.isDryRun })
  const orderStore = createOrderStore({ dir: stateDir, wallNow, log: options.log, isReadOnly: options.isDryRun })
  const orders = createOrderBook(orderStore, (name) => config.sites.find((site) => site.name === name), wallNow, options.log)
  const serviceZones = createServiceZones(zones, nameService, clock)
  const local = localAddresses()
  const shared = { clock, checker, heartbeats: createHeartbeats({ now, asker }), resolver: createServiceResolver(zones, nameService), store, orders, serviceZones, local, vantage: hostname() }
  const observed = new Map([...providers].map(([name, provider]) => [name, options.onProviderCall === undefined ? provider : observedProvider(name, provider, now, options.onProviderCall)]))
  return {
    providers,
    orderStore,
    portsOf: (site) => {
      const provider = observed.get(site.provider)
      if (provider === undefined) throw new ProviderStartError(`site ${site.name}: there is no provider "${site.provider}"`, site.provider)
      return {
        ...shared,
        provider,
        authorities: createAuthorities(site, zones, nameService, clock),
        references: createReferences(site, { zones, nameService: { ping }, http, local, clock }),
        random: Math.random,
        report: options.report,
      }
    },
    close: async () => {
      await checker.close?.()
      await nameService.close?.()
      await closeAll(providers.values())
    },
  }
}
