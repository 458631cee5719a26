import { type Address, addressSet } from '../../core/address.ts'
import type { PlannedChange } from '../../core/decide-site.ts'
import type { Change, RRsetContent } from '../../core/rrset.ts'
import type { Site } from '../../core/site.ts'
import { configuredAddresses, regionOf, unresolvedRegions } from '../../core/site-state.ts'
import { type ServerReport, serialsOf, type Verification } from '../../core/verification.ts'
import type { Clock } from '../../engine/ports.ts'
import type { OnceResult } from '../../engine/once.ts'
import { hasNoRecordYet, holdsOf, type RunFacts, warningsOf } from '../reconcile-holds.ts'
import { failureOf, outcomeOf } from '../reconcile-outcome.ts'
import { errorReport } from './error-report.ts'
import type { ErrorReport, SiteReport } from './json.ts'

export interface SiteReportOptions extends RunFacts {
  /** How many changes the provider takes at once. */
  readonly batch: number
  readonly clock: Pick<Clock, 'now' | 'wallNow'>
  /** Takes secrets out of free text. */
  readonly redact: (text: string) => string
}

type AddressReport = SiteReport['addresses'][number]
type ChangeReport = SiteReport['changes'][number]
type VerificationReport = SiteReport['verifications'][number]

/** Engine milliseconds as ISO 8601; null for a moment that no calendar knows. */
const isoOf = (at: number, clock: SiteReportOptions['clock']): string | null => {
  const date = new Date(clock.wallNow() - (clock.now() - at))
  return Number.isNaN(date.getTime()) ? null : date.toISOString()
}

const verdictOf = (address: Address, result: OnceResult, rules: readonly string[]): AddressReport['verdict'] => {
  const health = result.state.health[address]
  if (health === undefined || health.state === 'unknown' || result.undecided.includes(address)) return 'undecided'
  const isDoubtful = health.state === 'down' && (!health.hasPassed || rules.includes('blind'))
  return isDoubtful ? 'undecided' : health.state
}

const addressReport = (address: Address, site: Site, result: OnceResult, { clock, redact }: SiteReportOptions): AddressReport => {
  const { cycle, state, tallies } = result
  const decisions = cycle.decisions.flatMap(({ key, entries }) =>
    entries
      .filter((entry) => entry.address === address)
      .map(({ action, rule, text, wasPublished }) => ({ ...key, action, rule, text: redact(text), wasPublished })),
  )
  const region = regionOf(address, site, state)?.name ?? state.retired[address] ?? null
  const tally = tallies.get(address)
  const last = tally?.last
  const isTrouble = last !== undefined && last.kind !== 'ok'
  const verdict = verdictOf(address, result, decisions.map((decision) => decision.rule))
  const health = state.health[address]
  return {
    address,
    region,
    drained: (region === null ? undefined : state.drains[region]?.reason) ?? null,
    verdict,
    since: verdict === 'undecided' || health === undefined ? null : isoOf(health.since, clock),
    cause: isTrouble ? last.cause : null,
    detail: isTrouble ? redact(last.detail) : null,
    latencyMs: last === undefined ? null : Math.round(last.timing.totalMs * 10) / 10,
    httpStatus: last?.status ?? null,
    certificateDays: last?.certificateDays ?? null,
    checks: tally?.checks ?? 0,
    decisions,
  }
}

const contents = ({ values, ttl }: RRsetContent): ChangeReport['before'] => ({ values: [...values], ttl })

/** A change as data; `applied` null: nobody knows. `redact` takes secrets out of its reasons. */
export const changeReport = (change: Change, verdict: PlannedChange['verdict'], applied: boolean | null, redact: (text: string) => string): ChangeReport => ({
  ...change.key,
  before: contents(change.before),
  after: contents(change.after),
  reasons: change.reasons.map(({ address, action, rule, text }) => ({ address: address ?? null, action, rule, text: redact(text) })),
  guard: verdict.kind === 'allowed' ? { allowed: true, code: null, text: null } : { allowed: false, code: verdict.code, text: verdict.text },
  applied,
})

/** What was written, and what was planned besides. */
const changeReports = ({ cycle }: OnceResult, { batch, redact }: Pick<SiteReportOptions, 'batch' | 'redact'>): readonly ChangeReport[] => {
  const written = cycle.writes.map(({ change }) => change)
  const rest = cycle.planned.filter(({ change }) => !written.includes(change))
  const sent = rest.filter(({ verdict }) => verdict.kind === 'allowed').slice(0, Math.max(1, batch))
  const isUnknown = (planned: PlannedChange): boolean => cycle.outcome.kind === 'write-unknown' && sent.includes(planned)
  return [
    ...written.map((change) => changeReport(change, { kind: 'allowed' }, true, redact)),
    ...rest.map((planned) => changeReport(planned.change, planned.verdict, isUnknown(planned) ? null : false, redact)),
  ]
}

