import type { EngineEvent } from '../engine/events.ts'
import { type Alert, severities } from './alert.ts'
import type { Condition } from './condition.ts'
import { conditionsOf } from './conditions.ts'
import { spanText } from './span-text.ts'
import { learn, noFacts, type SiteFacts, withoutAddresses } from './site-facts.ts'

interface Open {
  readonly condition: Condition
  /** Milliseconds since the epoch. */
  readonly since: number
}

/** What is known of all sites, and what was said to be wrong and not yet to be over. */
export type Watch = ReadonlyMap<string, { readonly facts: SiteFacts; readonly open: ReadonlyMap<string, Open> }>

export const newWatch: Watch = new Map()

const begun = (site: string, condition: Condition, isAgain: boolean, at: number): Alert => {
  const { mark: _, end: __, ...said } = condition
  return { ...said, site, isResolved: false, isAgain, at }
}

const ended = (site: string, { condition, since }: Open, after: SiteFacts, at: number): Alert => {
  const { key, region, address, facts } = condition
  const { kind, title } = condition.end(after)
  return { kind, key, site, region, address, severity: 'info', isResolved: true, isAgain: false, title, text: `it lasted ${spanText(at - since)}`, at, facts }
}

const isGraver = (now: Condition, before: Condition): boolean => severities.indexOf(now.severity) < severities.indexOf(before.severity)
const isTold = (now: Condition, before: Condition | undefined): boolean => before === undefined || isGraver(now, before) || now.mark !== before.mark

/** What has happened, rather than is wrong: told, and never over. */
const happened = (event: EngineEvent, at: number): readonly Alert[] => {
  if (event.kind !== 'promoted') return []
  const { site, region, service, from, to, text } = event
  const title = `${region} of ${site} was given its replacement ${to.join(', ')}`
  const facts = { service, from: from.join(' '), to: to.join(' ') }
  return [{ kind: 'promotion', site, region, address: undefined, severity: 'warning', isResolved: false, isAgain: false, key: `promotion/${site}/${region}`, title, text, at, facts }]
}

interface Outcome {
  readonly watch: Watch
  readonly alerts: readonly Alert[]
}

const nothingKnown = { facts: noFacts, open: new Map<string, Open>() }

/** Since when something was told to be wrong by the process before; undefined: it was not. */
type Since = (key: string) => number | undefined
const newTrouble: Since = () => undefined

/** What is to be said now that this is known of a site. */
const settle = (watch: Watch, site: string, facts: SiteFacts, at: number, since = newTrouble): Outcome => {
  const before = (watch.get(site) ?? nothingKnown).open
  const conditions = conditionsOf(site, facts)
  const over = [...before].filter(([key]) => !conditions.has(key)).map(([, open]) => ended(site, open, facts, at))
  const news = [...conditions].filter(([key, condition]) => isTold(condition, before.get(key)?.condition)).map(([key, condition]) => begun(site, condition, before.has(key), at))
  const open = new Map([...conditions].map(([key, condition]) => [key, { condition, since: before.get(key)?.since ?? since(key) ?? at }]))
  return { watch: new Map(watch).set(site, { facts, open }), alerts: [...news, ...over] }
}

/**
 * The alerts that an event is a reason for. Each trouble is said once, and again only if it has become graver; its end
 * only if it was said. So an address that comes up after a start is none, and one that is down then is.
 */
export const alertsOf = (watch: Watch, event: EngineEvent, at: number, since?: Since): Outcome => {
  const before = (watch.get(event.site) ?? nothingKnown).facts
  const facts = learn(before, event, at)
  if (facts === before) return { watch, alerts: happened(event, at) }
  const { watch: after, alerts } = settle(watch, event.site, facts, at, since)
  return { watch: after, alerts: [...happened(event, at), ...alerts] }
}

/** Whether anything is known of a site's addresses that may have gone without a word: pointed elsewhere in the DNS, or taken out of the config. */
export const knowsAddresses = (watch: Watch, site: string): boolean => (watch.get(site)?.facts.addresses.size ?? 0) > 0

/** These are all the addresses that a site has now: what was wrong with others is over. */
export const keepAddresses = (watch: Watch, site: string, addresses: ReadonlySet<string>, at: number): Outcome => {
  const { facts } = watch.get(site) ?? nothingKnown
  const left = withoutAddresses(facts, [...facts.addresses.keys()].filter((address) => !addresses.has(address)))
  return left === facts ? { watch, alerts: [] } : settle(watch, site, left, at)
}

/** A site that is no longer watched: what was wrong with it is over, as far as anybody will ever know. */
export const forgetSite = (watch: Watch, site: string, at: number): Outcome => {
  const open = [...(watch.get(site) ?? nothingKnown).open.values()]
  const alerts = open.map((each): Alert => ({ ...ended(site, each, noFacts, at), title: `${site} is no longer watched: ${each.condition.title}` }))
  return { watch: new Map([...watch].filter(([name]) => name !== site)), alerts }
}

/** All that is wrong now, as it was told when it began. */
export const openAlerts = (watch: Watch): readonly Alert[] =>
  [...watch].flatMap(([site, { open }]) => [...open.values()].map(({ condition, since }) => begun(site, condition, true, since)))
