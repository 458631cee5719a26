import { type LoadedConfig, loadConfig } from '../config/load-config.ts'
import type { Problem } from '../config/problem.ts'
import { renderProblems } from '../config/render-problems.ts'
import { describeConfig } from './describe-config.ts'
import type { Io } from './io.ts'
import { type SiteSummary, summarizeSite } from './summarize-site.ts'

export interface CheckConfigOptions {
  /** Print a `ConfigReport` instead of text. */
  readonly json?: boolean
  /** What `${VARIABLE}` takes its value from; default: the process's own. */
  readonly env?: NodeJS.ProcessEnv
}

/** What `check-config --json` prints. Without secrets. */
export interface ConfigReport {
  readonly version: 1
  readonly exitCode: number
  readonly ok: boolean
  /** Errors, then warnings. */
  readonly problems: readonly Problem[]
  /** Empty unless `ok`. */
  readonly sites: readonly SiteSummary[]
}

const exitCodeOf = ({ ok }: LoadedConfig): number => (ok ? 0 : 1)

const reportOf = (loaded: LoadedConfig): ConfigReport => ({
  version: 1,
  exitCode: exitCodeOf(loaded),
  ok: loaded.ok,
  problems: [...(loaded.ok ? [] : loaded.problems), ...loaded.warnings],
  sites: loaded.ok ? loaded.config.sites.map((site) => summarizeSite(site, loaded.redact)) : [],
})

/** Checks a config file and says what is wrong with it, or what it amounts to. Exit code: 0 fine, 1 problems. */
export const checkConfig = async (file: string, io: Io, options: CheckConfigOptions = {}): Promise<number> => {
  const loaded = await loadConfig(file, options.env ?? process.env)
  if (options.json === true) io.stdout(`${JSON.stringify(reportOf(loaded), undefined, 2)}\n`)
  else {
    io.stderr(renderProblems(loaded, { color: io.color }))
    if (loaded.ok) io.stdout(describeConfig(loaded))
  }
  return exitCodeOf(loaded)
}
