import type { AddressView, RegionView, SetView, SiteView } from '../../src/engine/views.ts'

type Record = AddressView['sets'][number]

export const recordView = (over: Partial<Record> = {}): Record => ({
  name: 'www.example.com',
  type: 'A',
  isPublished: true,
  isWanted: true,
  isOurs: true,
  rule: 'up',
  text: 'up',
  removedAt: null,
  ...over,
})

export const addressView = (address: string, over: Partial<AddressView> = {}): AddressView => ({
  address,
  standing: 'configured',
  state: 'up',
  since: '2026-01-01T00:00:00.000Z',
  checkedAt: '2026-01-01T00:00:00.000Z',
  hasPassed: true,
  failures: 0,
  cause: null,
  detail: null,
  latencyMs: 12,
  certificateDays: 60,
  readmitAt: null,
  verdict: 'up',
  ballots: [],
  sets: [recordView(address.includes(':') ? { type: 'AAAA' } : {})],
  ...over,
})

export const regionView = (region: string, over: Partial<RegionView> = {}): RegionView => ({
  region,
  role: 'active',
  service: `${region}.example.com`,
  addresses: [],
  problems: [],
  drain: null,
  force: null,
  words: [],
  replacement: null,
  freshness: null,
  ...over,
})

export const setView = (over: Partial<SetView> = {}): SetView => ({
  name: 'www.example.com',
  type: 'A',
  mode: 'normal',
  ttl: 60,
  published: [],
  wanted: [],
  readAt: '2026-01-01T00:00:00.000Z',
  verification: null,
  refused: null,
  ...over,
})

export const siteView = (site: string, over: Partial<SiteView> = {}): SiteView => ({
  site,
  names: ['www.example.com'],
  at: '2026-01-01T00:00:00.000Z',
  condition: 'healthy',
  text: 'all is well',
  pause: null,
  provider: { name: 'cf', trouble: null, since: null, retryAt: null },
  regions: [],
  others: [],
  sets: [setView()],
  lastChange: null,
  lastCycleAt: null,
  ...over,
})
