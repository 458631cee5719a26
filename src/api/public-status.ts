import type { DayView, IncidentView } from '../engine/history-port.ts'
import type { AddressView, PublicStatusView, RegionView, SiteView } from '../engine/views.ts'

type State = PublicStatusView['state']
type RegionState = PublicStatusView['regions'][number]['state']
type Incident = PublicStatusView['incidents'][number]

/** We may be the ones cut off, or do not watch: then nothing is known. */
const isUnsighted = ({ condition }: SiteView): boolean => condition === 'blind' || condition === 'failed'

const isOut = ({ drain, force }: RegionView): boolean => force?.to === 'down' || (drain !== null && force === null)

/** Together they are up if any is, and down only if every one is known to be. */
const together = (addresses: readonly AddressView[]): 'available' | 'unavailable' | 'unknown' => {
  if (addresses.some(({ state }) => state === 'up')) return 'available'
  return addresses.length === 0 || addresses.some(({ state }) => state === 'unknown') ? 'unknown' : 'unavailable'
}

const regionState = (view: SiteView, region: RegionView): RegionState => {
  if (isOut(region)) return 'maintenance'
  if (isUnsighted(view)) return 'unknown'
  return region.freshness?.state === 'stale' ? 'unavailable' : together(region.addresses)
}

const siteState = (view: SiteView): State => {
  if (isUnsighted(view)) return 'unknown'
  if (view.condition === 'fail-closed') return 'unavailable'
  const published = [...view.regions.flatMap(({ addresses }) => addresses), ...view.others].filter(({ sets }) => sets.some(({ isPublished }) => isPublished))
  const state = together(published)
  return state === 'available' && view.regions.some((region) => regionState(view, region) === 'unavailable') ? 'degraded' : state
}

const siteWide: Readonly<Partial<Record<IncidentView['kind'], string>>> = { 'fail-open': 'No region answered its checks', 'fail-closed': 'The site was taken off the net, as no region answered its checks' }

/** What visitors may be told of: no addresses, no causes, nothing of how we work. */
const publicIncident = ({ kind, region, startedAt, endedAt }: IncidentView): readonly Incident[] => {
  const text = kind === 'down' ? (region === null ? undefined : `${region} was not available`) : siteWide[kind]
  return text === undefined ? [] : [{ startedAt, endedAt, text }]
}

/** A region's addresses go down together, or one after the other: to visitors that is one incident. Newest first, as given. */
const merged = (incidents: readonly Incident[]): readonly Incident[] => {
  const all: Incident[] = []
  for (const each of incidents.toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1))) {
    const at = all.findLastIndex(({ text }) => text === each.text)
    const before = all[at]
    if (before === undefined || (before.endedAt !== null && before.endedAt < each.startedAt)) all.push(each)
    else all[at] = { ...before, endedAt: before.endedAt === null || each.endedAt === null ? null : before.endedAt > each.endedAt ? before.endedAt : each.endedAt }
  }
  return all.toReversed()
}

/** As the history has it. */
export interface Past {
  readonly days: readonly DayView[]
  readonly incidents: readonly IncidentView[]
}

export interface StatusFacts {
  readonly site: string
  readonly title: string
  readonly at: string
  /** Undefined: its watch has yet to begin. */
  readonly view: SiteView | undefined
  /** Undefined: it cannot be read now. */
  readonly past: Past | undefined
}

/** Shown at most. */
const mostIncidents = 20

/** What visitors may see of a site. */
export const publicStatus = ({ site, title, at, view, past }: StatusFacts): PublicStatusView => ({
  site,
  at,
  title,
  state: view === undefined ? 'unknown' : siteState(view),
  regions: (view?.regions ?? []).map((region) => ({ region: region.region, state: view === undefined ? 'unknown' : regionState(view, region) })),
  isPastKnown: past !== undefined,
  days: (past?.days ?? []).flatMap(({ day, region, availability }) => (region === null ? [{ day, availability }] : [])),
  incidents: merged((past?.incidents ?? []).flatMap(publicIncident)).slice(0, mostIncidents),
})
