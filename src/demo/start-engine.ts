import { setMaxListeners } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Composition, compose } from '../compose.ts'
import type { Config } from '../config/config.ts'
import { loadConfig } from '../config/load-config.ts'
import { renderProblems } from '../config/render-problems.ts'
import type { EngineEvent } from '../engine/events.ts'
import { defaultTiming, runSite } from '../engine/run-site.ts'
import { DemoError, isTaken } from './demo-error.ts'
import { demoConfig, type Places } from './demo-config.ts'
import type { Settings } from './settings.ts'

/** The program itself at work: provider, checks and publishing as the config says. */
export interface Engine {
  readonly dnsPort: number
  /** Settles when the engine has ended; rejects if it failed. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

export interface EngineOptions extends Omit<Places, 'dnsPort'> {
  /** Where the name server is to listen; taken, the next ones are tried. */
  readonly firstDnsPort: number
  readonly folder: string
  readonly settings: Settings
  readonly report: (event: EngineEvent) => void
  readonly say: (text: string) => void
}

const portsTried = 100

const readConfig = async (options: EngineOptions, dnsPort: number): Promise<Config> => {
  const file = join(options.folder, 'dns-failover.yaml')
  await writeFile(file, demoConfig({ ...options, dnsPort }, options.settings))
  const loaded = await loadConfig(file, {})
  if (!loaded.ok) throw new DemoError('config', `the demo's own config is wrong:\n${renderProblems(loaded, { color: false })}`)
  return loaded.config
}

const composeOn = async (options: EngineOptions, dnsPort: number): Promise<{ readonly config: Config; readonly composition: Composition }> => {
  const config = await readConfig(options, dnsPort)
  const log = (level: string, message: string): void => (level === 'warn' || level === 'error' ? options.say(message) : undefined)
  return { config, composition: await compose(config, { isDryRun: false, log, report: options.report }) }
}

const composeOnFreePort = async (options: EngineOptions): Promise<Awaited<ReturnType<typeof composeOn>> & { readonly dnsPort: number }> => {
  const last = Math.min(65_535, options.firstDnsPort + portsTried - 1)
  for (let dnsPort = options.firstDnsPort; dnsPort <= last; dnsPort += 1) {
    try {
      return { dnsPort, ...(await composeOn(options, dnsPort)) }
    } catch (error) {
      if (!isTaken(error)) throw error
      if (dnsPort < last) options.say(`port ${dnsPort} of 127.0.0.1 is taken: trying ${dnsPort + 1}`)
    }
  }
  throw new DemoError('port', `none of the ports ${options.firstDnsPort} to ${last} of 127.0.0.1 is free for the name server; choose others with --port`)
}

/** @throws DemoError if no port is free. */
export const startEngine = async (options: EngineOptions): Promise<Engine> => {
  const { config, composition, dnsPort } = await composeOnFreePort(options)
  const controller = new AbortController()
  // Every look-up and check that is under way listens to it.
  setMaxListeners(0, controller.signal)
  const timing = { ...defaultTiming, tickMs: options.settings.tickMs }
  const ended = Promise.all(config.sites.map((site) => runSite(site, composition.portsOf(site), timing, controller.signal))).then(() => undefined)
  ended.catch(() => undefined)
  return {
    dnsPort,
    ended,
    stop: async () => {
      controller.abort()
      await ended.catch(() => undefined)
      await composition.close()
    },
  }
}
