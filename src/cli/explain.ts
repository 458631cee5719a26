import { compose, type Composition } from '../compose.ts'
import { type Address, parseAddress } from '../core/address.ts'
import type { Decision } from '../core/decision.ts'
import { explain as explainAddresses, recordedWitnesses } from '../core/explain.ts'
import { ordersAt, pauseAt } from '../core/orders.ts'
import { withResolutions } from '../core/region-claims.ts'
import type { CurrentRRset } from '../core/rrset.ts'
import type { Site } from '../core/site.ts'
import { forceOf, type SiteState, unresolvedRegions, withOrders, withUndecided } from '../core/site-state.ts'
import { systemClock } from '../engine/clock.ts'
import { decideNow } from '../engine/cycle.ts'
import { withNamesForeseen } from '../engine/follow-names.ts'
import { runOnce } from '../engine/once.ts'
import { resolveRegions } from '../engine/resolve-regions.ts'
import { keysOf } from '../engine/site-keys.ts'
import { readCurrent } from '../engine/write.ts'
import type { ProviderError } from '../providers/provider-error.ts'
import { didYouMean } from '../config/suggest.ts'
import type { Io } from './io.ts'
import { failureOf } from './reconcile-outcome.ts'
import { errorReport } from './render/error-report.ts'
import { explainedAddress, type ExplainedSite, type ExplainReport, isoAt } from './render/explain-report.ts'
import { explainText } from './render/explain-text.ts'
import type { Style } from './render/style.ts'
import { chooseSites } from './choose-sites.ts'
import { answerOfApi, refusal } from './link/answer.ts'
import { type OperatorVerbOptions, type Reached, runOperatorVerb } from './operator-verb.ts'
import { explainedSite } from './render/explained-view.ts'
import { type Ending, runVerb, type VerbOptions, type VerbRun, warnings } from './verb.ts'

export interface ExplainOptions extends OperatorVerbOptions, Pick<VerbOptions, 'sites'> {
  /** Only this one; undefined: all. */
  readonly address: string | undefined
  /** Check now, instead of by what is written down. */
  readonly isChecked: boolean
  /** Milliseconds for the checks. */
  readonly checksMs: number
}

interface Known {
  readonly state: SiteState
  readonly current: readonly CurrentRRset[]
  readonly decisions: readonly Decision[]
  readonly failure: ReturnType<typeof failureOf> | ProviderError
}

/** By what is written down and ordered, and the zone and the service subdomains as they are read now. */
const lookUp = async (site: Site, composition: Composition, signal: AbortSignal): Promise<Known> => {
  const ports = withNamesForeseen(site, composition.portsOf(site))
  const [stored, loaded, resolved, read] = await Promise.all([
    ports.store.load(site.name),
    ports.orders.load(site.name),
    resolveRegions(site, ports.resolver, signal),
    readCurrent(ports.provider, keysOf(site), signal),
  ])
  const state = withOrders(withResolutions(stored, resolved), ordersAt(loaded, ports.clock.wallNow()))
  if (read.kind === 'failed') return { state, current: [], decisions: [], failure: read.error }
  const now = ports.clock.now()
  const observer = { vantage: ports.vantage, references: recordedWitnesses(state, now), local: ports.local }
  return { state, current: read.current, decisions: decideNow(site, state, read.current, observer, now).decisions, failure: undefined }
}

/** By checks made now; nothing is written. */
const check = async (site: Site, composition: Composition, checksMs: number, signal: AbortSignal): Promise<Known> => {
  const result = await runOnce(site, composition.portsOf(site), { isDryRun: true, checksMs, verifyMs: 0 }, signal)
  const { current, decisions } = result.cycle
  return { state: withUndecided(result.state, result.undecided), current, decisions, failure: failureOf(result) }
}

/** Who serves old content stands in no file: it is looked at by the service, and by each check. */
const freshnessNote = 'no heartbeats were looked at: whether a region serves old content is told by the service that runs, and by --check'

const explainSite = async (site: Site, composition: Composition, options: ExplainOptions, signal: AbortSignal): Promise<ExplainedSite> => {
  const clock = systemClock
  const known = options.isChecked ? await check(site, composition, options.checksMs, signal) : await lookUp(site, composition, signal)
  const { state, current, decisions, failure } = known
  const pause = pauseAt(await composition.portsOf(site).orders.load(site.name), clock.wallNow())
  const explanations = explainAddresses(site, state, current, decisions)
  const observed = explanations.flatMap(({ health }) => health?.observedAt ?? [])
  return {
    site: site.name,
    knowledge: options.isChecked ? 'check' : 'state',
    checkedAt: observed.length === 0 ? null : isoAt(Math.max(...observed), clock),
    ...(site.replication === undefined || options.isChecked ? {} : { note: freshnessNote }),
    pause: pause === undefined ? null : { until: pause.until === undefined ? null : new Date(pause.until).toISOString(), reason: pause.reason, by: pause.by },
    unresolved: unresolvedRegions(site, state).map(({ region, detail }) => ({ region, detail })),
    addresses: explanations.map((each) => explainedAddress(each, each.region === undefined ? undefined : forceOf(state, each.region), clock)),
    ...(failure === undefined ? {} : { error: errorReport(failure, (text) => text) }),
  }
}