const serverReport = ({ server, standing, answer: { outcome }, agreedAt }: ServerReport, writtenAt: number): VerificationReport['servers'][number] => ({
  name: server.name,
  ...server.endpoint,
  standing,
  values: outcome.kind === 'answer' ? [...outcome.values] : outcome.kind === 'absent' ? [] : null,
  serial: outcome.kind === 'answer' || outcome.kind === 'absent' ? (outcome.serial ?? null) : null,
  detail: outcome.kind === 'lame' || outcome.kind === 'unreachable' ? outcome.detail : outcome.kind === 'alias' ? `an alias for ${outcome.target}` : null,
  agreedAfterMs: agreedAt === undefined ? null : Math.max(0, Math.round((agreedAt - writtenAt) * 10) / 10),
})

/** What the name servers said of a change, as data. */
export const verificationReport = (verification: Verification, writtenAt: number, clock: SiteReportOptions['clock']): VerificationReport => {
  const { key, expected, source, servers, outcome, timeToEffectMs, movedAt } = verification
  return {
    ...key,
    expected: [...expected],
    source,
    outcome,
    timeToEffectMs: timeToEffectMs === undefined ? null : Math.max(0, Math.round(timeToEffectMs * 10) / 10),
    movedAt: movedAt === undefined ? null : isoOf(movedAt, clock),
    movedAfterMs: movedAt === undefined ? null : Math.max(0, Math.round(movedAt - writtenAt)),
    serials: [...serialsOf(servers)],
    servers: servers.map((server) => serverReport(server, writtenAt)),
  }
}

/** What an end from outside makes of an error: that nothing answers any more is then no fault of the provider's. */
const reportedError = (result: OnceResult, { isInterrupted, redact }: SiteReportOptions): ErrorReport | undefined => {
  const failure = failureOf(result)
  if (failure === undefined) return undefined
  const report = errorReport(failure, redact)
  if (!isInterrupted || report.code !== 'unavailable') return report
  return report.outcome === 'unknown' ? { ...report, code: 'interrupted' } : undefined
}

/** One site's run as data: what `--json` prints, and what the text for people is made of. */
export const siteReport = (site: Site, result: OnceResult, options: SiteReportOptions): SiteReport => {
  const { redact, clock, isInterrupted } = options
  const { cycle, state, tallies, verifications } = result
  const decided = cycle.decisions.flatMap(({ entries }) => entries.map((entry) => entry.address))
  const addresses = addressSet([...configuredAddresses(site, state), ...tallies.keys(), ...decided])
  const rank = (region: string | null): number => {
    const at = site.regions.findIndex((each) => each.name === region)
    return at === -1 ? site.regions.length : at
  }
  const error = reportedError(result, options)
  return {
    site: site.name,
    outcome: outcomeOf(site, result, options),
    addresses: addresses.map((address) => addressReport(address, site, result, options)).toSorted((a, b) => rank(a.region) - rank(b.region)),
    unresolved: (isInterrupted ? [] : unresolvedRegions(site, state)).map(({ region, detail }) => ({ region, detail: redact(detail) })),
    modes: cycle.decisions.map((decision) => ({ ...decision.key, mode: hasNoRecordYet(decision) ? 'no-record-yet' : decision.mode })),
    holds: holdsOf(site, result, options).map(({ kind, address, text }) => ({ kind, address: address ?? null, text: redact(text) })),
    warnings: warningsOf(site, result, options).map(({ kind, text }) => ({ kind, text: redact(text) })),
    changes: [...changeReports(result, options)],
    verifications: verifications.map((verification, at) => verificationReport(verification, cycle.writes[at]?.writtenAt ?? clock.now(), clock)),
    ...(error === undefined ? {} : { error }),
  }
}

/** A site of which no more is known than what kept it from being looked at, or its run from being told. */
export const failedSiteReport = (site: Site, outcome: 'failed' | 'interrupted', error: ErrorReport, changes: SiteReport['changes'] = []): SiteReport => ({
  site: site.name,
  outcome,
  addresses: [],
  unresolved: [],
  modes: [],
  holds: [],
  warnings: [],
  changes,
  verifications: [],
  error,
})

/** The report of a run, even if a fault of ours keeps it from being told: what was written is said in any case. */
export const safeSiteReport = (site: Site, result: OnceResult, options: SiteReportOptions): SiteReport => {
  try {
    return siteReport(site, result, options)
  } catch (error) {
    return failedSiteReport(site, 'failed', errorReport(error, options.redact), [...changeReports(result, options)])
  }
}
