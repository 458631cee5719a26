import { compose, type Composition } from '../../compose.ts'
import type { Log } from '../../compose/log.ts'
import type { LoadedGood } from '../../config/load-config.ts'
import { ordersAt } from '../../core/orders.ts'
import type { Site } from '../../core/site.ts'
import { strayOrders } from '../../core/stray-orders.ts'
import { systemClock } from '../../engine/clock.ts'
import { createOnceSite, type OnceSite } from '../../engine/once-site.ts'
import type { Actor, Operations, Outcome } from '../../engine/operations.ts'
import { createOperator } from '../../engine/operator/operator.ts'
import { type ClaimsOfSite, createReplacementClaims } from '../../engine/replacement-claims.ts'
import { createOrderStore } from '../../store/order-store.ts'
import { locked } from '../locked.ts'
import { defaultChecksMs } from '../reconcile-time.ts'
import { errorReport } from '../render/error-report.ts'
import { type Answer, answerOfOutcome, refusal } from './answer.ts'
import type { OperatorLink, SitePlace } from './operator-link.ts'

export interface LocalOptions {
  readonly loaded: LoadedGood
  /** As the lock is to name it: `dns-failover drain`. */
  readonly command: string
  readonly actor: Actor
  readonly log: Log
}

/** From the write until a name server that still differs counts as disagreeing. Milliseconds. */
const verifyMs = 30_000

interface Held {
  readonly site: OnceSite
  readonly composition: Composition
}

/** What is to follow a repoint is done here once the name servers answer with it: before, they could not be resolved anew. */
const operatorOver = (site: OnceSite, { orderStore }: Composition): Operations =>
  createOperator({
    siteNames: () => [site.site.name],
    live: (name) => (name === site.site.name ? { ...site, reconcile: async () => undefined } : undefined),
    writer: orderStore,
    health: () => ({ ok: true, sites: [] }),
    expiresMs: () => 0,
    wallNow: systemClock.wallNow,
    told: () => undefined,
  })

/** Which servers the other sites have, by what was written down of them last. */
const claimsOf = async (site: Site, sites: readonly Site[], composition: Composition): Promise<ClaimsOfSite> => {
  const claims = createReplacementClaims()
  for (const other of sites.filter((each) => each !== site)) {
    const { regions } = await composition.portsOf(other).store.load(other.name)
    claims.join(other.name).lead(new Map(Object.entries(regions).map(([region, { addresses }]) => [region, addresses])))
  }
  return claims.join(site.name)
}

type Ask<T> = (operations: Operations, name: string, signal: AbortSignal) => Promise<Outcome<T>>

/**
 * Gives orders where no service runs: under the lock of the state directory it checks, judges and writes once, by the
 * same rules. What is to be seen afterwards needs no lock, so that the next turn by cron is not held up.
 */
