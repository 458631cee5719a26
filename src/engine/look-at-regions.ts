import type { Address } from '../core/address.ts'
import { writersOf } from '../core/freshness-state.ts'
import type { FreshnessRules } from '../core/freshness.ts'
import type { Answers } from '../core/heartbeat-looks.ts'
import type { Digests } from '../core/same-content.ts'
import { documentUrl, type Site } from '../core/site.ts'
import type { SitePorts } from './ports.ts'

/** Where one region is asked. */
export interface AskedRegion {
  readonly region: string
  readonly address: Address
}

const byRegion = async <T>(regions: readonly AskedRegion[], ask: (asked: AskedRegion) => Promise<T>): Promise<Readonly<Record<string, T>>> =>
  Object.fromEntries(await Promise.all(regions.map(async (asked) => [asked.region, await ask(asked)] as const)))

/** Every region's copy of each writer's heartbeat, all at once. */
export const askHeartbeats = (site: Site, folder: string, rules: FreshnessRules, regions: readonly AskedRegion[], { heartbeats }: Pick<SitePorts, 'heartbeats'>, signal: AbortSignal): Promise<Answers> =>
  byRegion(regions, async ({ address }) => {
    const copies = writersOf(rules).map(async (writer) => {
      const url = documentUrl(site, `${folder}/${encodeURIComponent(writer)}.json`)
      return [writer, await heartbeats.read({ url, address, check: site.check, writer }, signal)] as const
    })
    return Object.fromEntries(await Promise.all(copies))
  })

/** What every region that answers serves at a path. */
export const askDigests = async (site: Site, path: string, regions: readonly AskedRegion[], { heartbeats }: Pick<SitePorts, 'heartbeats'>, signal: AbortSignal): Promise<Digests> => {
  const pages = await byRegion(regions, ({ address }) => heartbeats.digest({ url: documentUrl(site, path), address, check: site.check }, signal))
  return Object.fromEntries(Object.entries(pages).flatMap(([region, page]) => (page.kind === 'read' ? [[region, page.digest]] : [])))
}
