import { setMaxListeners } from 'node:events'
import { createCron } from '../compose/cron.ts'
import type { Log, LogLevel } from '../compose/log.ts'
import type { Config } from '../config/config.ts'
import { loadConfig, type LoadedConfig } from '../config/load-config.ts'
import { loadSettled } from '../config/load-settled.ts'
import { systemClock } from '../engine/clock.ts'
import { createZoneAudit } from '../engine/zone-audit.ts'
import { type Claim, claimStateDir } from '../store/claim.ts'
import { answerHealth } from '../store/heartbeat.ts'
import { busyText, lostText } from '../store/lock-text.ts'
import { healthReport } from './health-report.ts'
import { redactor, type SecretWord } from '../config/redact.ts'
import { type LiveService, startLiveService } from './live-service.ts'
import { keepHeapLean } from './lean-heap.ts'
import { createLog } from './log.ts'
import { createFacilities, type Facilities } from './service/facilities.ts'
import { operationsOf } from './service/operations-of.ts'
import { stillValid } from './still-valid.ts'

export interface ServeOptions {
  /** The config's file. */
  readonly config: string
  readonly logLevel: LogLevel
  readonly logFormat: 'text' | 'json'
}

/** What the process that it runs in lets it know. */
export interface ServeSurroundings {
  readonly env: NodeJS.ProcessEnv
  readonly stderr: (text: string) => void
  /** Calls back when the config is to be read again (SIGHUP). */
  onReload(listener: () => void): void
  /** Calls back with faults that nobody caught. */
  onFault(listener: (error: unknown) => void): void
}

/** From the stop until what has not ended is left behind. Milliseconds. */
const stopMs = 1_620
/** The same for all else, alerts that have yet to go out among it. Milliseconds. */
const longestStopMs = 1_850
/** The API is opened first, for a thousand sites that begin leave it few turns; but they do not wait for it any longer. Milliseconds. */
const longestOpenMs = 1_000
/** How long a config stays as it is before it is taken at a reload, and how long that is waited for. Milliseconds. */
const settle = { settleMs: 300, withinMs: 5_000 }
const auditSecond = (random: number): string => `${Math.floor(random * 60)} * * * * *`

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const logProblems = (loaded: LoadedConfig, log: Log): void => {
  const problems = [...(loaded.ok ? [] : loaded.problems), ...loaded.warnings]
  for (const { severity, line, column, message, path } of problems) {
    const place = line === 0 ? loaded.file : `${loaded.file}:${line}:${column}`
    log(severity === 'error' ? 'error' : 'warn', `${place}: ${message}`, { event: 'config', path, line, column })
  }
}

interface Redaction {
  redact(text: string): string
  /** Of a config that was read, whether it will be taken or not. */
  read(secrets: readonly SecretWord[]): void
  /** The one that was read last is in force. */
  taken(): void
}

