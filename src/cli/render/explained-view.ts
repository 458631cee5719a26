import type { AddressView, RegionView, SiteView } from '../../engine/views.ts'
import { contentText } from './content-text.ts'
import type { ExplainedAddress, ExplainedSite } from './explain-report.ts'

const latest = (times: readonly string[]): string | null => times.toSorted((a, b) => Date.parse(a) - Date.parse(b)).at(-1) ?? null

type RegionOrders = Pick<ExplainedAddress, 'drained' | 'forced'>

/** A region that is forced down is drained as well, as far as its progress goes, though nobody ordered a drain. */
const ordersOf = ({ drain, force }: RegionView): RegionOrders => {
  const isOnlyForced = drain !== null && force?.to === 'down' && drain.since === force.since
  return { drained: isOnlyForced ? null : (drain?.reason ?? null), forced: force === null ? null : { to: force.to, reason: force.reason } }
}

const explainedAddress = (view: SiteView, address: AddressView, region: string | null, { drained, forced }: RegionOrders): ExplainedAddress => {
  const { state, since, checkedAt, hasPassed, failures, cause, detail, readmitAt, standing, sets } = address
  return {
    address: address.address,
    region,
    standing,
    drained,
    forced,
    health: { state, since, checkedAt, hasPassed, failures, cause: failures === 0 ? null : cause, detail: failures === 0 ? null : detail, readmitAt },
    sets: sets.map(({ name, type, isPublished, isWanted, isOurs, rule, text, removedAt }) => ({
      name,
      type,
      mode: view.sets.find((set) => set.name === name && set.type === type)?.mode ?? 'undecided',
      published: isPublished,
      ours: isOurs,
      action: isWanted ? 'publish' : 'withhold',
      rule,
      text,
      removedAt,
    })),
  }
}

/** What the service that runs knows of a site, as it is explained. */
export const explainedSite = (view: SiteView): ExplainedSite => {
  const addresses = [
    ...view.regions.flatMap((region) => region.addresses.map((each) => explainedAddress(view, each, region.region, ordersOf(region)))),
    ...view.others.map((each) => explainedAddress(view, each, null, { drained: null, forced: null })),
  ]
  const contents = view.regions.flatMap((region) => contentText(region) ?? [])
  return {
    site: view.site,
    knowledge: 'service',
    checkedAt: latest(addresses.flatMap(({ health }) => health.checkedAt ?? [])),
    ...(contents.length === 0 ? {} : { note: contents.join('; ') }),
    pause: view.pause,
    unresolved: view.regions.flatMap(({ region, problems }) => problems.map((detail) => ({ region, detail }))),
    addresses,
    ...(view.provider.trouble === null ? {} : { error: { code: 'provider', message: view.provider.trouble, outcome: null, obstacle: null, retryAfterMs: null } }),
  }
}