const onlyAddress = (sites: readonly ExplainedSite[], address: Address): readonly ExplainedSite[] =>
  sites.map((site) => ({ ...site, addresses: site.addresses.filter((each) => each.address === address) }))

const ending = (sites: readonly ExplainedSite[], address: Address | undefined): Ending<ExplainReport> => {
  const exitCode = sites.some(({ error }) => error !== undefined) ? 1 : 0
  if (address === undefined) return { exitCode, data: { sites } }
  const left = onlyAddress(sites, address)
  if (left.some(({ addresses }) => addresses.length > 0)) return { exitCode, data: { sites: left.filter(({ addresses }) => addresses.length > 0) } }
  const message = `nothing is known of ${address}: no region leads to it, and no set of ${sites.map(({ site }) => site).join(', ')} holds it`
  return { exitCode: 1, data: { sites: left.filter(({ error }) => error !== undefined) }, error: errorReport({ code: 'unknown-address', message }, (text) => text) }
}

const nothing: ExplainReport = { sites: [] }

const render = ({ sites }: ExplainReport, style: Style): string => sites.map((site) => explainText(site, systemClock.wallNow(), style)).join('\n')

const fromHere = async ({ loaded, sites }: VerbRun, options: ExplainOptions, address: Address | undefined, io: Io, signal: AbortSignal): Promise<Ending<ExplainReport>> => {
  const composition = await compose(loaded.config, { isDryRun: true, log: warnings(io, loaded.redact), report: () => undefined })
  try {
    return ending(await Promise.all(sites.map((site) => explainSite(site, composition, options, signal))), address)
  } finally {
    await composition.close()
  }
}

/** What the service knows, or else what is written down. */
const known = async (link: Reached, options: ExplainOptions, address: Address | undefined, io: Io, signal: AbortSignal): Promise<Ending<ExplainReport>> => {
  const wrong = (message: string): Ending<ExplainReport> => ({ exitCode: 64, data: nothing, error: refusal('usage', message).error })
  if (link.kind === 'none') {
    const chosen = chooseSites(options.sites, link.loaded.config.sites)
    return chosen.kind === 'unknown' ? wrong(chosen.message) : fromHere({ loaded: link.loaded, sites: chosen.sites }, options, address, io, signal)
  }
  const answer = answerOfApi(await link.client.sites(signal))
  if (answer.kind === 'refused') return { exitCode: answer.exitCode, data: nothing, error: answer.error }
  const names = answer.value.map(({ site }) => site)
  const unknown = options.sites.find((name) => !names.includes(name))
  if (unknown !== undefined) return wrong(`there is no site ${JSON.stringify(unknown)}${didYouMean(unknown, names, 'there are')}`)
  return ending(answer.value.filter(({ site }) => options.sites.length === 0 || options.sites.includes(site)).map(explainedSite), address)
}

/**
 * Says of each address why it is published or not, by which rule, since when: as the service knows it or, if none runs, by
 * what is written down; with `isChecked` by checks made now. Reads only. Exit codes: 0 explained, 1 error or an address
 * of which nothing is known, 64 wrong usage.
 */
export const explain = (options: ExplainOptions, io: Io, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> => {
  const address = options.address === undefined ? undefined : parseAddress(options.address)
  const isWrong = options.address !== undefined && address === undefined
  const wrong: Ending<ExplainReport> = { exitCode: 64, data: nothing, error: refusal('usage', `${JSON.stringify(options.address)} is not an IPv4 or IPv6 address`).error }
  if (options.isChecked && options.config !== undefined) {
    const verb = { ...options, config: options.config }
    return runVerb<ExplainReport>(verb, io, env, { nothing, act: async (run) => (isWrong ? wrong : fromHere(run, options, address, io, signal)), render })
  }
  return runOperatorVerb<ExplainReport>(options, io, env, signal, {
    nothing,
    act: async (link) => {
      if (isWrong) return wrong
      if (options.isChecked) return { ...wrong, error: refusal('usage', '--check checks from this machine, and needs --config to know what to check').error }
      return known(link, options, address, io, signal)
    },
    render,
  })
}