/** What goes out names no secret of the config that is in force, of the one before, nor of the one read last. */
const createRedaction = (): Redaction => {
  let inForce: readonly SecretWord[] = []
  let before = inForce
  let latest = inForce
  let redact = redactor([])
  return {
    redact: (text) => redact(text),
    read: (secrets) => {
      latest = secrets
      redact = redactor([...latest, ...inForce, ...before])
    },
    taken: () => {
      before = inForce
      inForce = latest
    },
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

const sayClaim = (claim: Claim, dir: string, log: Log): void => {
  if (claim.kind === 'busy') log('error', busyText(claim.holder, dir, 'stop it first'), { event: 'locked' })
  if (claim.kind !== 'without') return
  const guard = claim.guardedBy === 'socket' ? 'another service on this machine is still kept out, but one in another container is not' : 'nothing keeps another service out'
  log('error', `${claim.error.message}. Failover goes on without it: what is learned is lost at the next start, drains and pauses cannot be ordered, and ${guard}`, { event: 'state-unusable', cause: claim.error.code })
}

/** Reads the config again and follows it, one time after the other; many requests meanwhile count as one. */
const createReloader = (live: LiveService, facilities: Facilities, stateDir: string, log: Log, redaction: Redaction, load: () => Promise<LoadedConfig | undefined>): (() => void) => {
  let isWanted = false
  let running: Promise<void> | undefined

  const refuse = (why: string, refused: Config | undefined): void => {
    log('error', `the config was not taken${why}. Tokens and all else are as before`, { event: 'reload-refused' })
    for (const text of stillValid(live.config(), refused)) log('error', text, { event: 'reload-refused' })
  }

  const reloadOnce = async (): Promise<void> => {
    const loaded = await load()
    if (loaded === undefined) return
    redaction.read(loaded.secrets)
    logProblems(loaded, log)
    if (!loaded.ok) return refuse(`, for ${loaded.problems.length === 1 ? 'the problem' : `the ${loaded.problems.length} problems`} above; the one before stays in force`, loaded.understood())
    if (loaded.config.stateDir !== stateDir) return refuse(`: "state" cannot change while the service runs (${stateDir} is in use); restart it. The one before stays in force`, loaded.config)
    const followed = await live.follow(loaded.config)
    if (followed.kind === 'taken') {
      await facilities.follow(live.config())
      return redaction.taken()
    }
    const but = followed.unwatched.length === 0 ? '' : `, but for what is no longer watched: ${followed.unwatched.join(', ')}`
    refuse(`: ${textOf(followed.error)}; the one before stays in force${but}`, loaded.config)
  }

  const reload = async (): Promise<void> => {
    while (isWanted) {
      isWanted = false
      await reloadOnce()
    }
  }

  return () => {
    isWanted = true
    running ??= reload().finally(() => {
      running = undefined
    })
  }
}

interface Run {
  readonly claim: Exclude<Claim, { kind: 'busy' }>
  readonly config: Config
  readonly options: ServeOptions
  readonly around: ServeSurroundings
  readonly log: Log
  readonly redaction: Redaction
}

const run = async ({ claim, config, options, around, log, redaction }: Run, stop: AbortSignal): Promise<number> => {
  const cron = createCron({ clock: systemClock, log })
  const audit = createZoneAudit(systemClock)
  const ended = new AbortController()
  setMaxListeners(0, ended.signal)
  const facilities = createFacilities(config, { clock: systemClock, log, logLevel: options.logLevel, redact: redaction.redact, pulses: () => running?.pulses() ?? [], live: (site) => running?.live(site) })
  let running: LiveService | undefined
  const lost = claim.kind === 'held' ? claim.lost : new AbortController().signal
  /** Nobody begins to watch after a stop, which may come during the start: the process has 1.9 s from then on. */
  const ending = AbortSignal.any([stop, lost, ended.signal])
  try {
    running = await startLiveService(config, { clock: systemClock, cron, audit, log, report: facilities.report, onProviderCall: facilities.providerCall })
    const opened = facilities.open(operationsOf(running, facilities))
    await Promise.race([opened, systemClock.sleep(longestOpenMs, ending)])
    await running.begin(ending)
    await Promise.race([opened, aborted(ending)])
  } catch (error) {
    ended.abort()
    await running?.stop()
    await facilities.close()
    throw error
  }
  const live = running
  cron.on(auditSecond(Math.random()), () => audit.run(ended.signal), ended.signal)
  const heart = await answerHealth(config.stateDir, () => JSON.stringify(healthReport(live.pulses())))
  if (heart === undefined) log('warn', 'there is no way to answer "dns-failover health": no socket could be made', { event: 'no-health' })
  around.onReload(createReloader(live, facilities, config.stateDir, log, redaction, () => loadSettled(options.config, around.env, { sleep: systemClock.sleep, ...settle }, ended.signal)))
  log('info', `${config.sites.length === 1 ? 'one site is' : `${config.sites.length} sites are`} watched; SIGHUP reads the config again, SIGTERM ends`, { event: 'started' })

  await Promise.race([aborted(stop), aborted(lost)])
  around.onReload(() => undefined)
  if (lost.aborted) log('error', lostText(lost.reason, config.stateDir), { event: 'lock-lost' })
  else log('info', 'stopping: no new write, and one that is under way gets 1.5 s', { event: 'stopping' })
  ended.abort()
  const over = new AbortController()
  const within = <T>(work: Promise<T>, ms: number): Promise<boolean> => Promise.race([work.then(() => true), systemClock.sleep(ms, over.signal).then(() => false)])
  const startedAt = systemClock.now()
  const inTime = await within(live.stop(), stopMs)
  await heart?.close()
  await within(facilities.close(), Math.max(100, longestStopMs - (systemClock.now() - startedAt)))
  over.abort()
  if (!inTime) log('error', 'not all ended in time; a write that was under way has an unknown outcome, and is settled by reading at the next start', { event: 'write-unknown' })
  return lost.aborted ? 1 : 0
}

/**
 * Watches all sites of a config until the signal aborts; exit code 0. 1: the config, a provider or the state directory
 * is no good, or the lock was lost; 3: another process has it.
 */
export const serve = async (options: ServeOptions, around: ServeSurroundings, stop: AbortSignal): Promise<number> => {
  keepHeapLean()
  const redaction = createRedaction()
  const log = createLog({ level: options.logLevel, format: options.logFormat, write: around.stderr, redact: redaction.redact })
  around.onFault((error) => log('error', `a fault that nobody caught; the service goes on: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`, { event: 'fault' }))
  const loaded = await loadConfig(options.config, around.env)
  redaction.read(loaded.secrets)
  redaction.taken()
  logProblems(loaded, log)
  if (!loaded.ok) return 1
  const { stateDir } = loaded.config
  try {
    const claim = await claimStateDir(stateDir, { command: 'dns-failover serve', log })
    sayClaim(claim, stateDir, log)
    if (claim.kind === 'busy') return 3
    try {
      return await run({ claim, config: loaded.config, options, around, log, redaction }, stop)
    } finally {
      await claim.release()
      log('info', 'stopped', { event: 'stopped' })
    }
  } catch (error) {
    log('error', textOf(error), { event: 'failed' })
    return 1
  }
}
