import { setMaxListeners } from 'node:events'
import { compose } from '../compose.ts'
import type { Log, LogLevel } from '../compose/log.ts'
import { loadConfig, type LoadedConfig, type LoadedGood } from '../config/load-config.ts'
import { renderProblems } from '../config/render-problems.ts'
import type { Site } from '../core/site.ts'
import { systemClock } from '../engine/clock.ts'
import { acquireLock, type LockHolder } from '../store/lock.ts'
import { chooseSites } from './choose-sites.ts'
import { eventLine } from './event-line.ts'
import type { Io } from './io.ts'
import { busyError, lostError } from './lock-error.ts'
import { createLog } from './log.ts'
import { startProgress } from './progress.ts'
import { exitCodeOf } from './reconcile-outcome.ts'
import { reconcileSites } from './reconcile-sites.ts'
import { defaultChecksMs, neededMs, secondsText } from './reconcile-time.ts'
import { errorReport } from './render/error-report.ts'
import { errorText } from './render/error-text.ts'
import type { ReconcileReport, SiteReport } from './render/json.ts'
import { siteText } from './render/site-text.ts'

export interface ReconcileOptions {
  /** The config's file. */
  readonly config: string
  /** Names of sites; none: all. */
  readonly sites: readonly string[]
  readonly isDryRun: boolean
  readonly isJson: boolean
  /** Milliseconds for the checks; what is not decided by then stays as it is. Undefined: a minute, or what the slowest site needs. */
  readonly checksMs: number | undefined
  /** Milliseconds from a write until a name server that still differs counts as disagreeing. */
  readonly verifyMs: number
  readonly logLevel: LogLevel
}

export interface ReconcileIo extends Io {
  /** Whether people watch stderr on a terminal. */
  readonly isWatched: boolean
  /** Whether stdout is a terminal. */
  readonly isScreen?: boolean
  /** How large the terminal is at this moment, where there is one. */
  readonly columns?: (() => number) | undefined
  readonly rows?: (() => number) | undefined
  /** Aborts once nobody reads stdout any more, as after `| head`; that shows when something is written. */
  readonly unread?: AbortSignal
}

/** `confirmSpan` where the config says nothing: one run is all the evidence that there is. */
const confirmSpanMs = 2_000

/** What came of a run as a whole, to be printed once, when everything has ended. */
export type ReconcileEnding = Pick<ReconcileReport, 'exitCode' | 'sites' | 'error' | 'problems'>

const problemsOf = (loaded: LoadedConfig): NonNullable<ReconcileReport['problems']> => [...(loaded.ok ? [] : loaded.problems), ...loaded.warnings]

const busyAdvice = ({ command }: LockHolder): string =>
  command === 'dns-failover serve' ? '"dns-failover reconcile" has it check and write now; --dry-run needs no lock' : 'wait until it ends, stop it, or use --dry-run, which needs no lock'

