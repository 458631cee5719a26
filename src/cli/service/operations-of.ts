import { systemClock } from '../../engine/clock.ts'
import { createOperator } from '../../engine/operator/operator.ts'
import type { Operations } from '../../engine/operations.ts'
import { healthReport } from '../health-report.ts'
import type { LiveService } from '../live-service.ts'
import type { Facilities } from './facilities.ts'

/** What watches the sites, and where orders are written down. */
export type Running = Pick<LiveService, 'config' | 'live' | 'orderStore' | 'pulses'>

/** Of a source that the config names no more nothing is believed. */
const expiresMs = (live: Running, source: string): number => {
  const { webhooks } = live.config()
  return Object.hasOwn(webhooks, source) ? (webhooks[source]?.expiresMs ?? 0) : 0
}

/** What can be asked of the service that runs. */
export const operationsOf = (live: Running, facilities: Pick<Facilities, 'told'>): Operations =>
  createOperator({
    siteNames: () => live.config().sites.map(({ name }) => name),
    live: live.live,
    writer: {
      setPause: (site, pause) => live.orderStore().setPause(site, pause),
      setDrain: (site, region, drain) => live.orderStore().setDrain(site, region, drain),
      setForce: (site, region, force) => live.orderStore().setForce(site, region, force),
      skipWindow: (site, region, forMs) => live.orderStore().skipWindow(site, region, forMs),
    },
    health: () => {
      const stalled = new Set(healthReport(live.pulses()).stalled.map(({ site }) => site))
      const sites = live.pulses().map(({ site, sinceMs }) => ({ site, ok: !stalled.has(site), sinceMs: sinceMs ?? null }))
      return { ok: stalled.size === 0, sites }
    },
    expiresMs: (source) => expiresMs(live, source),
    wallNow: systemClock.wallNow,
    told: facilities.told,
  })
