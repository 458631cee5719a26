import type { AddressView, ChangeView, PlannedChangeView, RegionView, SetView, SiteView } from '../../engine/views.ts'
import type { ErrorReport, SiteReport } from './json.ts'

/** What came of asking a service to reconcile a site. */
export interface ServiceRun {
  readonly site: SiteView
  readonly isDryRun: boolean
  /** What was written since it was asked. */
  readonly written: ChangeView | null
  /** What is planned all the same. */
  readonly planned: readonly PlannedChangeView[]
}

type AddressReport = SiteReport['addresses'][number]
type ChangeReport = SiteReport['changes'][number]
type Hold = SiteReport['holds'][number]

const addressReport = (address: AddressView, region: RegionView | undefined, name: string | null): AddressReport => ({
  address: address.address,
  region: name,
  drained: region?.drain?.reason ?? null,
  verdict: address.verdict,
  since: address.verdict === 'undecided' ? null : address.since,
  cause: address.failures === 0 ? null : address.cause,
  detail: address.failures === 0 ? null : address.detail,
  latencyMs: address.latencyMs,
  httpStatus: null,
  certificateDays: address.certificateDays,
  checks: 0,
  decisions: address.sets.map(({ name: set, type, isWanted, rule, text, isPublished }) => ({ name: set, type, action: isWanted ? 'publish' : 'withhold', rule, text, wasPublished: isPublished })),
})

const actions = ['add', 'remove', 'keep', 'ttl', 'mark'] as const
const actionOf = (text: string): (typeof actions)[number] => actions.find((action) => action === text) ?? 'keep'

const plannedReport = ({ name, type, before, after, reasons, refused }: PlannedChangeView): ChangeReport => ({
  name,
  type,
  before: { values: [...before.values], ttl: before.ttl },
  after: { values: [...after.values], ttl: after.ttl },
  reasons: reasons.map(({ address, action, rule, text }) => ({ address, action: actionOf(action), rule, text })),
  guard: { allowed: refused === null, code: refused === null ? null : 'refused', text: refused },
  applied: false,
})

/** Of what the service has written it tells what came and what went; the rest stood before as it stands now. */
const writtenReport = ({ name, type, added, removed }: ChangeView['changes'][number], { sets, regions, others }: SiteView): ChangeReport => {
  const set = sets.find((each) => each.name === name && each.type === type)
  const after = [...(set?.published ?? added)]
  const before = [...after.filter((value) => !added.includes(value)), ...removed]
  const decisions = [...regions.flatMap(({ addresses }) => addresses), ...others]
  const reasonOf = (address: string, action: 'add' | 'remove'): ChangeReport['reasons'][number] => {
    const decided = decisions.find((each) => each.address === address)?.sets.find((each) => each.name === name && each.type === type)
    return { address, action, rule: decided?.rule ?? '', text: decided?.text ?? '' }
  }
  return {
    name,
    type,
    before: { values: before, ttl: before.length === 0 ? 0 : (set?.ttl ?? 0) },
    after: { values: after, ttl: set?.ttl ?? 0 },
    reasons: [...removed.map((address) => reasonOf(address, 'remove')), ...added.map((address) => reasonOf(address, 'add'))],
    guard: { allowed: true, code: null, text: null },
    applied: true,
  }
}

const modes = ['normal', 'blind', 'undecided', 'fail-open', 'fail-closed', 'family-drained', 'family-down', 'no-record-yet'] as const
const modeOf = ({ name, type, mode }: SetView): SiteReport['modes'][number] => ({ name, type, mode: modes.find((each) => each === mode) ?? 'undecided' })

const isOut = ({ drain, force }: RegionView): boolean => drain !== null || force !== null

const holdsOf = ({ site, planned }: ServiceRun): readonly Hold[] => {
  const hold = (kind: Hold['kind'], text: string, address: string | null = null): Hold => ({ kind, address, text })
  const { pause, condition, text, regions } = site
  const paused = pause === null ? [] : [hold('paused', `paused ${pause.until === null ? 'until it is resumed' : `until ${pause.until}`} by ${pause.by}: ${pause.reason}; nothing was written. "dns-failover resume" ends it`)]
  const guarded = planned.flatMap(({ name, type, refused }) => (refused === null ? [] : [hold('guard', `${name} ${type}: refused: ${refused}`)]))
  const mode = condition === 'blind' || condition === 'fail-open' || condition === 'fail-closed' ? [hold(condition, text)] : []
  const undecided = regions
    .filter((region) => !isOut(region))
    .flatMap(({ region, addresses }) => addresses.flatMap(({ address, verdict }) => (verdict === 'undecided' ? [hold('undecided', `${address} (${region}) is not decided yet: it stays as it is`, address)] : [])))
  const unresolved = regions.flatMap(({ region, problems }) => problems.map((problem) => hold('unresolved', `region ${region} cannot be resolved: ${problem}`)))
  return [...paused, ...guarded, ...mode, ...undecided, ...unresolved]
}

const troubleOf = ({ site: { provider } }: ServiceRun): ErrorReport | undefined =>
  provider.trouble === null ? undefined : { code: 'provider', message: `${provider.trouble}; the service writes what is wanted once it can`, outcome: null, obstacle: null, retryAfterMs: null }

const outcomeOf = (run: ServiceRun, holds: readonly Hold[]): SiteReport['outcome'] => {
  const { site, isDryRun, written, planned } = run
  if (troubleOf(run) !== undefined || site.condition === 'failed') return 'failed'
  const names = written?.changes.map(({ name, type }) => `${name} ${type}`) ?? []
  if (site.sets.some(({ name, type, verification }) => names.includes(`${name} ${type}`) && verification?.outcome !== 'agreed')) return 'unverified'
  if (holds.length > 0) return 'held'
  if (planned.length > 0) return isDryRun ? 'planned' : 'held'
  return written === null ? 'unchanged' : 'applied'
}

/** The same shape as of a run from here; what only such a run knows, as the HTTP status of a check, is null. */
export const serviceSiteReport = (run: ServiceRun): SiteReport => {
  const { site, written, planned } = run
  const holds = holdsOf(run)
  const error = troubleOf(run)
  return {
    site: site.site,
    outcome: outcomeOf(run, holds),
    addresses: [
      ...site.regions.flatMap((region) => region.addresses.map((address) => addressReport(address, region, region.region))),
      ...site.others.map((address) => addressReport(address, undefined, null)),
    ],
    unresolved: site.regions.flatMap(({ region, problems }) => problems.map((detail) => ({ region, detail }))),
    modes: site.sets.map(modeOf),
    holds: [...holds],
    warnings: [],
    changes: [...(written?.changes ?? []).map((change) => writtenReport(change, site)), ...planned.map(plannedReport)],
    verifications: [],
    ...(error === undefined ? {} : { error }),
  }
}
