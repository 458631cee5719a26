import type { Log } from '../compose/log.ts'
import { loadConfig, type LoadedGood } from '../config/load-config.ts'
import { renderProblems } from '../config/render-problems.ts'
import type { Site } from '../core/site.ts'
import { chooseSites } from './choose-sites.ts'
import type { Io } from './io.ts'
import { errorReport } from './render/error-report.ts'
import { type Ending, printEnding, problemsOf } from './print-ending.ts'
import { printable, type Style } from './render/style.ts'

export type { Ending } from './print-ending.ts'

export interface VerbOptions {
  /** The config's file. */
  readonly config: string
  /** Names of sites; none: all. */
  readonly sites: readonly string[]
  readonly isJson: boolean
}

export interface VerbRun {
  readonly loaded: LoadedGood
  readonly sites: readonly Site[]
}

/** What must be known while a verb runs, on stderr; the rest is not worth a line here. */
export const warnings =
  (io: Io, redact: (text: string) => string): Log =>
  (level, message) => {
    if (level === 'error' || level === 'warn') io.stderr(`${level === 'warn' ? 'warning' : level}: ${printable(redact(message))}\n`)
  }

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

  const finish = (ending: Ending<T>): number => printEnding(ending, { io, isJson: options.isJson, redact: loaded.redact, problems: problemsOf(loaded), render: verb.render })
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
