import type { ChartReader, HistoryReader, IncidentView, ReportView, SeriesPoint, StoredEvent } from '../../src/engine/history-port.ts'
import type { HeardWord, Operations, Outcome } from '../../src/engine/operations.ts'
import type { AddressView, AnswersView, OrderView, PlanView, RegionView, RepointView, ResultsView, SiteSummaryView, SiteView } from '../../src/engine/views.ts'

const at = '2026-01-31T12:00:00.000Z'

const address = (text: string, standing: AddressView['standing'] = 'configured'): AddressView => ({
  address: text,
  standing,
  state: 'up',
  since: at,
  checkedAt: at,
  hasPassed: true,
  failures: 0,
  cause: null,
  detail: null,
  latencyMs: 12.5,
  certificateDays: 60,
  readmitAt: null,
  verdict: 'up',
  ballots: [{ vantage: 'here', opinion: 'up', since: at, expiresAt: null, text: 'passes' }],
  sets: [{ name: 'a.example', type: 'A', isPublished: true, isWanted: true, isOurs: true, rule: 'up', text: 'it is up', removedAt: null }],
})

const verification = { at, outcome: 'agreed' as const, timeToEffectMs: 900, movedAt: at, servers: [{ name: 'ns1.example', address: '192.0.2.1', standing: 'agrees' as const, values: ['192.0.2.10'], detail: null }] }

const region = (name: string, ip: string): RegionView => ({
  region: name,
  role: 'active',
  service: `${name}.a.example`,
  addresses: [address(ip)],
  problems: [],
  drain: {
    region: name,
    origin: 'order',
    since: at,
    until: at,
    reason: 'kernel',
    by: 'ops',
    isForced: false,
    progress: { phase: 'spreading', text: 'waiting', servers: [{ name: 'ns1.example', address: '192.0.2.1', standing: 'with', detail: null }], expiresAt: at, safeSince: null },
  },
  force: { to: 'down', since: at, until: at, reason: 'test', by: 'ops' },
  words: [{ source: 'kuma', mode: 'vote', monitor: 'm', opinion: 'down', detail: 'timeout', heardAt: at, expiresAt: at }],
  replacement: { candidates: [{ addresses: ['192.0.2.77'], state: 'up', takenBy: null }], promoteAfterMs: 600_000, downForMs: 0, dueAt: null, heldBy: 'it is up', isPromoted: false },
  freshness: { state: 'fresh', text: 'it has what others have', writer: 'ams', lagMs: 0, contentId: 'c1', lags: [{ writer: 'ams', lagMs: 0 }], heartbeatAgeMs: 4_000 },
})

export const siteView = (site: string): SiteView => ({
  site,
  names: [site],
  at,
  condition: 'healthy',
  text: 'all is well',
  pause: { until: null, reason: 'move', by: 'ops' },
  provider: { name: 'cf', trouble: null, since: null, retryAt: null },
  regions: [region('msk', '192.0.2.10'), region('ams', '2001:db8::10')],
  others: [address('198.51.100.9', 'foreign')],
  sets: [{ name: site, type: 'A', mode: 'normal', ttl: 60, published: ['192.0.2.10'], wanted: ['192.0.2.10'], readAt: at, verification, refused: null }],
  lastChange: { at, text: 'added', changes: [{ name: site, type: 'A', added: ['192.0.2.10'], removed: [], reasons: ['it is up'] }] },
  lastCycleAt: at,
})

/** One of which next to nothing is known yet. */
export const bareSiteView = (site: string): SiteView => {
  const full = siteView(site)
  const unknown: AddressView = {
    ...address('192.0.2.20', 'retired'),
    state: 'unknown',
    since: null,
    checkedAt: null,
    hasPassed: false,
    failures: 2,
    cause: 'timeout',
    detail: 'no answer within 2 s',
    latencyMs: null,
    certificateDays: null,
    readmitAt: at,
    verdict: 'undecided',
    ballots: [{ vantage: 'here', opinion: 'abstain', since: at, expiresAt: at, text: 'is blind' }],
    sets: [{ name: site, type: 'AAAA', isPublished: false, isWanted: false, isOurs: false, rule: 'unknown', text: 'nothing is known of it', removedAt: at }],
  }
  const regions: readonly RegionView[] = [{ region: 'msk', role: 'standby', service: null, addresses: [unknown], problems: ['NXDOMAIN'], drain: null, force: null, words: [], replacement: null, freshness: null }]
  return {
    ...full,
    condition: 'undecided',
    pause: null,
    provider: { name: 'cf', trouble: 'answers 503', since: at, retryAt: at },
    regions,
    others: [],
    sets: [{ name: site, type: 'A', mode: 'normal', ttl: 60, published: [], wanted: [], readAt: null, verification: null, refused: 'it would leave none' }],
    lastChange: null,
    lastCycleAt: null,
  }
}

