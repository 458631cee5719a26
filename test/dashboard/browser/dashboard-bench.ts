import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'dns-packet'
import { expect } from 'vitest'
import type { Address } from '../../../src/core/address.ts'
import { type Regions, startRegions } from '../../cli/regions.ts'
import { decoded, exchangeUdp } from '../../fakes/dns-exchange.ts'
import { freePort } from '../../free-port.ts'
import { type Service, startService } from '../../system/serve-bench.ts'
import { untilEqual } from './until-equal.ts'

/** The regions of the site that tests break and drain. */
export const regionAddresses = { msk: '127.0.7.1', ams: '127.0.7.2', fra: '127.0.7.3' } as const
export const siteName = 'shop.dash.example'
/** Of a site with names as long as people have them; nothing answers there. */
export const longSiteName = 'a-rather-long-name-of-a-department.and-its-subsidiary.dash.example'
export const tokens = { operator: 'token-of-an-operator', reader: 'token-of-a-reader-x' } as const

export interface DashboardBench {
  readonly url: string
  readonly port: number
  readonly dnsPort: number
  readonly regions: Regions
  /** The service's process as it runs now. */
  service(): Service
  stop(): Promise<void>
  start(): Promise<void>
  /** The site's A values, as the name server of the service answers. */
  published(name?: string): Promise<readonly string[]>
  untilPublished(values: readonly string[]): Promise<void>
  close(): Promise<void>
}

export interface BenchShape {
  /** The sites' part of the config; `webPort` is that of all regions. */
  sites(webPort: number): string
  /** More lines under `api`. */
  readonly api?: string
  /** Whether the config has tokens; it has unless told otherwise. */
  readonly hasTokens?: boolean
}

const tokenLines = `
  tokens:
    ops: { token: "${tokens.operator}", scopes: [operate] }
    eyes: { token: "${tokens.reader}", scopes: [read] }`

const check = (webPort: number): string => `check: { url: "http://{site}:${webPort}/", every: 500ms, fall: 2, rise: 2, confirmSpan: 100ms, timeout: 5s }`

/** A site whose regions are real, and one that is all long names. */
export const usualSites = (webPort: number): string => `
  ${siteName}:
    allowPrivate: true
    statusPage: { title: "The shop" }
    damping: { base: 0s, max: 0s }
    removalWindow: 0s
    ttl: 5
    regions:
      msk: { service: shopmsk.dash.example }
      ams: { addresses: [${regionAddresses.ams}] }
      fra: { addresses: [${regionAddresses.fra}] }
    ${check(webPort)}
  ${longSiteName}:
    allowPrivate: true
    regions:
      the-data-centre-in-frankfurt-am-main: { addresses: [127.107.110.210] }
      the-other-one-in-amsterdam-zuidoost: { addresses: [127.107.110.211, "::1"] }
    ${check(webPort)}`

/** `dns-failover serve` as built, with a name server of its own, and web servers that can be broken. */
export const startDashboardBench = async ({ sites, api = '', hasTokens = true }: BenchShape): Promise<DashboardBench> => {
  const regions = await startRegions(Object.values(regionAddresses))
  const folder = await mkdtemp(join(tmpdir(), 'dns-failover-dashboard-'))
  const [port, dnsPort] = [await freePort(), await freePort()]
  const config = join(folder, 'dns-failover.yaml')
  await writeFile(
    config,
    `version: 1
state: "${join(folder, 'state')}"
api:
  listen: "127.0.0.1:${port}"
  requestsPerSecond: 1000${hasTokens ? tokenLines : ''}
${api}
providers:
  local: { type: embedded, listen: "127.0.0.1:${dnsPort}", zone: dash.example, records: { shopmsk.dash.example: { A: ${regionAddresses.msk} } } }
sites:${sites(regions.port)}
`,
  )
  const ends: (() => Promise<void>)[] = []
  let running: Service | undefined
  const start = async (): Promise<void> => {
    running = startService(['serve', '--config', config, '--log-format', 'json'], {}, (end) => void ends.push(end))
    await running.untilSaid('the HTTP API listens')
  }
  const service = (): Service => running ?? expect.fail('the service does not run')
  const published = async (name: string = siteName): Promise<readonly string[]> => {
    const message = await exchangeUdp({ address: '127.0.0.1' as Address, port: dnsPort }, encode({ type: 'query', id: 7, questions: [{ name, type: 'A' }] }), 1000)
    return message === undefined ? [] : (decoded(message).answers ?? []).flatMap((record) => (record.type === 'A' ? [record.data] : [])).toSorted()
  }
  await start()
  return {
    url: `http://127.0.0.1:${port}/`,
    port,
    dnsPort,
    regions,
    service,
    start,
    stop: async () => {
      service().signal('SIGTERM')
      await service().ended
    },
    published,
    untilPublished: (values) => untilEqual(() => published(), values),
    close: async () => {
      for (const end of ends) await end()
      await regions.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
