import { inspect } from 'node:util'
import { expect, onTestFinished } from 'vitest'
import type { Address } from '../../../src/core/address.ts'
import { noOrders } from '../../../src/core/orders.ts'
import type { Site } from '../../../src/core/site.ts'
import type { SiteState } from '../../../src/core/site-state.ts'
import { type CycleOutcome, runCycle } from '../../../src/engine/cycle.ts'
import type { EngineEvent } from '../../../src/engine/events.ts'
import type { SitePorts } from '../../../src/engine/ports.ts'
import { createCloudflare } from '../../../src/providers/cloudflare/cloudflare.ts'
import type { Provider } from '../../../src/providers/provider.ts'
import { type Exchange, type CloudflareApi, type CloudflareApiOptions, startCloudflareApi } from '../../fakes/cloudflare/cloudflare-api.ts'
import type { FakeRecord } from '../../fakes/cloudflare/records.ts'
import { main, site } from '../../core/samples.ts'
import { observer } from '../../core/known-sites.ts'

export const zone = 'example.com'
export const mark = '[dns-failover v=1]'

export interface Bench {
  readonly api: CloudflareApi
  readonly provider: Provider
  /** All that was reported or thrown, as somebody would print it. */
  readonly said: () => string
  /** One cycle of the engine at a site in this state. */
  cycle(state: SiteState, over?: Partial<Site>): Promise<CycleOutcome>
  /** The addresses of the main domain, as the zone holds them. */
  values(type?: 'A' | 'AAAA'): readonly string[]
  /** Everything of the zone but the main domain's addresses, field by field. */
  others(): readonly FakeRecord[]
  batches(): readonly Exchange[]
}

/** A provider at a fake of Cloudflare whose zone holds neighbours, and the engine above it. */
export const makeBench = async (options: Partial<CloudflareApiOptions> & { readonly zoneId?: boolean; readonly timeoutMs?: number; readonly now?: () => number } = {}): Promise<Bench> => {
  const { zoneId, timeoutMs = 5_000, now = () => performance.now(), ...rest } = options
  const api = await startCloudflareApi({ zones: [zone, 'example.net'], ...rest })
  api.plant(zone, [
    { name: zone, type: 'MX', content: 'mail.example.com', ttl: 300 },
    { name: main, type: 'TXT', content: '"shares the name"', ttl: 300, comment: 'not ours', tags: ['owner:web'] },
    { name: `below.${main}`, type: 'A', content: '198.51.100.7', ttl: 300, comment: 'a neighbour' },
    { name: 'www.example.com', type: 'A', content: '198.51.100.8', proxied: true, comment: `looks like ours ${mark}` },
  ])
  const id = api.zones.find((each) => each.name === zone)?.id
  const provider = createCloudflare({ apiToken: api.token, baseUrl: api.baseUrl, zoneId: zoneId === true ? id : undefined, timeoutMs, now, wallNow: Date.now })
  onTestFinished(async () => {
    await provider.close?.()
    await api.close()
    expect(api.offences()).toEqual([])
  })
  let said = ''
  const report = (event: EngineEvent): void => void (said += inspect(event, { depth: 10 }))
  const clock = { now: () => 10_000, wallNow: () => 0, sleep: async () => undefined }
  const store = { load: async () => Promise.reject(new Error('not asked')), save: async () => undefined }
  const orders = { load: async () => noOrders }
  const ports = { provider, clock, store, orders, report } as unknown as SitePorts
  const isMain = (record: FakeRecord): boolean => record.name === main && (record.type === 'A' || record.type === 'AAAA')
  return {
    api,
    provider,
    said: () => said,
    cycle: async (state, over = {}) => {
      const { outcome } = await runCycle(site(over), () => state, () => observer, ports, { isDryRun: false }, AbortSignal.timeout(20_000))
      said += inspect(outcome, { depth: 10 })
      return outcome
    },
    values: (type = 'A') => api.records(zone).filter((record) => record.name === main && record.type === type).map((record) => record.content).toSorted(),
    others: () => api.records(zone).filter((record) => !isMain(record)),
    batches: () => api.transcript().filter(({ path }) => path.endsWith('/batch')),
  }
}

/** Records of the main domain that are marked as ours. */
export const plantOurs = (api: CloudflareApi, addresses: readonly Address[], over: Partial<FakeRecord> = {}): void =>
  api.plant(zone, addresses.map((content) => ({ name: main, type: content.includes(':') ? 'AAAA' : 'A', content, ttl: 60, comment: mark, ...over })))
