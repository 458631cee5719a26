import { type Composition, compose } from '../compose.ts'
import type { Log } from '../compose/log.ts'
import type { Config } from '../config/config.ts'
import type { Site } from '../core/site.ts'
import type { Clock, SitePorts } from '../engine/ports.ts'
import type { Cron } from '../engine/cron-port.ts'
import { createFleet, type Pulse } from '../engine/fleet.ts'
import { defaultTiming } from '../engine/run-site.ts'
import type { ZoneAudit } from '../engine/zone-audit.ts'
import { type ConfigChange, configChange, isNoChange } from './config-change.ts'
import { logEvents } from './event-line.ts'

export interface LiveServiceOptions {
  readonly clock: Clock
  readonly cron: Cron
  readonly audit: ZoneAudit
  readonly log: Log
}

/** All sites of a config at work, and how they come to follow another config. */
export interface LiveService {
  /** Turns what runs into what the config says; what it says as before is not touched. Calls must not overlap. @throws if a provider cannot be started; all is then as it was. */
  follow(next: Config): Promise<void>
  pulses(): readonly Pulse[]
  /** No new write; one that is under way gets 1.5 s. */
  stop(): Promise<void>
}

/** A site that goes on over a reload asks for servers, zones and references as configured now. */
const livePorts = (site: Site, now: () => SitePorts, first: SitePorts): SitePorts => ({
  ...first,
  resolver: { resolve: (service, signal) => now().resolver.resolve(service, signal) },
  authorities: { servers: (signal) => now().authorities.servers(signal), ask: (server, key, signal) => now().authorities.ask(server, key, signal) },
  references: { ask: (signal) => now().references.ask(signal) },
})

/** @throws ProviderStartError */
export const startLiveService = async (initial: Config, options: LiveServiceOptions): Promise<LiveService> => {
  const { log, clock } = options
  const report = logEvents(log)
  let config = initial
  let composition: Composition = await compose(config, { isDryRun: false, log, report })
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
    random: Math.random,
  })
  for (const site of config.sites) fleet.start(site)

  const recompose = async (to: Config, kept: readonly string[]): Promise<void> => {
    const running = new Map([...composition.providers].filter(([name]) => kept.includes(name)))
    composition = await compose(to, { isDryRun: false, log, report, running })
    known = new WeakMap()
    config = to
  }

  const tell = (change: ConfigChange): void => {
    for (const { name } of change.added) log('info', `${name}: added`, { site: name, event: 'site-added' })
    for (const { to, why } of change.restarted) log('info', `${to.name}: goes on by its new config: ${why}`, { site: to.name, event: 'site-restarted', cause: why })
    for (const { name } of change.removed) log('warn', `${name}: removed from the config; its records are left in the DNS as they are`, { site: name, event: 'site-removed' })
  }

  return {
    follow: async (next) => {
      const change = configChange(config, next)
      if (isNoChange(change)) return log('info', 'the config was read again and says the same', { event: 'reloaded' })
      const before = config
      const ending = [...change.removed, ...change.restarted.map(({ from }) => from)]
      const states = new Map(await Promise.all(ending.map(async ({ name }) => [name, await fleet.stop(name)] as const)))
      await Promise.all(change.endedProviders.map((name) => composition.providers.get(name)?.close?.()))
      try {
        await recompose(next, change.keptProviders)
      } catch (error) {
        await recompose(before, change.keptProviders)
        for (const site of ending) fleet.start(site, states.get(site.name))
        throw error
      }
      for (const { to } of change.restarted) fleet.start(to, states.get(to.name))
      for (const site of change.added) fleet.start(site)
      tell(change)
      log('info', `the config was read again: ${change.added.length} sites added, ${change.restarted.length} changed, ${change.removed.length} removed, ${change.unchanged.length} as before`, { event: 'reloaded' })
    },
    pulses: fleet.pulses,
    stop: async () => {
      await fleet.stopAll()
      await composition.close()
    },
  }
}