const summaryView = (site: string): SiteSummaryView => ({
  site,
  at,
  condition: 'healthy',
  text: 'all is well',
  regions: [{ region: 'msk', role: 'active', state: 'mixed', publishing: 'partly', isDrained: true, forced: 'down', isStale: false }],
  sets: [{ name: site, type: 'A', published: ['192.0.2.10'], wanted: ['192.0.2.10'] }],
  verified: { at, outcome: 'agreed' },
  lastChange: { at, text: 'added', timeToEffectMs: 900, movedAt: at },
})

const bareSummaryView = (site: string): SiteSummaryView => ({ site, at, condition: 'undecided', text: 'not read yet', regions: [], sets: [], verified: null, lastChange: null })

const resultsView = (site: string): ResultsView => ({ site, addresses: [{ address: '192.0.2.10', results: [{ at, kind: 'ok', cause: null, ms: 12.5 }, { at, kind: 'failed', cause: 'timeout', ms: 2000 }] }, { address: '2001:db8::10', results: [] }] })

const answersView = (site: string): AnswersView => ({
  site,
  at,
  sets: [
    {
      name: site,
      type: 'A',
      published: ['192.0.2.10'],
      servers: [
        { name: 'ns1.example', address: '192.0.2.1:53', standing: 'agrees', values: ['192.0.2.10'], ttl: 60, ms: 1.5, detail: null },
        { name: 'ns2.example', address: '192.0.2.2:53', standing: 'unreachable', values: null, ttl: null, ms: null, detail: 'no answer within 2 s' },
      ],
      cachedUntil: at,
    },
  ],
})

const planView = (site: string, isDryRun: boolean): PlanView => ({
  site: siteView(site),
  isDryRun,
  changes: [
    {
      name: site,
      type: 'A',
      before: { values: [], ttl: 60 },
      after: { values: ['192.0.2.10'], ttl: 60 },
      reasons: [{ address: '192.0.2.10', action: 'publish', rule: 'up', text: 'it is up' }],
      refused: null,
    },
  ],
  text: 'would add 192.0.2.10',
})

const orderView = (site: string, name: string, isDryRun: boolean): OrderView => ({ ...planView(site, isDryRun), region: name })

/** A call of an operation that gives an order. */
export interface OperationCall {
  readonly name: string
  readonly args: readonly unknown[]
}

export interface FakeOperations extends Operations {
  readonly calls: readonly OperationCall[]
  /** What every order comes to from now on; undefined: it is done. */
  refuseWith(refusal: Extract<Outcome<never>, { kind: 'refused' }> | undefined): void
  breakDown(): void
}

/** Two sites, a.example and b.example, and a record of what was ordered. Signals are left out of it. */
export const fakeOperations = (): FakeOperations => {
  const calls: OperationCall[] = []
  let refusal: Extract<Outcome<never>, { kind: 'refused' }> | undefined
  let isBroken = false
  const names = ['a.example', 'b.example']
  const order = async <T>(name: string, args: readonly unknown[], value: T): Promise<Outcome<T>> => {
    if (isBroken) throw new Error('the secret is hunter2')
    calls.push({ name, args })
    return refusal ?? { kind: 'done', value }
  }
  const repoint = (site: string, name: string, isDryRun: boolean): RepointView => ({
    ...orderView(site, name, isDryRun),
    service: 'msk.a.example',
    checks: [{ address: '192.0.2.77', ok: true, text: '200 in 12 ms' }],
    verification: isDryRun ? null : verification,
  })
  return {
    calls,
    refuseWith: (next) => void (refusal = next),
    breakDown: () => void (isBroken = true),
    sites: async () => [siteView('a.example'), bareSiteView('b.example')],
    siteNames: () => names,
    site: (name) => (name === 'a.example' ? siteView(name) : name === 'b.example' ? bareSiteView(name) : undefined),
    overview: async () => ({ at, sites: [summaryView('a.example'), bareSummaryView('b.example')] }),
    summary: (name) => (name === 'a.example' ? summaryView(name) : undefined),
    results: (name) => (name === 'a.example' ? resultsView(name) : undefined),
    answers: async (name) => (name === 'a.example' ? { kind: 'done', value: answersView(name) } : { kind: 'refused', code: 'unknown-site', text: 'there is no such site' }),
    health: () => ({ ok: true, sites: names.map((site) => ({ site, ok: true, sinceMs: 10 })) }),
    readiness: () => ({ ok: false, waiting: ['b.example', 'd.example'] }),
    reconcile: (site, options, actor) => order('reconcile', [site, options, actor], planView(site, options.isDryRun)),
    drain: (site, request, actor) => order('drain', [site, request, actor], orderView(site, request.region, request.isDryRun)),
    undrain: (site, request, actor) => order('undrain', [site, request, actor], orderView(site, request.region, request.isDryRun)),
    force: (site, request, actor) => order('force', [site, request, actor], orderView(site, request.region, request.isDryRun)),
    unforce: (site, request, actor) => order('unforce', [site, request, actor], orderView(site, request.region, request.isDryRun)),
    pause: (site, request, actor) => order('pause', [site, request, actor], siteView(site)),
    resume: (site, actor) => order('resume', [site, actor], siteView(site)),
    repoint: (site, request, actor) => order('repoint', [site, request, actor], repoint(site, request.region, request.isDryRun)),
    hear: (source: string, words: readonly HeardWord[]) => {
      calls.push({ name: 'hear', args: [source, words] })
      return refusal ?? { kind: 'done', value: words.map(({ site, region: name, monitor, opinion }) => ({ site, region: name, monitor, opinion, effect: 'news' as const, expiresAt: at })) }
    },
  }
}

