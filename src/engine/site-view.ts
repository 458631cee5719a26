import type { Address } from '../core/address.ts'
import { type Observer, verdictsOn } from '../core/candidates.ts'
import type { SiteDecision } from '../core/decide-site.ts'
import type { Decision } from '../core/decision.ts'
import { explain } from '../core/explain.ts'
import type { Orders } from '../core/orders.ts'
import type { CheckResult } from '../core/result.ts'
import { type CurrentRRset, keyText, sameKey } from '../core/rrset.ts'
import type { Region, Site } from '../core/site.ts'
import { type SiteState, unresolvedRegions } from '../core/site-state.ts'
import { strayAdvice, strayOrders, strayText } from '../core/stray-orders.ts'
import { wordsOn } from '../core/word.ts'
import { addressView } from './address-view.ts'
import { changeWords } from './change-words.ts'
import { conditionOf, conditionText } from './condition.ts'
import type { DrainWatch } from './drain-watch.ts'
import { plannedChangeView } from './plan-view.ts'
import type { Clock } from './ports.ts'
import type { Standing } from './standing.ts'
import { verificationView } from './verification-view.ts'
import type { AddressView, ChangeView, DrainView, FreshnessView, RegionView, ReplacementView, SetView, SiteView, StrayOrderView } from './views.ts'
import { isoAt, isoOf } from './wire-time.ts'

/** All that is known of one site at one moment. */
export interface SiteKnowledge {
  readonly site: Site
  readonly state: SiteState
  readonly current: readonly CurrentRRset[]
  /** When `current` was read; engine milliseconds. */
  readonly readAt: number | undefined
  readonly decision: SiteDecision
  readonly observer: Observer
  readonly orders: Orders
  readonly results: ReadonlyMap<Address, CheckResult>
  readonly standing: Standing
  /** When the provider is asked again, after trouble; engine milliseconds. */
  readonly retryAt: number | undefined
  readonly drains: DrainWatch
  replacement(region: Region): ReplacementView | null
  freshness(region: string): FreshnessView | null
  readonly clock: Pick<Clock, 'now' | 'wallNow'>
}

/** A region may be called as every object has a property. */
const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(record, key) ? record[key] : undefined)

/** Why a region that an operator took out is published all the same. */
export const heldBy = (decisions: readonly Decision[], region: string): string | undefined =>
  decisions.flatMap(({ entries }) => entries).find((entry) => entry.region === region && entry.action === 'publish' && entry.rule !== 'forced-up')?.text

const drainView = (region: string, knowledge: SiteKnowledge): DrainView | null => {
  const { orders, drains, decision, clock } = knowledge
  const forced = own(orders.forces, region)
  const order = own(orders.drains, region) ?? (forced?.to === 'down' ? { ...forced, isForced: true, origin: 'order' as const } : undefined)
  if (order === undefined) return null
  const { origin, since, until, reason, by, isForced } = order
  const { phase, text, expiresAt, safeSince } = drains.progress(region, forced?.to === 'up' ? `it is forced up: ${forced.reason}` : heldBy(decision.decisions, region))
  const servers = drains.answers(region).map(({ name, address, standing, detail }) => ({ name, address, standing, detail: detail ?? null }))
  const progress = { phase, text, servers, expiresAt: isoAt(expiresAt, clock), safeSince: isoAt(safeSince, clock) }
  return { region, origin, since: isoOf(since) ?? '', until: isoOf(until), reason, by, isForced, progress }
}

const wordViews = ({ state, site, clock }: SiteKnowledge, region: string): RegionView['words'] =>
  wordsOn(state.words, region, clock.now()).flatMap(({ source, monitor, opinion, detail, heardAt, expiresAt }) => {
    const mode = Object.hasOwn(site.sources, source) ? site.sources[source] : undefined
    if (mode === undefined) return []
    return [{ source, mode, monitor, opinion, detail, heardAt: isoAt(heardAt, clock) ?? '', expiresAt: isoAt(expiresAt, clock) ?? '' }]
  })

