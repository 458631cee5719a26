import { compose } from '../compose.ts'
import type { LogLevel } from '../compose/log.ts'
import { loadConfig, type LoadedBad, type LoadedConfig, type LoadedGood } from '../config/load-config.ts'
import { renderProblems } from '../config/render-problems.ts'
import { didYouMean } from '../config/suggest.ts'
import type { Site } from '../core/site.ts'
import { systemClock } from '../engine/clock.ts'
import { acquireLock, type LockHolder, type LockOutcome } from '../store/lock.ts'
import { eventLine } from './event-line.ts'
import type { Io } from './io.ts'
import { createLog } from './log.ts'
import { startProgress } from './progress.ts'
import { exitCodeOf } from './reconcile-outcome.ts'
import { reconcileSites } from './reconcile-sites.ts'
import { errorReport } from './render/error-report.ts'
import { errorText } from './render/error-text.ts'
import type { ErrorReport, ReconcileReport, SiteReport } from './render/json.ts'
import { siteText } from './render/site-text.ts'

export interface ReconcileOptions {
  /** The config's file. */
  readonly config: string
  /** Names of sites; none: all. */
  readonly sites: readonly string[]
  readonly isDryRun: boolean
  readonly isJson: boolean
  /** Milliseconds for resolving and checking; what is not decided by then stays as it is. */
  readonly checksMs: number
  /** Milliseconds from a write until a name server that still differs counts as disagreeing. */
  readonly verifyMs: number
  readonly logLevel: LogLevel
}

export interface ReconcileIo extends Io {
  /** Whether people watch stderr on a terminal. */
  readonly isWatched: boolean
}

/** `confirmSpan` where the config says nothing: one run is all the evidence that there is. */
const confirmSpanMs = 2_000

/** Prints the one result of a run and returns its exit code. */
type Finish = (report: Pick<ReconcileReport, 'exitCode' | 'sites' | 'error' | 'problems'>) => number

const problemsOf = (loaded: LoadedConfig): NonNullable<ReconcileReport['problems']> => [...(loaded.ok ? [] : loaded.problems), ...loaded.warnings]

const busyText = ({ pid, command, since, host }: LockHolder, dir: string): string =>
  `the state directory ${dir} is in use by ${command} (process ${pid} on ${host}, since ${since}); wait until it ends, stop it, or use --dry-run, which needs no lock`

const unknownSites = (asked: readonly string[], sites: readonly Site[]): string | undefined => {
  const known = sites.map((site) => site.name)
  const [first] = asked.filter((name) => !known.includes(name))
  return first === undefined ? undefined : `there is no site ${JSON.stringify(first)} in the config${didYouMean(first, known, 'there are')}`
}

interface Run {
  readonly options: ReconcileOptions
  readonly io: ReconcileIo
  readonly finish: Finish
  readonly loaded: LoadedGood
  readonly sites: readonly Site[]
}

const runSites = async ({ options, io, loaded, sites }: Run, signal: AbortSignal): Promise<readonly SiteReport[]> => {
  const { isDryRun, checksMs, verifyMs } = options
  const { redact } = loaded
  const write = (text: string): void => io.stderr(io.isWatched ? `\r\u001B[K${text}` : text)
  const log = createLog({ level: options.logLevel, write, redact })
  const progress = io.isWatched ? startProgress({ write: (text) => io.stderr(text), sites: sites.length, checksMs, now: systemClock.now }) : undefined
  try {
    const composition = await compose(loaded.config, {
      isDryRun,
      log,
      report: (event) => {
        if (event.kind === 'checked') progress?.counted(event.site)
        const line = eventLine(event)
        log(line.level, line.message)
      },
    })
    try {
      return await reconcileSites(sites, composition, { isDryRun, checksMs, verifyMs, clock: systemClock, redact }, signal)
    } finally {
      await composition.close()
    }
  } finally {
    progress?.stop()
  }
}

const underLock = async (run: Run, signal: AbortSignal): Promise<number> => {
  const { options, loaded, finish } = run
  const { stateDir } = loaded.config
  const lock: LockOutcome | undefined = options.isDryRun ? undefined : await acquireLock(stateDir, { command: 'dns-reconcile' })
  if (lock?.kind === 'busy') {
    const error: ErrorReport = { ...errorReport({ code: 'locked', message: busyText(lock.holder, stateDir) }, loaded.redact), holder: lock.holder }
    return finish({ exitCode: 3, sites: [], error })
  }
  try {
    const sites = await runSites(run, lock === undefined ? signal : AbortSignal.any([signal, lock.lost]))
    return finish({ exitCode: exitCodeOf(sites.map((site) => site.outcome)), sites: [...sites] })
  } finally {
    await lock?.release()
  }
}

const printSites = (sites: readonly SiteReport[], io: Io, isDryRun: boolean): void =>
  io.stdout(sites.map((site) => siteText(site, { isDryRun, isColored: io.color })).join('\n'))

const finisher =
  (options: ReconcileOptions, io: Io): Finish =>
  (result) => {
    const report: ReconcileReport = { version: 1, dryRun: options.isDryRun, ...result }
    if (options.isJson) io.stdout(`${JSON.stringify(report, undefined, 2)}\n`)
    else if (report.sites.length > 0) printSites(report.sites, io, options.isDryRun)
    if (report.error !== undefined) io.stderr(`${errorText(report.error).map((line, at) => `${at === 0 ? 'error: ' : '       '}${line}`).join('\n')}\n`)
    return report.exitCode
  }

const badConfig = (loaded: LoadedBad, finish: Finish): number => finish({ exitCode: 1, sites: [], problems: problemsOf(loaded) })

/**
 * One shot: resolve, check, decide, plan, guard, write, verify. Prints the result on stdout, and returns the exit code:
 * 0 fine, 1 error or interrupted, 2 dry run found changes, 3 held, 4 applied but not verified, 64 no such site. A dry
 * run writes nothing at all: no records, no state, no lock. After an abort it writes nothing more and ends within 2 s.
 */
export const reconcile = async (options: ReconcileOptions, io: ReconcileIo, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> => {
  const finish = finisher(options, io)
  const loaded = await loadConfig(options.config, env, { defaults: { confirmSpanMs } })
  io.stderr(renderProblems(loaded, { color: io.color }))
  if (!loaded.ok) return badConfig(loaded, finish)
  const unknown = unknownSites(options.sites, loaded.config.sites)
  if (unknown !== undefined) return finish({ exitCode: 64, sites: [], error: errorReport({ code: 'usage', message: unknown }, loaded.redact) })
  const sites = loaded.config.sites.filter((site) => options.sites.length === 0 || options.sites.includes(site.name))
  try {
    return await underLock({ options, io, finish, loaded, sites }, signal)
  } catch (error) {
    return finish({ exitCode: 1, sites: [], error: errorReport(error, loaded.redact) })
  }
}
