import { join } from 'node:path'
import type { ApiParts } from '../../api/api-parts.ts'
import type { PageFiles } from '../../api/page-files.ts'
import type { ProviderCall } from '../../compose/observed-provider.ts'
import type { Log, LogFacts, LogLevel } from '../../compose/log.ts'
import type { Config } from '../../config/config.ts'
import { findingMs } from '../../core/freshness-state.ts'
import { freshnessRules } from '../../core/heartbeat-looks.ts'
import type { Site } from '../../core/site.ts'
import type { EngineEvent } from '../../engine/events.ts'
import type { SiteSample } from '../../engine/history-port.ts'
import type { Pulse } from '../../engine/fleet.ts'
import { inTurns } from '../../engine/in-turns.ts'
import type { LiveSite } from '../../engine/live-site.ts'
import type { Operations } from '../../engine/operations.ts'
import type { Clock } from '../../engine/ports.ts'
import { siteSample } from '../../engine/site-sample.ts'
import { createHistory } from '../../history/create-history.ts'
import type { History } from '../../history/history.ts'
import { createMetrics } from '../../metrics/metrics.ts'
import { createDeadMan, type DeadMan } from '../../notify/dead-man.ts'
import { createNotifier, type Notifier } from '../../notify/notifier.ts'
import { createToldFile } from '../../notify/told-file.ts'
import { createReplayMemory } from '../../webhooks/replay-memory.ts'
import { eventLine, logEvents } from '../event-line.ts'
import { fingerprint } from '../fingerprint.ts'
import { readVersion } from '../version.ts'
import { type ApiDoors, openApiDoors } from './api-doors.ts'
import { builtPages } from './built-pages.ts'
import { describeOrder, type ToldOrder } from './describe-order.ts'
import { notifyTargets } from './notify-targets.ts'
import { createWebhookDesk, hearAndTell } from './webhook-desk.ts'

export interface FacilityOptions {
  readonly clock: Clock
  readonly log: Log
  readonly logLevel: LogLevel
  redact(text: string): string
  /** What runs, once it does. */
  pulses(): readonly Pulse[]
  /** Undefined while it is not watched. */
  live(site: string): LiveSite | undefined
}

/** What a service has around its engine: log, history, metrics, alerts, the API. None of it can stop failover. */
export interface Facilities {
  report(event: EngineEvent): void
  providerCall(call: ProviderCall): void
  told(order: ToldOrder): void
  /** Opens the API, with the pages as they were built. @throws ApiError if the port that the config names cannot be had. */
  open(operations: Operations): Promise<void>
  follow(config: Config): Promise<void>
  close(): Promise<void>
}

/** How long what is in no file is kept. Milliseconds. */
const inMemoryMs = 3_600_000

/** The history sums up how sites stand between two looks. Milliseconds. */
const sampleMs = 5_000

const deadManOf = (config: Config, { clock, log }: FacilityOptions, isWell: () => boolean): DeadMan | undefined =>
  config.deadMan && createDeadMan({ url: config.deadMan.url.reveal(), everyMs: config.deadMan.everyMs, isWell, clock, random: Math.random, log })

const contentMsOf = (site: Site | undefined): number => {
  const rules = site && freshnessRules(site)
  return rules === undefined ? 0 : findingMs(rules)
}