const regionView = (region: Region, addresses: readonly AddressView[], knowledge: SiteKnowledge): RegionView => {
  const { orders, site, state } = knowledge
  const force = own(orders.forces, region.name)
  return {
    region: region.name,
    role: region.role,
    service: region.source.kind === 'service' ? region.source.service : null,
    addresses,
    problems: unresolvedRegions(site, state).flatMap((each) => (each.region === region.name ? [each.detail] : [])),
    drain: drainView(region.name, knowledge),
    force: force === undefined ? null : { to: force.to, since: isoOf(force.since) ?? '', until: isoOf(force.until), reason: force.reason, by: force.by },
    words: wordViews(knowledge, region.name),
    replacement: knowledge.replacement(region),
    freshness: knowledge.freshness(region.name),
  }
}

const setView = (rrset: CurrentRRset, knowledge: SiteKnowledge): SetView => {
  const { decision, standing, readAt, clock } = knowledge
  const decided = decision.decisions.find(({ key }) => sameKey(key, rrset.key))
  const verified = standing.verifications[keyText(rrset.key)]
  return {
    ...rrset.key,
    mode: decided?.mode ?? 'undecided',
    ttl: rrset.ttl,
    published: rrset.values,
    wanted: (decided?.entries ?? []).flatMap(({ action, address }) => (action === 'publish' ? [address] : [])),
    readAt: isoAt(readAt, clock),
    verification: verified === undefined ? null : verificationView(verified.verification, verified.at, clock),
    refused: standing.refused[keyText(rrset.key)] ?? null,
  }
}

const changeView = ({ lastChange }: Standing, regions: readonly RegionView[]): ChangeView | null => {
  if (lastChange === undefined) return null
  const written = lastChange.changes.map((change) => plannedChangeView(change, undefined))
  const changes = written.map(({ name, type, before, after, reasons }) => {
    const added = after.values.filter((value) => !before.values.includes(value))
    const removed = before.values.filter((value) => !after.values.includes(value))
    return { name, type, added, removed, reasons: reasons.filter(({ action }) => action !== 'keep').map(({ address, action, text }) => `${action}${address === null ? '' : ` ${address}`}: ${text}`) }
  })
  return { at: isoOf(lastChange.at) ?? '', text: changeWords(written, regions), changes }
}

/** One site, as it is told. */
export const siteView = (knowledge: SiteKnowledge): SiteView => {
  const { site, state, current, decision, orders, standing, retryAt, results, clock } = knowledge
  const verdicts = verdictsOn(current, site, state, knowledge.observer, clock.now())
  const explanations = explain(site, state, current, decision.decisions)
  const viewOf = (each: (typeof explanations)[number]): AddressView => addressView(each, verdicts.get(each.address), results.get(each.address), clock)
  const isOf = (each: (typeof explanations)[number], region: string): boolean => each.standing === 'configured' && each.region === region
  const regions = site.regions.map((region) => regionView(region, explanations.filter((each) => isOf(each, region.name)).map(viewOf), knowledge))
  const sets = current.filter(({ key, values }) => values.length > 0 || key.type === 'A' || regions.some(({ addresses }) => addresses.some((each) => each.sets.some(({ type }) => type === key.type)))).map((rrset) => setView(rrset, knowledge))
  const others = explanations.filter(({ standing: is }) => is !== 'configured').map(viewOf)
  const facts = { isFailed: standing.isFailed, hasTrouble: standing.trouble !== undefined, isPaused: orders.pause !== undefined, isRead: current.length > 0, sets, regions }
  const condition = conditionOf(facts)
  const stray = strayOrders(orders, site).map((each): StrayOrderView => ({ ...each, until: isoOf(each.until), text: `${strayText(each)}; ${strayAdvice(each)}` }))
  return {
    site: site.name,
    names: site.names,
    at: isoOf(clock.wallNow()) ?? '',
    condition,
    text: conditionText(condition, facts, standing.trouble?.text),
    pause: orders.pause === undefined ? null : { until: isoOf(orders.pause.until), reason: orders.pause.reason, by: orders.pause.by },
    provider: { name: site.provider, trouble: standing.trouble?.text ?? null, since: isoOf(standing.trouble?.since), retryAt: standing.trouble === undefined ? null : isoAt(retryAt, clock) },
    regions,
    ...(stray.length === 0 ? {} : { strayOrders: stray }),
    others,
    sets,
    lastChange: changeView(standing, regions),
    lastCycleAt: isoOf(standing.lastCycleAt),
  }
}
