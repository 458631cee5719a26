import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { EngineEvent } from '../engine/events.ts'
import type { Clock } from '../engine/ports.ts'
import type { Alert } from './alert.ts'
import { alertsOf, forgetSite, keepAddresses, knowsAddresses, newWatch, openAlerts, type Watch } from './alerts-of.ts'
import { fit } from './fit.ts'
import { createLeftOpen } from './left-open.ts'
import type { Log } from './log.ts'
import { createOutlet, type Outlet } from './outlet.ts'
import { groupProvider, noGroups, type ProviderGroups } from './provider-groups.ts'
import { createSender } from './sender.ts'
import { hostOf, type NotifyTarget, wants } from './target.ts'
import { testMessage } from './test-message.ts'
import { forgetful, type ToldMemory } from './told.ts'

/** What came of a test message. */
export interface TestResult {
  readonly target: string
  readonly type: NotifyTarget['type']
  readonly host: string
  readonly ok: boolean
  readonly detail: string
  readonly ms: number
}

/** Tells people what is wrong. No method throws or rejects; nothing here holds up whoever calls. */
export interface Notifier {
  event(event: EngineEvent): void
  /** A site is no longer watched: what was said to be wrong with it is over. */
  forget(site: string): void
  /** Other targets from now on. One that stays as it was keeps what it has yet to send; one that is gone sends it first. */
  follow(targets: readonly NotifyTarget[]): void
  /** One message to each target, or to the one of that name, at once and tried once; empty if there is none. */
  test(name?: string): Promise<readonly TestResult[]>
  /** Sends what waits, within 2 s, and ends. */
  close(): Promise<void>
}

export interface NotifierOptions {
  readonly targets: readonly NotifyTarget[]
  /**
   * All addresses of a site as it is now: those that its regions lead to, and what its records hold besides. No event tells of
   * one that is gone, for it was withheld when its region's subdomain was pointed elsewhere. Undefined: not known yet.
   */
  addressesOf(site: string): readonly string[] | undefined
  /** All sites by the config as it is now, each with its provider. */
  sites(): readonly { readonly name: string; readonly provider: string }[]
  /** Within which it has come out what is wrong with a site's content, in milliseconds. Default: as soon as all else. */
  contentMsOf?(site: string): number
  /** What targets were told, over restarts. Default: it is forgotten. */
  readonly told?: ToldMemory
  readonly clock: Clock
  /** In [0, 1): spreads retries. */
  random(): number
  readonly log: Log
  /** Takes the config's secrets out of a text. */
  redact(text: string): string
  /** What became of a message to a target. */
  onOutcome?(target: string, outcome: 'sent' | 'failed' | 'dropped'): void
}

/** A target, and how it was told of the providers that fail. */
interface Way {
  readonly outlet: Outlet
  groups: ProviderGroups
}

const flushMs = 2_000
const longest = { title: 500, text: 2_000, fact: 500 }

const clean = (alert: Alert, redact: (text: string) => string): Alert => ({
  ...alert,
  title: fit(redact(alert.title), { limit: longest.title }),
  text: fit(redact(alert.text), { limit: longest.text }),
  facts: Object.fromEntries(Object.entries(alert.facts).map(([name, value]) => [name, fit(redact(value), { limit: longest.fact })])),
})

