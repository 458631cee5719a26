import { type Orders, skipForMs } from '../../core/orders.ts'
import type { LiveSite } from '../live-site.ts'
import type { Actor, DrainRequest, ForceRequest, Outcome } from '../operations.ts'
import { planText, plannedChangeViews } from '../plan-view.ts'
import type { OrderWriter } from '../ports.ts'
import type { OrderView } from '../views.ts'
import { floorProblem } from './floor.ts'
import { byLine, refused, saved } from './refusal.ts'

interface RegionOrder {
  readonly live: LiveSite
  readonly region: string
  readonly isDryRun: boolean
  /** The orders as they will be. */
  readonly change: (orders: Orders) => Orders
  readonly write: () => Promise<void>
}

/** Plans under the order, and unless it is a dry run writes it down and has the site decide by it. */
const give = async ({ live, region, isDryRun, change, write }: RegionOrder): Promise<Outcome<OrderView>> => {
  const changes = plannedChangeViews(live.planUnder(change).changes)
  if (!isDryRun) {
    const written = await saved(write())
    if (written.kind === 'refused') return written
    await live.ordersChanged()
  }
  return { kind: 'done', value: { site: live.view(), region, isDryRun, changes, text: planText(changes) } }
}

const without = <T>(record: Readonly<Record<string, T>>, region: string): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== region))

/** Takes a region out for a while, if enough others serve. */
export const drainRegion = async (live: LiveSite, order: DrainRequest, actor: Actor, writer: OrderWriter): Promise<Outcome<OrderView>> => {
  const { region, forMs, reason, isForced, isDryRun } = order
  const by = byLine(actor)
  const since = live.ports.clock.wallNow()
  const change = (orders: Orders): Orders => ({ ...orders, drains: { ...orders.drains, [region]: { since, until: since + forMs, reason, by, isForced, origin: 'order' } } })
  const force = Object.hasOwn(live.orders().forces, region) ? live.orders().forces[region] : undefined
  if (force?.to === 'up') return refused('floor', `region ${region} is forced up by ${force.by}, which outranks a drain: ${force.reason}`, 'end the force first (unforce), then drain it')
  const problem = floorProblem(live.planUnder(change).decisions, region, isForced)
  if (problem !== undefined) {
    const advice = problem.canBeForced ? 'heal another region first; or drain it by force ("force": true in the request, --force on the command line), and what is left, or else what fails, is published instead' : 'the set is never emptied: heal another region first'
    return refused('floor', problem.text, advice)
  }
  return give({ live, region, isDryRun, change, write: () => writer.setDrain(live.site.name, region, { forMs, reason, by, isForced }) })
}

/** Ends a drain, or keeps the planned window that lasts from counting. */
export const undrainRegion = async (live: LiveSite, region: string, isDryRun: boolean, writer: OrderWriter): Promise<Outcome<OrderView>> => {
  const order = Object.hasOwn(live.orders().drains, region) ? live.orders().drains[region] : undefined
  if (order === undefined) return refused('no-order', `region ${region} is not drained`)
  const { name } = live.site
  const change = (orders: Orders): Orders => ({ ...orders, drains: without(orders.drains, region) })
  return give({ live, region, isDryRun, change, write: () => (order.origin === 'window' ? writer.skipWindow(name, region, skipForMs(order.until ?? 0, live.ports.clock.wallNow())) : writer.setDrain(name, region, undefined)) })
}

/** Publishes or withholds a region whatever the checks say. */
export const forceRegion = async (live: LiveSite, order: ForceRequest, actor: Actor, writer: OrderWriter): Promise<Outcome<OrderView>> => {
  const { region, to, forMs, reason, isDryRun } = order
  const by = byLine(actor)
  const since = live.ports.clock.wallNow()
  const change = (orders: Orders): Orders => ({ ...orders, forces: { ...orders.forces, [region]: { since, until: since + forMs, reason, by, to } } })
  const problem = to === 'down' ? floorProblem(live.planUnder(change).decisions, region, true) : undefined
  if (problem !== undefined) return refused('floor', problem.text, 'the set is never emptied: heal another region first')
  return give({ live, region, isDryRun, change, write: () => writer.setForce(live.site.name, region, { to, forMs, reason, by }) })
}

export const unforceRegion = async (live: LiveSite, region: string, isDryRun: boolean, writer: OrderWriter): Promise<Outcome<OrderView>> => {
  if (!Object.hasOwn(live.orders().forces, region)) return refused('no-order', `region ${region} is not forced`)
  const change = (orders: Orders): Orders => ({ ...orders, forces: without(orders.forces, region) })
  return give({ live, region, isDryRun, change, write: () => writer.setForce(live.site.name, region, undefined) })
}
