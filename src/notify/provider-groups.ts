import type { Alert } from './alert.ts'
import { spanText } from './span-text.ts'

/** A provider that fails, as one target is told of it: for the sites that it asks for, and no others. */
interface Group {
  /** The first that it failed for: the alerts bear its name. */
  readonly first: string
  /** Milliseconds since the epoch. */
  readonly since: number
  readonly failing: ReadonlySet<string>
  /** Sites that were told of since it began. */
  readonly said: ReadonlySet<string>
}

/** By provider. */
export type ProviderGroups = ReadonlyMap<string, Group>

export const noGroups: ProviderGroups = new Map()

interface Grouped {
  readonly groups: ProviderGroups
  /** What is to be told in the alert's place. */
  readonly alerts: readonly Alert[]
}

const shown = 3
const mostInFacts = 20

/** The same for all sites of a provider, so that its trouble is one incident. */
export const providerKey = (provider: string): string => `provider-failing/${provider}`

const sitesText = (sites: readonly string[]): string => {
  const [first = ''] = sites
  if (sites.length === 1) return first
  const more = sites.length - shown
  return `${sites.length} sites: ${sites.slice(0, shown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

const about = (alert: Alert, provider: string, { first }: Group, sites: readonly string[]): Alert => ({
  ...alert,
  site: first,
  key: providerKey(provider),
  facts: { provider, sites: sites.slice(0, mostInFacts).join(' '), count: String(sites.length) },
})

const withBegun = (groups: ProviderGroups, alert: Alert, provider: string, since: number | undefined): Grouped => {
  const before = groups.get(provider)
  const group: Group = {
    first: before?.first ?? alert.site,
    since: before?.since ?? since ?? alert.at,
    failing: new Set([...(before?.failing ?? []), alert.site]),
    said: new Set([...(before?.said ?? []), alert.site]),
  }
  const after = new Map(groups).set(provider, group)
  // One that fails on and off beside others that fail on is no news.
  if (before?.said.has(alert.site) === true) return { groups: after, alerts: [] }
  const sites = [...group.failing]
  const told = about(alert, provider, group, sites)
  return { groups: after, alerts: [{ ...told, isAgain: before !== undefined || alert.isAgain, title: `the DNS provider "${provider}" fails for ${sitesText(sites)}` }] }
}

const withEnded = (groups: ProviderGroups, alert: Alert): Grouped => {
  const found = [...groups].find(([, { failing }]) => failing.has(alert.site))
  if (found === undefined) return { groups, alerts: [alert] }
  const [provider, group] = found
  const failing = new Set([...group.failing].filter((site) => site !== alert.site))
  const others = [...groups].filter(([name]) => name !== provider)
  if (failing.size > 0) return { groups: new Map([...others, [provider, { ...group, failing }]]), alerts: [] }
  const sites = [...group.said]
  const told = about(alert, provider, group, sites)
  const title = sites.length === 1 ? alert.title : `the DNS provider "${provider}" no longer fails for any of ${sites.length} sites`
  return { groups: new Map(others), alerts: [{ ...told, title, text: `it lasted ${spanText(alert.at - group.since)}` }] }
}

/**
 * A provider that fails does so for all of its sites: they are told of as one, again where it fails for more, and its end
 * once it works for all of them. Whatever else is wrong is told as it is. `provider`: the site's, by the config. `since`: when the key was first told of,
 * before a restart maybe; milliseconds since the epoch.
 */
export const groupProvider = (groups: ProviderGroups, alert: Alert, provider: string | undefined, since: (key: string) => number | undefined = () => undefined): Grouped => {
  if (alert.kind !== 'provider-failing') return { groups, alerts: [alert] }
  if (alert.isResolved) return withEnded(groups, alert)
  return provider === undefined ? { groups, alerts: [alert] } : withBegun(groups, alert, provider, since(providerKey(provider)))
}
