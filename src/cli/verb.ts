import type { Log } from '../compose/log.ts'
import { loadConfig, type LoadedGood, type LoadedConfig } from '../config/load-config.ts'
import type { Problem } from '../config/problem.ts'
import { renderProblems } from '../config/render-problems.ts'
import type { Site } from '../core/site.ts'
import { chooseSites } from './choose-sites.ts'
import type { Io } from './io.ts'
import { errorReport } from './render/error-report.ts'
import { errorText } from './render/error-text.ts'
import type { ErrorReport } from './render/json.ts'
import { printable, type Style, styleOf } from './render/style.ts'

export interface VerbOptions {
  /** The config's file. */
  readonly config: string
  /** Names of sites; none: all. */
  readonly sites: readonly string[]
  readonly isJson: boolean
}

/** What came of a verb. */
export interface Ending<T> {
  readonly exitCode: number
  readonly data: T
  /** What kept it from its work. */
  readonly error?: ErrorReport | undefined
}

export interface VerbRun {
  readonly loaded: LoadedGood
  readonly sites: readonly Site[]
}

/** What a verb prints with `--json`, whatever the exit code: this and its own data. Never holds a secret. */
export interface VerbReport {
  readonly version: 1
  readonly exitCode: number
  readonly error?: ErrorReport
  /** What is wrong with the config. */
  readonly problems?: readonly Problem[]
}

/** What must be known while a verb runs, on stderr; the rest is not worth a line here. */
export const warnings =
  (io: Io, redact: (text: string) => string): Log =>
  (level, message) => {
    if (level === 'error' || level === 'warn') io.stderr(`${level === 'warn' ? 'warning' : level}: ${printable(redact(message))}\n`)
  }

/** Keys of a report whose texts may hold what came from elsewhere, and so a secret. */
const freeTexts = new Set(['text', 'detail', 'message', 'reason', 'advice'])

const withoutSecrets = <T>(data: T, redact: (text: string) => string): T =>
  JSON.parse(JSON.stringify(data, (key, value: unknown) => (typeof value === 'string' && freeTexts.has(key) ? redact(value) : value))) as T

const problemsOf = (loaded: LoadedConfig): readonly Problem[] => [...(loaded.ok ? [] : loaded.problems), ...loaded.warnings]

const errorLines = (error: ErrorReport): string =>
  `${errorText(error).map((line, at) => `${at === 0 ? 'error: ' : '       '}${line}`).join('\n')}\n`

/**
 * Runs a verb on the sites that it is asked for, prints what came of it, and returns the exit code. `nothing` is its
 * data where it could not begin. Exit codes besides the verb's own: 1 bad config or an error, 64 no such site.
 */
export const runVerb = async <T extends object>(
  options: VerbOptions,
  io: Io,
  env: NodeJS.ProcessEnv,
  verb: { readonly nothing: T; readonly act: (run: VerbRun) => Promise<Ending<T>>; readonly render: (data: T, style: Style) => string },
): Promise<number> => {
  const loaded = await loadConfig(options.config, env)
  io.stderr(renderProblems(loaded, { color: io.color }))

  const finish = ({ exitCode, data, error }: Ending<T>): number => {
    const shown = withoutSecrets(data, loaded.redact)
    const told = error === undefined ? undefined : withoutSecrets(error, loaded.redact)
    const report: VerbReport & T = { version: 1, exitCode, ...shown, ...(told === undefined ? {} : { error: told }), ...(loaded.ok ? {} : { problems: problemsOf(loaded) }) }
    if (options.isJson) io.stdout(`${JSON.stringify(report, undefined, 2)}\n`)
    else io.stdout(verb.render(shown, styleOf(io.color)))
    if (told !== undefined) io.stderr(errorLines(told))
    return exitCode
  }
  const failed = (exitCode: number, error: unknown): number => finish({ exitCode, data: verb.nothing, error: errorReport(error, loaded.redact) })

  if (!loaded.ok) return finish({ exitCode: 1, data: verb.nothing })
  const chosen = chooseSites(options.sites, loaded.config.sites)
  if (chosen.kind === 'unknown') return failed(64, { code: 'usage', message: chosen.message })
  try {
    return finish(await verb.act({ loaded, sites: chosen.sites }))
  } catch (error) {
    return failed(1, error)
  }
}
