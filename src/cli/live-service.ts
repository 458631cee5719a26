import { type Composition, compose } from '../compose.ts'
import type { ProviderCall } from '../compose/observed-provider.ts'
import type { Log } from '../compose/log.ts'
import type { Config } from '../config/config.ts'
import type { Site } from '../core/site.ts'
import type { EngineEvent } from '../engine/events.ts'
import type { LiveSite } from '../engine/live-site.ts'
import type { Clock, OrderWriter, SitePorts } from '../engine/ports.ts'
import { createReplacementClaims } from '../engine/replacement-claims.ts'
import type { Cron } from '../engine/cron-port.ts'
import { createFleet, type Pulse } from '../engine/fleet.ts'
import { inTurns } from '../engine/in-turns.ts'
import { defaultTiming } from '../engine/run-site.ts'
import type { ZoneAudit } from '../engine/zone-audit.ts'
import { type ConfigChange, configChange, isNoChange } from './config-change.ts'
import { fingerprint } from './fingerprint.ts'
import type { LeftBehind } from './left-behind.ts'
import { startWhatRuns } from './start-what-runs.ts'

export interface LiveServiceOptions {
  readonly clock: Clock
  readonly cron: Cron
  readonly audit: ZoneAudit
  readonly log: Log
  readonly report: (event: EngineEvent) => void
  readonly onProviderCall: (call: ProviderCall) => void
}

export type Followed =
  | { readonly kind: 'taken' }
  /** All is as it was, except for sites whose provider had to end for the next one, and then did not start again. */
  | { readonly kind: 'refused'; readonly error: unknown; readonly unwatched: readonly string[] }

/** The sites of a config at work, once they have begun, and how they come to follow another config. */
export interface LiveService {
  /** Begins to watch the sites, in turns, until the signal aborts; before any `follow`. */
  begin(signal: AbortSignal): Promise<void>
  /** Turns what runs into what the config says; what it says as before is not touched. Calls must not overlap. Never rejects for a provider that cannot be started. */
  follow(next: Config): Promise<Followed>
  pulses(): readonly Pulse[]
  /** The config that is in force. */
  config(): Config
  live(site: string): LiveSite | undefined
  orderStore(): OrderWriter
  /** No new write; one that is under way gets 1.5 s. */
  stop(): Promise<void>
}

/** A site that goes on over a reload asks for servers, zones and references as configured now. */
const livePorts = (site: Site, now: () => SitePorts, first: SitePorts): SitePorts => ({
  ...first,
  resolver: { resolve: (service, signal) => now().resolver.resolve(service, signal) },
  orders: { load: (name) => now().orders.load(name), rename: async (name, from, to) => now().orders.rename?.(name, from, to) },
  serviceZones: { of: (service, signal) => now().serviceZones.of(service, signal) },
  authorities: { servers: (signal) => now().authorities.servers(signal), ask: (server, key, signal) => now().authorities.ask(server, key, signal) },
  references: { ask: (signal) => now().references.ask(signal) },
})

const leftText = (left: LeftBehind): string =>
  left.kind === 'names'
    ? `${left.names.join(', ')} ${left.names.length === 1 ? 'is' : 'are'} no name of it any more; the records there are left in the DNS as they are`
    : `its records are kept at the provider "${left.to}" from now on; those at the one before, "${left.from}", are left in the DNS as they are: ${left.names.join(', ')}`

/** @throws ProviderStartError */
export const startLiveService = async (initial: Config, options: LiveServiceOptions): Promise<LiveService> => {
  const { log, clock, report, onProviderCall } = options
  let config = initial
  let composition: Composition = await compose(config, { isDryRun: false, log, report, onProviderCall })
  let known = new WeakMap<Site, SitePorts>()
  const portsNow = (site: Site): SitePorts => {
    const ports = known.get(site) ?? composition.portsOf(site)
    known.set(site, ports)
    return ports
  }
  const fleet = createFleet({
    portsOf: (site) => livePorts(site, () => portsNow(site), portsNow(site)),
    timing: { ...defaultTiming, auditMs: Number.POSITIVE_INFINITY },
    clock,
    cron: options.cron,
    audit: options.audit,
    claims: createReplacementClaims(),
    random: Math.random,
  })

  const runningOf = (kept: readonly string[]): Composition['providers'] => new Map([...composition.providers].filter(([name]) => kept.includes(name)))

  const put = (to: Config, composed: Composition): void => {
    composition = composed
    known = new WeakMap()
    config = to
  }

  /** As much of the config before as still runs; what does not counts as new at the next reload. */
  const goBack = async (to: Config, kept: readonly string[]): Promise<readonly string[]> => {
    const back = await startWhatRuns(to, { isDryRun: false, log, report, onProviderCall, running: runningOf(kept) })
    put(back.config, back.composition)
    const lost = to.sites.filter((site) => !back.config.sites.includes(site))
    for (const { name, provider } of lost) {
      const cause = back.failures.get(provider) ?? ''
      log('error', `${name}: not watched any more, for its provider "${provider}" does not start again: ${cause}; its records are left in the DNS as they are. Mend it, then reload or restart`, { site: name, event: 'site-unwatched', cause })
    }
    return lost.map(({ name }) => name)
  }

  const tell = (change: ConfigChange): void => {
    for (const { name } of change.added) log('info', `${name}: added`, { site: name, event: 'site-added' })
    for (const { to, why } of change.restarted) log('info', `${to.name}: goes on by its new config: ${why}`, { site: to.name, event: 'site-restarted', cause: why })
    for (const left of change.left) log('warn', `${left.site}: ${leftText(left)}`, { site: left.site, event: 'records-left', names: left.names })
    for (const { name } of change.removed) log('warn', `${name}: removed from the config; its records are left in the DNS as they are`, { site: name, event: 'site-removed' })
  }

  return {
    follow: async (next) => {
      const change = configChange(config, next)
      if (isNoChange(change)) {
        // Whoever may ask, and whose word is heard, is no part of any site.
        const isSame = fingerprint(next) === fingerprint(config)
        config = next
        log('info', isSame ? 'the config was read again and says the same' : 'the config was read again: nothing changes for any site, and the rest is taken', { event: 'reloaded' })
        return { kind: 'taken' }
      }
      const before = config
      const ending = [...change.removed, ...change.restarted.map(({ from }) => from)]
      const states = new Map(await Promise.all(ending.map(async ({ name }) => [name, await fleet.stop(name)] as const)))
      await Promise.all(change.endedProviders.map((name) => composition.providers.get(name)?.close?.()))
      try {
        put(next, await compose(next, { isDryRun: false, log, report, onProviderCall, running: runningOf(change.keptProviders) }))
      } catch (error) {
        const unwatched = await goBack(before, change.keptProviders)
        for (const site of ending) if (config.sites.includes(site)) fleet.start(site, states.get(site.name))
        return { kind: 'refused', error, unwatched }
      }
      for (const { to } of change.restarted) fleet.start(to, states.get(to.name))
      for (const site of change.added) fleet.start(site)
      tell(change)
      log('info', `the config was read again: ${change.added.length} sites added, ${change.restarted.length} changed, ${change.removed.length} removed, ${change.unchanged.length} as before`, { event: 'reloaded' })
      return { kind: 'taken' }
    },
    begin: async (signal) => {
      await inTurns(config.sites, (site) => (signal.aborted ? undefined : fleet.start(site)))
    },
    pulses: fleet.pulses,
    config: () => config,
    live: fleet.live,
    orderStore: () => composition.orderStore,
    stop: async () => {
      await fleet.stopAll()
      await composition.close()
    },
  }
}
