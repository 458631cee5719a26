import { type LoadedConfig, loadConfig } from '../config/load-config.ts'
import { pathText, type Problem } from '../config/problem.ts'
import { renderProblems } from '../config/render-problems.ts'
import { ordersAt } from '../core/orders.ts'
import { heirOf } from '../core/region-names.ts'
import { emptyState } from '../core/site-state.ts'
import { strayAdvice, strayOrders, strayText } from '../core/stray-orders.ts'
import { systemClock } from '../engine/clock.ts'
import { createFileStore } from '../store/file-store.ts'
import { createOrderStore } from '../store/order-store.ts'
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

/** Orders that would be astray under this config, where the state directory can be read: nothing but the file says so before a reload. */
const strayProblems = async (loaded: LoadedConfig): Promise<readonly Problem[]> => {
  if (!loaded.ok) return []
  const { sites, stateDir } = loaded.config
  const given = { dir: stateDir, wallNow: systemClock.wallNow, log: () => undefined, isReadOnly: true }
  const [orders, states] = [createOrderStore(given), createFileStore({ ...given, now: systemClock.now })]
  const found = await Promise.all(
    sites.map(async (site): Promise<readonly Problem[]> => {
      const stray = strayOrders(ordersAt(await orders.load(site.name), systemClock.wallNow()), site)
      const state = stray.length === 0 ? emptyState : await states.load(site.name).catch(() => emptyState)
      const lost = stray.filter(({ region }) => heirOf(region, state, site) === undefined)
      return lost.map((order) => ({ severity: 'warning', line: 0, column: 0, length: 1, path: pathText(['sites', site.name, 'regions']), message: `${strayText(order)}; ${strayAdvice(order)}` }))
    }),
  )
  return found.flat()
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
  const read = await loadConfig(file, options.env ?? process.env)
  const loaded = { ...read, warnings: [...read.warnings, ...(await strayProblems(read))] }
  if (options.json === true) io.stdout(`${JSON.stringify(reportOf(loaded), undefined, 2)}\n`)
  else {
    io.stderr(renderProblems(loaded, { color: io.color }))
    if (loaded.ok) io.stdout(describeConfig(loaded))
  }
  return exitCodeOf(loaded)
}
