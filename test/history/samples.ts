import { type Address, parseAddress } from '../../src/core/address.ts'
import type { Fqdn } from '../../src/core/fqdn.ts'
import type { CheckResult } from '../../src/core/result.ts'
import type { EngineEvent } from '../../src/engine/events.ts'
import type { StoredEvent } from '../../src/engine/history-port.ts'
import type { AddressView, RegionView, SiteView } from '../../src/engine/views.ts'

export const site = 'failover.example.com'
export const key = { name: 'failover.example.com.' as Fqdn, type: 'A' } as const

export const ip = (text: string): Address => {
  const address = parseAddress(text)
  if (address === undefined) throw new Error(`not an address: ${text}`)
  return address
}

export const msk = ip('203.0.113.10')
export const ams = ip('198.51.100.20')

export const passed = (totalMs: number): CheckResult => ({ kind: 'ok', startedAt: 0, finishedAt: totalMs, timing: { connectMs: 1, tlsMs: 2, headersMs: totalMs - 3, totalMs }, certificateDays: 40 })
export const failed = (): CheckResult => ({ kind: 'failed', cause: 'status', detail: '500', startedAt: 0, finishedAt: 9, timing: { totalMs: 9 } })

export const checked = (result: CheckResult): EngineEvent => ({ site, kind: 'checked', address: msk, region: 'msk', result })
export const down = (failingSince?: number): EngineEvent => ({ site, kind: 'health', address: msk, region: 'msk', from: 'up', to: 'down', text: 'status: 500, 3 failed checks', cause: 'status', failingSince })
export const up = (): EngineEvent => ({ site, kind: 'health', address: msk, region: 'msk', from: 'down', to: 'up', text: 'passed 2 times in a row' })

export const lineOf = (event: EngineEvent): { readonly level: 'info' | 'debug'; readonly text: string } => ({ level: 'info', text: `${event.site}: ${event.kind}` })

export const stored = (id: number, at: string, event: Partial<StoredEvent> & Pick<StoredEvent, 'kind'>): StoredEvent => ({ id, at, site, region: null, address: null, level: 'info', text: event.kind, data: null, ...event })

export const addressView = (address: string, state: AddressView['state'], isPublished: boolean): AddressView => ({
  address,
  standing: 'configured',
  state,
  since: null,
  checkedAt: null,
  hasPassed: true,
  failures: 0,
  cause: null,
  detail: null,
  latencyMs: null,
  certificateDays: null,
  readmitAt: null,
  verdict: state === 'unknown' ? 'undecided' : state,
  ballots: [],
  sets: [{ name: key.name, type: 'A', isPublished, isWanted: isPublished, isOurs: true, rule: 'up', text: '', removedAt: null }],
})

export const regionView = (region: string, ...addresses: readonly AddressView[]): RegionView => ({
  region,
  role: 'active',
  service: null,
  addresses,
  problems: [],
  drain: null,
  force: null,
  words: [],
  replacement: null,
  freshness: null,
})

export const siteView = (...regions: readonly RegionView[]): SiteView => ({
  site,
  names: [site],
  at: '2026-01-01T00:00:00.000Z',
  condition: 'healthy',
  text: '',
  pause: null,
  provider: { name: 'p', trouble: null, since: null, retryAt: null },
  regions,
  others: [],
  sets: [],
  lastChange: null,
  lastCycleAt: null,
})