export const localOperator = ({ loaded, command, actor, log }: LocalOptions): OperatorLink => {
  const { config } = loaded
  let held: Held | undefined
  let isWaited = false

  /** Since when a region is safe is worth keeping, but not worth waiting for whoever holds the lock now. */
  const remember = async ({ site, composition }: Held): Promise<void> => {
    const { safe } = site.outcome()
    if (Object.keys(safe).length === 0) return
    const { store } = composition.portsOf(site.site)
    await locked(config.stateDir, command, new AbortController().signal, async () => {
      const known = await store.load(site.site.name)
      // Somebody else may have published and withdrawn it again meanwhile.
      const latest = Math.max(...Object.values(known.exposures).flatMap((each) => Object.values(each)))
      const still = Object.fromEntries(Object.entries(safe).filter(([, since]) => since >= latest))
      await store.save(site.site.name, { ...known, safe: { ...known.safe, ...still } }, true)
    }).catch(() => undefined)
  }

  /** With regions that only an order knows: it can be taken back. */
  const placeOf = async (site: Site): Promise<SitePlace> => {
    const orders = createOrderStore({ dir: config.stateDir, wallNow: systemClock.wallNow, log, isReadOnly: true })
    const stray = strayOrders(ordersAt(await orders.load(site.name), systemClock.wallNow()), site).map(({ region }) => region)
    return { site: site.name, regions: [...new Set([...site.regions.map(({ name }) => name), ...stray])] }
  }

  const letGo = async (): Promise<void> => {
    const before = held
    held = undefined
    await before?.composition.close()
  }

  const seen = async (site: Site, isDryRun: boolean, signal: AbortSignal): Promise<OnceSite> => {
    await letGo()
    const composition = await compose(config, { isDryRun, log, report: () => undefined })
    try {
      const claims = await claimsOf(site, config.sites, composition)
      const once = await createOnceSite(site, composition.portsOf(site), { checksMs: defaultChecksMs([site]), verifyMs, isDryRun, claims }, signal)
      held = { site: once, composition }
      return once
    } catch (error) {
      await composition.close()
      throw error
    }
  }

  const act = async <T>(site: Site, isDryRun: boolean, ask: Ask<T>, signal: AbortSignal): Promise<Answer<T>> => {
    const once = await seen(site, isDryRun, signal)
    signal.throwIfAborted()
    const { trouble } = once.view().provider
    if (trouble !== null && !once.isReady()) return refusal('provider', `nothing was ordered, for the records cannot be read: ${trouble}`)
    const { composition } = held ?? {}
    return composition === undefined ? refusal('internal', 'the site is gone') : answerOfOutcome(await ask(operatorOver(once, composition), site.name, signal))
  }

  const order = async <T>(name: string, isDryRun: boolean, ask: Ask<T>, signal: AbortSignal): Promise<Answer<T>> => {
    const site = config.sites.find((each) => each.name === name)
    if (site === undefined) return refusal('unknown-site', `there is no site ${JSON.stringify(name)} in the config`)
    try {
      if (isDryRun) return await act(site, true, ask, signal)
      const outcome = await locked(config.stateDir, command, signal, (inner) => act(site, false, ask, inner))
      if (outcome.kind === 'busy') return { kind: 'refused', exitCode: 3, error: outcome.error }
      return outcome.lost === undefined ? outcome.value : { kind: 'refused', exitCode: 1, error: outcome.lost }
    } catch (error) {
      signal.throwIfAborted()
      return { kind: 'refused', exitCode: 1, error: errorReport(error, loaded.redact) }
    }
  }

  return {
    via: 'state',
    places: async () => ({ kind: 'done', value: { sites: await Promise.all(config.sites.map(placeOf)), waiting: 0 } }),
    drain: (name, request, signal) => order(name, request.isDryRun, (operations, site, inner) => operations.drain(site, request, actor, inner), signal),
    undrain: (name, request, signal) => order(name, request.isDryRun, (operations, site, inner) => operations.undrain(site, request, actor, inner), signal),
    force: (name, request, signal) => order(name, request.isDryRun, (operations, site, inner) => operations.force(site, request, actor, inner), signal),
    unforce: (name, request, signal) => order(name, request.isDryRun, (operations, site, inner) => operations.unforce(site, request, actor, inner), signal),
    repoint: (name, request, signal) =>
      order(
        name,
        request.isDryRun,
        async (operations, site, inner) => {
          const outcome = await operations.repoint(site, request, actor, inner)
          if (outcome.kind === 'refused' || request.isDryRun || held === undefined) return outcome
          await held.site.ordersChanged()
          return { kind: 'done', value: { ...outcome.value, site: held.site.view() } }
        },
        signal,
      ),
    look: async (name, signal) => {
      if (held === undefined || held.site.site.name !== name) return refusal('internal', `site ${name} was not looked at`)
      isWaited = true
      await held.site.look(signal)
      return { kind: 'done', value: held.site.view() }
    },
    close: async () => {
      if (held !== undefined && isWaited) await remember(held)
      await letGo()
    },
  }
}
