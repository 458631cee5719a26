import type { ChangeView, RegionView, SetView, SiteSummaryView, SiteView, VerificationView } from './views.ts'

type RegionSummary = SiteSummaryView['regions'][number]

const stateOf = ({ addresses }: RegionView): RegionSummary['state'] => {
  const [first, ...others] = new Set(addresses.map(({ state }) => state))
  return others.length > 0 ? 'mixed' : (first ?? 'unknown')
}

const publishingOf = ({ addresses }: RegionView): RegionSummary['publishing'] => {
  const memberships = addresses.flatMap(({ sets }) => sets)
  const published = memberships.filter(({ isPublished }) => isPublished).length
  if (memberships.length === 0) return 'none'
  if (published === 0) return 'withheld'
  return published === memberships.length ? 'published' : 'partly'
}

const regionSummary = (region: RegionView): RegionSummary => ({
  region: region.region,
  role: region.role,
  state: stateOf(region),
  publishing: publishingOf(region),
  isDrained: region.drain !== null && region.force?.to !== 'down',
  forced: region.force?.to ?? null,
  isStale: region.freshness?.state === 'stale',
})

const gravity: readonly VerificationView['outcome'][] = ['agreed', 'unconfirmed', 'disagreed']

/** Of several RRsets the worst counts, so that one that is seen everywhere does not hide another that is not. */
const verifiedOf = (sets: readonly SetView[]): SiteSummaryView['verified'] => {
  const all = sets.flatMap(({ verification }) => (verification === null ? [] : [{ at: verification.at, outcome: verification.outcome }]))
  const [worst] = all.toSorted((a, b) => gravity.indexOf(b.outcome) - gravity.indexOf(a.outcome) || (a.at < b.at ? 1 : -1))
  return worst ?? null
}

/** How it took effect is known once each RRset that it changed has been seen with it. */
const lastChangeOf = (change: ChangeView | null, sets: readonly SetView[]): SiteSummaryView['lastChange'] => {
  if (change === null) return null
  const seen = change.changes.map(({ name, type }) => sets.find((set) => set.name === name && set.type === type)?.verification ?? undefined).map((each) => (each !== undefined && each.at >= change.at ? each : undefined))
  const effects = seen.flatMap((each) => each?.timeToEffectMs ?? [])
  const moves = seen.flatMap((each) => each?.movedAt ?? [])
  return {
    at: change.at,
    text: change.text,
    timeToEffectMs: effects.length === 0 || effects.length < seen.length ? null : Math.round(Math.max(...effects)),
    movedAt: moves.length < seen.length ? null : (moves.toSorted().at(-1) ?? null),
  }
}

/** A site in a line. */
export const siteSummary = ({ site, at, condition, text, regions, sets, lastChange }: SiteView): SiteSummaryView => ({
  site,
  at,
  condition,
  text,
  regions: regions.map(regionSummary),
  sets: sets.map(({ name, type, published, wanted }) => ({ name, type, published, wanted })),
  verified: verifiedOf(sets),
  lastChange: lastChangeOf(lastChange, sets),
})