export const storedEvent = (id: number, more: Partial<StoredEvent> = {}): StoredEvent => ({
  id,
  at,
  site: 'a.example',
  region: 'msk',
  address: '192.0.2.10',
  kind: 'health',
  level: 'warn',
  text: `event ${id}`,
  data: { from: 'up', to: 'down' },
  ...more,
})

export interface FakeHistory extends HistoryReader, ChartReader {
  add(event: StoredEvent): void
  readonly followers: number
}

const incident = (site: string): IncidentView => ({ id: 3, site, region: 'msk', address: '192.0.2.10', kind: 'down', cause: 'timeout', startedAt: at, endedAt: null, durationMs: 5000, detectMs: 1200, withdrawMs: 1500, effectMs: null })

const points: readonly SeriesPoint[] = [
  { at, ok: 3, failed: 1, cannotTell: 0, causes: { timeout: 1 }, latency: { minMs: 1, meanMs: 2, p50Ms: 2, p95Ms: 3, maxMs: 4 }, phases: { connect: 1, headers: 2 }, certificateDays: 60 },
  { at, ok: 0, failed: 1, cannotTell: 2, causes: { timeout: 1, 'no-route': 2 }, latency: null, phases: {}, certificateDays: null },
]

/** A history in memory. */
export const fakeHistory = (begin: readonly StoredEvent[] = []): FakeHistory => {
  const all = [...begin]
  const listeners = new Set<(event: StoredEvent) => void>()
  return {
    get followers() {
      return listeners.size
    },
    add: (event) => {
      all.push(event)
      for (const listener of listeners) listener(event)
    },
    events: async ({ site, region: name, kinds, since, until, after, before, limit }) => {
      const fitting = all.filter(
        (each) =>
          (site === undefined || each.site === site) &&
          (name === undefined || each.region === name) &&
          (kinds === undefined || kinds.includes(each.kind)) &&
          (since === undefined || each.at >= since) &&
          (until === undefined || each.at < until) &&
          (after === undefined || each.id > after) &&
          (before === undefined || each.id < before),
      )
      return { events: (after === undefined ? fitting.toReversed() : fitting).slice(0, limit), trouble: null }
    },
    report: async ({ sites, sinceMs, untilMs }): Promise<ReportView> => ({
      since: new Date(sinceMs).toISOString(),
      until: new Date(untilMs).toISOString(),
      sites: sites.map((site) => ({
        site,
        availability: 0.999,
        coverage: 1,
        regions: [{ region: 'msk', availability: null, coverage: 0, incidents: 1, downMs: 5000 }],
        incidents: [incident(site)],
      })),
      trouble: null,
    }),
    series: async () => ({ points, trouble: null }),
    days: async () => ({
      days: [
        { day: '2026-01-30', region: null, availability: 0.99, coverage: 1, downMs: 864, degradedMs: 5 },
        { day: '2026-01-30', region: 'msk', availability: null, coverage: 0, downMs: 0, degradedMs: 0 },
      ],
      trouble: null,
    }),
    incidents: async ({ sites, kinds, limit }) => ({ incidents: sites.map(incident).filter(({ kind }) => kinds === undefined || kinds.includes(kind)).slice(0, limit), trouble: null }),
    story: async (id) => ({ story: id === 3 ? { incident: incident('a.example'), events: [storedEvent(3)], isCut: false, points } : undefined, trouble: null }),
    follow: (after, listener, signal) => {
      for (const event of all) if (after !== undefined && event.id > after) listener(event)
      listeners.add(listener)
      signal.addEventListener('abort', () => listeners.delete(listener))
    },
  }
}
