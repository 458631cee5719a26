import { randomUUID } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { EngineEvent } from '../engine/events.ts'
import type { Clock } from '../engine/ports.ts'
import type { Alert } from './alert.ts'
import { alertsOf, forgetSite, keepAddresses, knowsAddresses, newWatch } from './alerts-of.ts'
import { fit } from './fit.ts'
import type { Log } from './log.ts'
import { createOutlet, type Outlet } from './outlet.ts'
import { createSender } from './sender.ts'
import { hostOf, type NotifyTarget, wants } from './target.ts'
import { testMessage } from './test-message.ts'

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
  readonly clock: Clock
  /** In [0, 1): spreads retries. */
  random(): number
  readonly log: Log
  /** Takes the config's secrets out of a text. */
  redact(text: string): string
  /** What became of a message to a target. */
  onOutcome?(target: string, outcome: 'sent' | 'failed' | 'dropped'): void
}

const flushMs = 2_000
const longest = { title: 500, text: 2_000, fact: 500 }

const clean = (alert: Alert, redact: (text: string) => string): Alert => ({
  ...alert,
  title: fit(redact(alert.title), { limit: longest.title }),
  text: fit(redact(alert.text), { limit: longest.text }),
  facts: Object.fromEntries(Object.entries(alert.facts).map(([name, value]) => [name, fit(redact(value), { limit: longest.fact })])),
})

export const createNotifier = ({ targets, addressesOf, clock, random, log, redact, onOutcome }: NotifierOptions): Notifier => {
  const sender = createSender(clock.wallNow)
  const ports = { clock, sender, random, newId: randomUUID, log, onOutcome: onOutcome ?? (() => undefined) }
  const open = (target: NotifyTarget): Outlet => createOutlet(target, ports)
  const leaving = new Set<Promise<void>>()
  let outlets: readonly Outlet[] = targets.map(open)
  let watch = newWatch

  const tell = (outcome: ReturnType<typeof alertsOf>): void => {
    watch = outcome.watch
    for (const each of outcome.alerts) {
      const alert = clean(each, redact)
      for (const outlet of outlets) if (wants(outlet.target, alert)) outlet.add(alert)
    }
  }
  const retire = (outlet: Outlet): void => {
    const gone = outlet.close(flushMs).finally(() => leaving.delete(gone))
    leaving.add(gone)
  }

  const lookForGone = (site: string): void => {
    const addresses = knowsAddresses(watch, site) ? addressesOf(site) : undefined
    if (addresses !== undefined) tell(keepAddresses(watch, site, new Set(addresses), clock.wallNow()))
  }

  return {
    event: (event) => {
      try {
        tell(alertsOf(watch, event, clock.wallNow()))
        if (event.kind === 'cycled') lookForGone(event.site)
      } catch (error) {
        // Whoever reports an event is busy with failover; that must go on, whatever becomes of the alert.
        log('error', `a fault of this program's own kept an alert on ${event.site} (${event.kind}): ${error instanceof Error ? error.message : String(error)}`, { event: 'alerts' })
      }
    },
    forget: (site) => tell(forgetSite(watch, site, clock.wallNow())),
    follow: (wanted) => {
      const before = outlets
      outlets = wanted.map((target) => before.find((outlet) => isDeepStrictEqual(outlet.target, target)) ?? open(target))
      for (const outlet of before) if (!outlets.includes(outlet)) retire(outlet)
    },
    test: (name) =>
      Promise.all(
        outlets
          .filter(({ target }) => name === undefined || target.name === name)
          .map(async (outlet) => {
            const { target } = outlet
            const since = clock.now()
            const delivery = await outlet.deliverOnce(testMessage(randomUUID(), target.name, clock.wallNow()))
            return { target: target.name, type: target.type, host: hostOf(target.url), ok: delivery.kind === 'delivered', detail: delivery.detail, ms: Math.round(clock.now() - since) }
          }),
      ),
    close: async () => {
      for (const outlet of outlets) retire(outlet)
      outlets = []
      await Promise.all(leaving)
      await sender.close()
    },
  }
}