export const createNotifier = ({ targets, addressesOf, sites, contentMsOf = () => 0, told = forgetful, clock, random, log, redact, onOutcome }: NotifierOptions): Notifier => {
  const sender = createSender(clock.wallNow)
  const ports = { clock, sender, random, newId: randomUUID, log, onOutcome: onOutcome ?? (() => undefined), told }
  const open = (target: NotifyTarget): Way => ({ outlet: createOutlet(target, ports), groups: groupsAsTold(target) })
  const providerOf = (site: string): string | undefined => sites().find(({ name }) => name === site)?.provider
  const asksFor = (target: string, site: string): boolean => ways.some(({ outlet }) => outlet.target.name === target && (outlet.target.sites.length === 0 || outlet.target.sites.includes(site)))
  const leftOpen = createLeftOpen(told.before.filter(({ target }) => targets.some(({ name }) => name === target)), {
    providerOf,
    sitesOf: (provider, target) => sites().flatMap(({ name, provider: its }) => (its === provider && asksFor(target, name) ? [name] : [])),
    contentMsOf,
    addressesOf,
  })
  const leaving = new Set<Promise<void>>()
  /** Of each site its own: what happens at one of a thousand costs nothing for the others. */
  const watches = new Map<string, Watch>()
  const watchOf = (site: string): Watch => watches.get(site) ?? newWatch
  /** Who is new hears of a provider's end what the one before it would have heard. */
  const groupsAsTold = (target: NotifyTarget): ProviderGroups =>
    [...watches.values()].flatMap(openAlerts).reduce((groups, alert) => (wants(target, alert) ? groupProvider(groups, alert, providerOf(alert.site)).groups : groups), noGroups)
  let ways: readonly Way[] = targets.map(open)
  told.keep(targets.map(({ name }) => name))

  const add = (way: Way, alert: Alert): void => {
    const { target } = way.outlet
    const { groups, alerts } = groupProvider(way.groups, alert, providerOf(alert.site), leftOpen.since)
    way.groups = groups
    for (const each of alerts) {
      const isKnown = leftOpen.take(target.name, each.key) && !each.isResolved
      way.outlet.add(clean(isKnown ? { ...each, isAgain: true } : each, redact))
    }
  }

  const tell = (site: string, { watch, alerts }: ReturnType<typeof alertsOf>): void => {
    if (watch.size === 0) watches.delete(site)
    else watches.set(site, watch)
    for (const alert of alerts) for (const way of ways) if (wants(way.outlet.target, alert)) add(way, alert)
  }

  /** What was told before the start, and is over. */
  const endLeft = (event: EngineEvent): void => {
    for (const { target, alert } of leftOpen.heard(event, clock.wallNow())) {
      for (const { outlet } of ways) if (outlet.target.name === target) outlet.add(clean(alert, redact))
    }
  }
  const retire = (outlet: Outlet): void => {
    const gone = outlet.close(flushMs).finally(() => leaving.delete(gone))
    leaving.add(gone)
  }

  const lookForGone = (site: string): void => {
    const addresses = knowsAddresses(watchOf(site), site) ? addressesOf(site) : undefined
    if (addresses !== undefined) tell(site, keepAddresses(watchOf(site), site, new Set(addresses), clock.wallNow()))
  }

  return {
    event: (event) => {
      try {
        tell(event.site, alertsOf(watchOf(event.site), event, clock.wallNow(), leftOpen.since))
        endLeft(event)
        if (event.kind === 'cycled') lookForGone(event.site)
      } catch (error) {
        // Whoever reports an event is busy with failover; that must go on, whatever becomes of the alert.
        log('error', `a fault of this program's own kept an alert on ${event.site} (${event.kind}): ${error instanceof Error ? error.message : String(error)}`, { event: 'alerts' })
      }
    },
    forget: (site) => tell(site, forgetSite(watchOf(site), site, clock.wallNow())),
    follow: (wanted) => {
      const before = ways
      ways = wanted.map((target) => before.find(({ outlet }) => isDeepStrictEqual(outlet.target, target)) ?? open(target))
      for (const way of before) if (!ways.includes(way)) retire(way.outlet)
      told.keep(wanted.map(({ name }) => name))
    },
    test: (name) =>
      Promise.all(
        ways
          .filter(({ outlet }) => name === undefined || outlet.target.name === name)
          .map(async ({ outlet }) => {
            const { target } = outlet
            const since = clock.now()
            const delivery = await outlet.deliverOnce(testMessage(randomUUID(), target.name, clock.wallNow()))
            return { target: target.name, type: target.type, host: hostOf(target.url), ok: delivery.kind === 'delivered', detail: delivery.detail, ms: Math.round(clock.now() - since) }
          }),
      ),
    close: async () => {
      for (const { outlet } of ways) retire(outlet)
      ways = []
      await Promise.all(leaving)
      await told.close()
      await sender.close()
    },
  }
}