interface Run {
  readonly options: ReconcileOptions
  readonly io: ReconcileIo
  readonly loaded: LoadedGood
  readonly sites: readonly Site[]
  readonly log: Log
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const runSites = async ({ options, io, loaded, sites, log }: Run, signal: AbortSignal): Promise<readonly SiteReport[]> => {
  const { isDryRun, verifyMs, checksMs = defaultChecksMs(sites) } = options
  const progress = io.isWatched ? startProgress({ write: (text) => io.stderr(text), sites: sites.length, checksMs, now: systemClock.now }) : undefined
  const unsaved = new Map<string, string>()
  try {
    const composition = await compose(loaded.config, {
      isDryRun,
      log,
      report: (event) => {
        if (event.kind === 'checked') progress?.counted(event.site)
        if (event.kind === 'state-not-saved') unsaved.set(event.site, event.text)
        const line = eventLine(event)
        log(line.level, line.message)
      },
    })
    try {
      const unsavedOf = (site: string): string | undefined => unsaved.get(site)
      return await reconcileSites(sites, composition, { isDryRun, checksMs, verifyMs, clock: systemClock, redact: loaded.redact, unsavedOf }, signal)
    } finally {
      // What was done must be told even if something cannot be closed.
      await composition.close().catch((error: unknown) => log('warn', `not everything could be closed: ${textOf(error)}`))
    }
  } finally {
    progress?.stop()
  }
}

const endingOf = (sites: readonly SiteReport[]): ReconcileEnding => ({ exitCode: exitCodeOf(sites.map((site) => site.outcome)), sites: [...sites] })

const underLock = async (run: Run, signal: AbortSignal): Promise<ReconcileEnding> => {
  const { options, loaded, log } = run
  const { stateDir } = loaded.config
  if (options.isDryRun) return endingOf(await runSites(run, signal))
  const lock = await acquireLock(stateDir, { command: 'dns-reconcile', log })
  if (lock.kind === 'busy') return { exitCode: 3, sites: [], error: busyError(lock.holder, stateDir, busyAdvice(lock.holder)) }
  try {
    const either = AbortSignal.any([signal, lock.lost])
    setMaxListeners(0, either)
    const ending = endingOf(await runSites(run, either))
    const error = lostError(lock.lost, stateDir)
    return error === undefined ? ending : { ...ending, exitCode: 1, error }
  } finally {
    await lock.release()
  }
}

/** A time that is too short is said before it is waited for. */
const warnOfTime = ({ options: { checksMs }, io, sites }: Run): void => {
  if (checksMs === undefined) return
  for (const { name, check } of sites) {
    const needed = neededMs(check)
    if (needed > checksMs) io.stderr(`warning: ${name}: a verdict on an address that does not answer needs ${secondsText(needed)}, --timeout is ${secondsText(checksMs)}\n`)
  }
}

const printSites = (sites: readonly SiteReport[], io: Io, isDryRun: boolean): void =>
  io.stdout(sites.map((site) => siteText(site, { isDryRun, isColored: io.color, nowMs: systemClock.wallNow() })).join('\n'))

/** Prints what came of it, once, and returns the exit code. */
export const printReconcile = (ending: ReconcileEnding, options: Pick<ReconcileOptions, 'isDryRun' | 'isJson'>, io: Io): number => {
  const report: ReconcileReport = { version: 1, dryRun: options.isDryRun, ...ending }
  if (options.isJson) io.stdout(`${JSON.stringify(report, undefined, 2)}\n`)
  else if (report.sites.length > 0) printSites(report.sites, io, options.isDryRun)
  if (report.error !== undefined) io.stderr(`${errorText(report.error).map((line, at) => `${at === 0 ? 'error: ' : '       '}${line}`).join('\n')}\n`)
  return report.exitCode
}

/**
 * One shot: resolve, check, decide, plan, guard, write, verify. Prints the result on stdout, and returns the exit code:
 * 0 fine, 1 error or interrupted, 2 dry run found changes, 3 held, 4 applied but not verified, 64 no such site. A dry
 * run writes nothing at all: no records, no state, no lock. After an abort it writes nothing more and ends within 2 s.
 */
export const reconcile = async (options: ReconcileOptions, io: ReconcileIo, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> => {
  const end = (ending: ReconcileEnding): number => printReconcile(ending, options, io)
  const loaded = await loadConfig(options.config, env, { defaults: { confirmSpanMs } })
  const { redact } = loaded
  io.stderr(renderProblems(loaded, { color: io.color }))
  if (!loaded.ok) return end({ exitCode: 1, sites: [], problems: problemsOf(loaded) })
  const chosen = chooseSites(options.sites, loaded.config.sites)
  if (chosen.kind === 'unknown') return end({ exitCode: 64, sites: [], error: errorReport({ code: 'usage', message: chosen.message }, redact) })
  const write = (text: string): void => io.stderr(io.isWatched ? `\r\u001B[K${text}` : text)
  const run: Run = { options, io, loaded, sites: chosen.sites, log: createLog({ level: options.logLevel, write, redact }) }
  warnOfTime(run)
  try {
    return end(await underLock(run, signal))
  } catch (error) {
    return end({ exitCode: 1, sites: [], error: errorReport(error, redact) })
  }
}
