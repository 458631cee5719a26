import { compose, type Composition } from '../compose.ts'
import { pauseAt } from '../core/orders.ts'
import type { Site } from '../core/site.ts'
import { systemClock } from '../engine/clock.ts'
import type { Io } from './io.ts'
import { locked } from './locked.ts'
import { pauseText } from './pause-text.ts'
import { leftSite, orderExitCode, type OrderedSite, type OrderReport, orderText } from './render/order-report.ts'
import { type Ending, runVerb, type VerbOptions, type VerbRun, warnings } from './verb.ts'

export interface OrderOptions extends VerbOptions {
  /** Do it; otherwise only a preview is printed. */
  readonly isConfirmed: boolean
  /** Milliseconds for the name servers to agree. */
  readonly verifyMs: number
}

/** What an order does at one site: with `isDryRun` only plan. */
export type OrderOnSite = (site: Site, composition: Composition, isDryRun: boolean, signal: AbortSignal) => Promise<OrderedSite>

interface Order {
  /** As the lock is to name it: `dns-failover adopt`. */
  readonly command: string
  /** Before anything is tried: why it makes no sense, at all sites together. */
  readonly refuse?: (sites: readonly Site[], composition: Composition, signal: AbortSignal) => Promise<OrderReport['sites'] | undefined>
  readonly onSite: OrderOnSite
}

const heldBack = async (site: Site, composition: Composition): Promise<OrderedSite | undefined> => {
  const pause = pauseAt(await composition.portsOf(site).orders.load(site.name), systemClock.wallNow())
  return pause === undefined ? undefined : leftSite(site.name, 'held', `${pauseText(pause)}; nothing was written. "dns-failover resume" ends it`)
}

const onAll = async ({ sites }: VerbRun, composition: Composition, order: Order, isDryRun: boolean, signal: AbortSignal): Promise<Ending<OrderReport>> => {
  const refused = await order.refuse?.(sites, composition, signal)
  if (refused !== undefined) return { exitCode: 1, data: { confirmed: !isDryRun, sites: refused } }
  const done: OrderedSite[] = []
  for (const site of sites) done.push((isDryRun ? undefined : await heldBack(site, composition)) ?? (await order.onSite(site, composition, isDryRun, signal)))
  return { exitCode: orderExitCode(done), data: { confirmed: !isDryRun, sites: done } }
}

/**
 * Runs an operator's order on records: a preview without `isConfirmed`, which needs no lock; otherwise under the lock,
 * site by site. Exit codes: 0 done, or nothing to do; 1 error or refused; 2 the preview has changes; 3 another process
 * has the lock, or the site is paused; 4 written but not verified; 64 wrong usage.
 */
export const runOrder = (options: OrderOptions, order: Order, io: Io, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> =>
  runVerb<OrderReport>(options, io, env, {
    nothing: { confirmed: options.isConfirmed, sites: [] },
    act: async (run) => {
      const { config } = run.loaded
      const isDryRun = !options.isConfirmed
      const composed = async (inner: AbortSignal): Promise<Ending<OrderReport>> => {
        const composition = await compose(config, { isDryRun, log: warnings(io, run.loaded.redact), report: () => undefined })
        try {
          return await onAll(run, composition, order, isDryRun, inner)
        } finally {
          await composition.close()
        }
      }
      if (isDryRun) return composed(signal)
      const outcome = await locked(config.stateDir, order.command, signal, composed)
      if (outcome.kind === 'busy') return { exitCode: 3, data: { confirmed: true, sites: [] }, error: outcome.error }
      return outcome.lost === undefined ? outcome.value : { ...outcome.value, exitCode: 1, error: outcome.lost }
    },
    render: orderText,
  })
