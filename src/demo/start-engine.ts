import { setMaxListeners } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { operationsOf } from '../cli/service/operations-of.ts'
import { type Composition, compose } from '../compose.ts'
import type { Config } from '../config/config.ts'
import { type LoadedConfig, loadConfig } from '../config/load-config.ts'
import { redactor } from '../config/redact.ts'
import { renderProblems } from '../config/render-problems.ts'
import { systemClock } from '../engine/clock.ts'
import type { EngineEvent } from '../engine/events.ts'
import type { LiveSite } from '../engine/live-site.ts'
import { defaultTiming, runSite } from '../engine/run-site.ts'
import { DemoError, isTaken } from './demo-error.ts'
import { demoConfig, type Places } from './demo-config.ts'
import type { Settings } from './settings.ts'
import { type Dashboard, startDashboard } from './start-dashboard.ts'

/** The program itself at work: provider, checks, publishing and the dashboard, as the config says. */
export interface Engine {
  readonly dnsPort: number
  readonly dashboardPort: number
  /** Settles when the engine has ended; rejects if it failed. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

export interface EngineOptions extends Omit<Places, 'dnsPort' | 'dashboardPort'> {
  /** Where the name server is to listen; taken, the next ones are tried. */
  readonly firstDnsPort: number
  /** The same of the dashboard. */
  readonly firstDashboardPort: number
  readonly folder: string
  readonly settings: Settings
  readonly report: (event: EngineEvent) => void
  readonly say: (text: string) => void
}

const portsTried = 100

const readConfig = async (options: EngineOptions, ports: Pick<Places, 'dnsPort' | 'dashboardPort'>): Promise<Extract<LoadedConfig, { ok: true }>> => {
  const file = join(options.folder, 'dns-failover.yaml')
  await writeFile(file, demoConfig({ ...options, ...ports }, options.settings))
  const loaded = await loadConfig(file, {})
  if (!loaded.ok) throw new DemoError('config', `the demo's own config is wrong:\n${renderProblems(loaded, { color: false })}`)
  return loaded
}

/** Where events go: to whoever plays, and to the dashboard's history once there is one. */
interface Listeners {
  facilities: Dashboard['facilities'] | undefined
}

const composeOn = async (options: EngineOptions, dnsPort: number, listeners: Listeners): Promise<Pick<Extract<LoadedConfig, { ok: true }>, 'config' | 'secrets'> & { readonly composition: Composition }> => {
  const { config, secrets } = await readConfig(options, { dnsPort, dashboardPort: options.firstDashboardPort })
  const log = (level: string, message: string): void => (level === 'warn' || level === 'error' ? options.say(message) : undefined)
  const report = (event: EngineEvent): void => {
    listeners.facilities?.report(event)
    options.report(event)
  }
  return { config, secrets, composition: await compose(config, { isDryRun: false, log, report, onProviderCall: (call) => listeners.facilities?.providerCall(call) }) }
}

const composeOnFreePort = async (options: EngineOptions, listeners: Listeners): Promise<Awaited<ReturnType<typeof composeOn>> & { readonly dnsPort: number }> => {
  const last = Math.min(65_535, options.firstDnsPort + portsTried - 1)
  for (let dnsPort = options.firstDnsPort; dnsPort <= last; dnsPort += 1) {
    try {
      return { dnsPort, ...(await composeOn(options, dnsPort, listeners)) }
    } catch (error) {
      if (!isTaken(error)) throw error
      if (dnsPort < last) options.say(`port ${dnsPort} of 127.0.0.1 is taken: trying ${dnsPort + 1}`)
    }
  }
  throw new DemoError('port', `none of the ports ${options.firstDnsPort} to ${last} of 127.0.0.1 is free for the name server; choose others with --port`)
}

/** @throws DemoError if no port is free. */
export const startEngine = async (options: EngineOptions): Promise<Engine> => {
  const listeners: Listeners = { facilities: undefined }
  const { config, secrets, composition, dnsPort } = await composeOnFreePort(options, listeners)
  const live = new Map<string, LiveSite>()
  const beats = new Map(config.sites.map(({ name }) => [name, systemClock.now()]))
  const running = {
    config: () => config,
    live: (site: string) => live.get(site),
    orderStore: () => composition.orderStore,
    pulses: () => [...beats].map(([site, at]) => ({ site, sinceMs: systemClock.now() - at })),
  }
  const dashboard = await startDashboard({
    clock: systemClock,
    // What befalls a site is shown anyway; this is for what the dashboard itself suffers.
    logLevel: 'error',
    log: (level, message, facts) => (level === 'error' && facts?.['site'] === undefined ? options.say(message) : undefined),
    redact: redactor(secrets),
    pulses: running.pulses,
    live: running.live,
    operations: operationsOf(running, { told: (order) => listeners.facilities?.told(order) }),
    firstPort: options.firstDashboardPort,
    readConfig: async (dashboardPort) => (await readConfig(options, { dnsPort, dashboardPort })).config,
    say: options.say,
  }).catch(async (error: unknown) => {
    await composition.close()
    throw error
  })
  const { facilities } = dashboard
  listeners.facilities = facilities
  const controller = new AbortController()
  // Every look-up and check that is under way listens to it.
  setMaxListeners(0, controller.signal)
  const timing = { ...defaultTiming, tickMs: options.settings.tickMs }
  const watch = (site: Config['sites'][number]): Promise<void> =>
    runSite(site, composition.portsOf(site), timing, controller.signal, { attach: (each) => void live.set(site.name, each), beat: () => void beats.set(site.name, systemClock.now()) })
  const ended = Promise.all(config.sites.map(watch)).then(() => undefined)
  ended.catch(() => undefined)
  return {
    dnsPort,
    dashboardPort: dashboard.port,
    ended,
    stop: async () => {
      controller.abort()
      await ended.catch(() => undefined)
      await facilities.close()
      await composition.close()
    },
  }
}
