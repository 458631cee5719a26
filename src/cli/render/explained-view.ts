import type { AddressView, SiteView } from '../../engine/views.ts'
import type { ExplainedAddress, ExplainedSite } from './explain-report.ts'

const latest = (times: readonly string[]): string | null => times.toSorted((a, b) => Date.parse(a) - Date.parse(b)).at(-1) ?? null

const explainedAddress = (view: SiteView, address: AddressView, region: string | null, drained: string | null): ExplainedAddress => {
  const { state, since, checkedAt, hasPassed, failures, cause, detail, readmitAt, standing, sets } = address
  return {
    address: address.address,
    region,
    standing,
    drained,
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
    ...view.regions.flatMap(({ region, drain, addresses: own }) => own.map((each) => explainedAddress(view, each, region, drain?.reason ?? null))),
    ...view.others.map((each) => explainedAddress(view, each, null, null)),
  ]
  return {
    site: view.site,
    knowledge: 'service',
    checkedAt: latest(addresses.flatMap(({ health }) => health.checkedAt ?? [])),
    pause: view.pause,
    unresolved: view.regions.flatMap(({ region, problems }) => problems.map((detail) => ({ region, detail }))),
    addresses,
    ...(view.provider.trouble === null ? {} : { error: { code: 'provider', message: view.provider.trouble, outcome: null, obstacle: null, retryAfterMs: null } }),
  }
}
