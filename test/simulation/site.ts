import type { Fqdn } from '../../src/core/fqdn.ts'
import type { Site } from '../../src/core/site.ts'
import { type Places, serviceOf } from './places.ts'
import type { Schedule } from './schedule.ts'

const name = 'www.example.com' as Fqdn

/** The site that a schedule is lived through with. */
export const siteOf = (schedule: Schedule, places: Places): Site => ({
  name,
  names: [name],
  provider: 'simulated',
  replication: undefined,
  ttl: schedule.operations.ttl,
  windows: [],
  sources: Object.fromEntries(schedule.operations.sources.map(({ name: source, mode }) => [source, mode])),
  quorum: schedule.operations.quorum,
  regions: schedule.regions.map((region) => ({
    name: region.name,
    role: region.role,
    source: { kind: 'service', service: serviceOf(region) },
    replacements: places.replacementsOf(region),
    promoteAfterMs: schedule.operations.replacements[region.name]?.promoteAfterMs,
  })),
  check: {
    identity: 'simulated',
    url: 'http://{site}/',
    method: 'GET',
    headers: {},
    expect: { status: [{ from: 200, to: 299 }], body: undefined, bodyBytes: 1024 },
    bounds: { connectMs: 1_000, tlsMs: 1_000, headersMs: 1_000, bodyMs: 1_000, totalMs: 1_000 },
    ca: undefined,
    minCertDays: undefined,
    maxRedirects: 0,
    everyMs: 5_000,
    schedule: undefined,
    fall: 3,
    rise: 2,
    confirmSpanMs: schedule.confirmSpanMs,
    tripwire: 'off',
    connection: 'fresh',
  },
  policy: {
    minPublished: schedule.minPublished,
    failOpenBelow: 1,
    failOpen: schedule.failOpen,
    foreign: 'keep',
    allowPrivate: false,
    damping: { baseMs: 5_000, maxMs: 20_000, halfLifeMs: 60_000 },
    budgetWindowMs: 30_000,
  },
  reference: [],
})