export const createFacilities = (initial: Config, options: FacilityOptions): Facilities => {
  const { clock, log, redact } = options
  const version = readVersion()
  let config = initial
  let operations: Operations | undefined
  let doors: ApiDoors | undefined
  const views = async () => (await operations?.sites()) ?? []
  const isWell = (): boolean => operations?.health().ok === true

  /** Without a file it is in memory, and only the latest. */
  const keptMs = (ms: number): number => (config.history.isKept ? ms : Math.min(ms, inMemoryMs))

  const history: History = createHistory({
    file: config.history.isKept ? join(config.stateDir, 'history.sqlite') : ':memory:',
    retention: {
      get eventsMs() {
        return keptMs(config.history.eventsMs)
      },
      get minutesMs() {
        return keptMs(config.history.minutesMs)
      },
      get hoursMs() {
        return keptMs(config.history.hoursMs)
      },
    },
    redact,
    now: clock.now,
    wallNow: clock.wallNow,
    toWall: (at) => clock.wallNow() - (clock.now() - at),
    log: (level, message) => log(level, message, { event: 'history' }),
    lineOf: (event) => {
      const { level, message } = eventLine(event)
      return { level, text: redact(message.slice(event.site.length + 2)) }
    },
  })
  const metrics = createMetrics({ version, views, pulses: options.pulses, now: clock.now, wallNow: clock.wallNow })
  const notifier: Notifier = createNotifier({
    targets: notifyTargets(config),
    addressesOf: (site) => options.live(site)?.addresses(),
    sites: () => config.sites,
    contentMsOf: (name) => contentMsOf(config.sites.find((site) => site.name === name)),
    told: createToldFile(join(config.stateDir, 'alerts.json'), log),
    clock,
    random: Math.random,
    log,
    redact,
    onOutcome: (target, outcome) => metrics.alert({ target, outcome }),
  })
  let deadMan = deadManOf(config, options, isWell)
  const logEvent = logEvents(log, options.logLevel)
  const sampleOf = (name: string): readonly SiteSample[] => {
    const live = options.live(name)
    return live === undefined ? [] : [siteSample(live)]
  }
  let sampling: Promise<void> | undefined
  /** A round that takes longer than it should is not overtaken by the next. */
  const sample = async (): Promise<void> => {
    try {
      history.sample((await inTurns(config.sites, ({ name }) => sampleOf(name))).flat())
    } catch (error) {
      log('error', `how the sites stand could not be summed up: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`, { event: 'history' })
    }
    sampling = undefined
  }
  const timer = setInterval(() => (sampling ??= sample()), sampleMs)
  timer.unref()
  history.service({ level: 'info', text: `started, version ${version}`, data: { event: 'started', version } })

  const receive = createWebhookDesk({
    config: () => config,
    memory: createReplayMemory(performance.timeOrigin),
    metrics,
    history,
    wallNow: clock.wallNow,
  })

  const partsOf = (given: Operations, files: PageFiles | undefined): ApiParts => ({
    operations: { ...given, hear: hearAndTell(given.hear, history) },
    history,
    pages: {
      files,
      isDashboardOn: () => config.api.isDashboardOn,
      areStatusPagesOn: () => Object.keys(config.statusPages).length > 0,
      statusPage: (site) => (Object.hasOwn(config.statusPages, site) ? config.statusPages[site] : undefined),
    },
    version,
    metrics: metrics.render,
    receive,
    testAlert: async (name) => (await notifier.test(name)).map(({ target, ok, detail, host, ms }) => ({ name: target, ok, text: `${host}: ${detail}, ${ms} ms` })),
    log: (level, message, facts) => log(level, message, facts as LogFacts | undefined),
    onServed: metrics.request,
    now: clock.now,
    wallNow: clock.wallNow,
  })

  return {
    report: (event) => {
      logEvent(event)
      history.engine(event)
      metrics.event(event)
      notifier.event(event)
    },
    providerCall: metrics.providerCall,
    told: (order) => {
      const { site, region, actor, action, outcome, request } = order
      const text = describeOrder(order)
      log(outcome.kind === 'done' ? 'info' : 'warn', `${site}: ${text}`, { site, region, event: 'operator', action, by: actor.name, via: actor.via, outcome: outcome.kind === 'done' ? 'done' : outcome.code })
      history.operator({ site, region, actor, text: redact(text), data: { action, request, outcome: outcome.kind === 'done' ? 'done' : outcome.code } })
    },
    open: async (given) => {
      operations = given
      doors = await openApiDoors(config, partsOf(given, await builtPages(log)), log)
    },
    follow: async (next) => {
      const before = config
      config = next
      for (const { name } of before.sites.filter((site) => !next.sites.some(({ name: kept }) => kept === site.name))) {
        metrics.forget(name)
        notifier.forget(name)
      }
      notifier.follow(notifyTargets(next))
      if (fingerprint(next.deadMan) !== fingerprint(before.deadMan)) {
        await deadMan?.close()
        deadMan = deadManOf(next, options, isWell)
      }
      history.service({ level: 'info', text: 'the config was read again', data: { event: 'reloaded' } })
      await doors?.follow(next)
    },
    close: async () => {
      clearInterval(timer)
      await Promise.all([sampling, doors?.close(), deadMan?.close(), notifier.close()])
      history.service({ level: 'info', text: 'stopped', data: { event: 'stopped' } })
      await history.close()
    },
  }
}
