import { setMaxListeners } from 'node:events'
import { compose, type Composition } from '../../compose.ts'
import type { LoadedGood } from '../../config/load-config.ts'
import { ordersAt, pauseAt } from '../../core/orders.ts'
import { heirOf } from '../../core/region-names.ts'
import { strayAdvice, strayOrders, strayText } from '../../core/stray-orders.ts'
import type { Site } from '../../core/site.ts'
import { systemClock } from '../../engine/clock.ts'
import type { Io } from '../io.ts'
import { pauseText } from '../pause-text.ts'
import { printable, type Style } from '../render/style.ts'
import { runVerb, type VerbOptions } from '../verb.ts'
import { type Finding, findingsOn } from './finding.ts'
import { regionFindings } from './region-findings.ts'
import { stateFindings } from './state-findings.ts'
import { tokenFindings } from './token-findings.ts'
import { zoneFindings } from './zone-findings.ts'

export interface DoctorOptions extends VerbOptions {
  /** Milliseconds for all of it. */
  readonly totalMs: number
}

/** What `doctor --json` prints, besides what every verb does. */
export interface DoctorReport {
  readonly findings: readonly Finding[]
}

const general = findingsOn(null)

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`

const configFindings = ({ file, warnings, config }: LoadedGood): readonly Finding[] => [
  general.ok('config', `${file}: ${counted(config.sites.length, 'site')}, ${counted(Object.keys(config.providers).length, 'provider')}`),
  ...warnings.map(({ line, path, message }) => general.warn('config', `${file}:${line} ${path}: ${message}`)),
]

const siteFindings = async (site: Site, composition: Composition, signal: AbortSignal): Promise<readonly Finding[]> => {
  const ports = composition.portsOf(site)
  const { warn } = findingsOn(site.name)
  const [orders, state, zone, regions] = await Promise.all([
    ports.orders.load(site.name),
    // A state that cannot be used is said by the store.
    ports.store.load(site.name),
    zoneFindings(site, ports, signal),
    regionFindings(site, ports, signal),
  ])
  const now = systemClock.wallNow()
  const pause = pauseAt(orders, now)
  const stray = strayOrders(ordersAt(orders, now), site).filter(({ region }) => heirOf(region, state, site) === undefined).map((each) => warn('region', strayText(each), strayAdvice(each)))
  return [...stray, ...(pause === undefined ? [] : [warn('pause', `${pauseText(pause)}; nothing is written`, '"dns-failover resume" ends it')]), ...zone, ...regions]
}

const composedFindings = async (loaded: LoadedGood, sites: readonly Site[], signal: AbortSignal): Promise<readonly Finding[]> => {
  const said: Finding[] = []
  try {
    const composition = await compose(loaded.config, {
      isDryRun: true,
      log: (level, message) => void (level === 'warn' || level === 'error' ? said.push(general.warn('state', message)) : undefined),
      report: () => undefined,
    })
    try {
      const found = await Promise.all(sites.map((site) => siteFindings(site, composition, signal)))
      return [...said, ...found.flat()]
    } finally {
      await composition.close()
    }
  } catch (error) {
    return [...said, general.fail('provider', error instanceof Error ? error.message : String(error))]
  }
}

const findingText = ({ area, status, text, advice }: Finding, style: Style): string => {
  const paint = { ok: style.green, warn: style.yellow, fail: style.red }[status]
  const line = `  ${paint(status.padEnd(4))}  ${area}: ${printable(text)}\n`
  return advice === null || status === 'ok' ? line : `${line}        -> ${printable(advice)}\n`
}

const reportText = ({ findings }: DoctorReport, style: Style): string => {
  const sites = [...new Set(findings.map(({ site }) => site))]
  const parts = sites.map((site) => `${site === null ? '' : `${style.bold(site)}\n`}${findings.filter((finding) => finding.site === site).map((finding) => findingText(finding, style)).join('')}`)
  const count = (status: Finding['status']): number => findings.filter((finding) => finding.status === status).length
  return findings.length === 0 ? '' : `${parts.join('\n')}\n${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} to mend\n`
}

/**
 * Looks at everything that failover rests on, and says what to do where something is amiss. Writes nothing to DNS, and
 * nothing lasting to the state directory. Exit codes: 0 all well or only warnings, 1 something is to be mended.
 */
export const doctor = (options: DoctorOptions, io: Io, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> =>
  runVerb<DoctorReport>(options, io, env, {
    nothing: { findings: [] },
    act: async ({ loaded, sites }) => {
      const bound = AbortSignal.any([signal, AbortSignal.timeout(options.totalMs)])
      setMaxListeners(0, bound)
      const now = systemClock.wallNow()
      const [state, tokens, composed] = await Promise.all([
        stateFindings(loaded.config.stateDir, now),
        tokenFindings(loaded.config.providers, now, bound),
        composedFindings(loaded, sites, bound),
      ])
      const late = bound.aborted ? [general.fail('config', signal.aborted ? 'interrupted: what is said below may be for that reason' : `not done within ${options.totalMs / 1000} s: what is said below may be for that reason`, 'raise --timeout')] : []
      const findings = [...configFindings(loaded), ...late, ...state, ...tokens, ...composed].toSorted((a, b) => Number(a.site !== null) - Number(b.site !== null))
      return { exitCode: findings.some(({ status }) => status === 'fail') ? 1 : 0, data: { findings } }
    },
    render: reportText,
  })
