import type { SiteView } from '../../src/engine/views.ts'
import { everyEvent } from './engine-events.ts'
import { failed, startMetrics, untold } from './samples.ts'
import { addressView, recordView, regionView, setView, siteView } from './views.ts'

const at = '2027-01-15T08:00:00.000Z'

/** A site of which there is everything to tell. */
export const troubled: SiteView = siteView('www.example.com', {
  condition: 'fail-open',
  pause: { until: at, reason: 'moving', by: 'ann' },
  provider: { name: 'cf', trouble: 'no answer', since: at, retryAt: at },
  lastChange: { at, text: '', changes: [] },
  regions: [
    regionView('msk', {
      addresses: [addressView('192.0.2.1', { state: 'down', sets: [recordView({ isWanted: false })] }), addressView('2001:db8::1')],
      problems: ['SERVFAIL'],
      drain: { region: 'msk', origin: 'order', since: at, until: at, reason: 'kernel', by: 'ann', isForced: false, progress: { phase: 'expiring', text: '', servers: [], expiresAt: at, safeSince: null } },
      words: [{ source: 'kuma', mode: 'vote', monitor: '1', opinion: 'down', detail: '', heardAt: at, expiresAt: at }],
      replacement: { candidates: [], promoteAfterMs: 600_000, downForMs: 300_000, dueAt: at, heldBy: null, isPromoted: false },
    }),
    regionView('ams', { freshness: { state: 'stale', text: '', writer: 'msk', lagMs: 40_000, contentId: 'c1', lags: [{ writer: 'msk', lagMs: 40_000 }], heartbeatAgeMs: 5_000 }, addresses: [addressView('192.0.2.2', { certificateDays: -1 })], force: { to: 'up', since: at, until: at, reason: 'test', by: 'ann' } }),
    regionView('new', { addresses: [addressView('192.0.2.3', { state: 'unknown', certificateDays: null })] }),
  ],
  others: [addressView('198.51.100.9', { standing: 'foreign' })],
  sets: [
    setView({
      mode: 'fail-open',
      refused: 'too many at once',
      verification: {
        at,
        outcome: 'disagreed',
        timeToEffectMs: null,
        movedAt: null,
        servers: [
          { name: 'a.ns', address: '127.0.0.1', standing: 'agrees', values: [], detail: null },
          { name: 'b.ns', address: '127.0.0.2', standing: 'differs', values: [], detail: null },
        ],
      },
    }),
    setView({ type: 'AAAA', mode: 'blind' }),
  ],
})

/** Metrics of a service to which everything has happened that there is to count: no metric is without a series. */
export const startBusyService = (): ReturnType<typeof startMetrics> => {
  const started = startMetrics({ views: () => [troubled], pulses: () => [{ site: troubled.site, sinceMs: 400 }], requestsLeft: () => [{ provider: 'cf', left: 1180 }] })
  const { metrics } = started
  for (const event of Object.values(everyEvent)) metrics.event(event)
  metrics.event({ ...everyEvent.checked, result: failed })
  metrics.event({ ...everyEvent.checked, result: untold })
  metrics.providerCall({ provider: 'cf', operation: 'apply', outcome: 'ok', ms: 180 })
  metrics.webhook({ source: 'kuma', outcome: 'accepted' })
  metrics.request({ route: '/api/v1/sites/{site}', method: 'GET', status: 200, ms: 2 })
  metrics.alert({ target: 'slack', outcome: 'sent' })
  return started
}
