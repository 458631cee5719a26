import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encode } from 'dns-packet'
import { parseAddress } from '../../src/core/address.ts'
import { decoded, exchangeUdp } from '../fakes/dns-exchange.ts'
import { makeFolder } from '../store/folder.ts'
import { type Service, startService } from '../system/serve-bench.ts'
import type { LoadOptions } from './load-client.ts'
import { type RegionFleet, startRegionFleet } from './region-fleet.ts'

export const everyMs = 1000

const [apiHost, dnsHost] = ['127.21.0.1', '127.21.0.2']
const token = 'a-token-for-the-load-test'
const webhookToken = 'the-token-of-the-webhook'

interface WatchedSite {
  readonly name: string
  readonly addresses: readonly [string, string]
}

/** A service under load: the program as built, in a process of its own, over a zone that it serves itself. */
export interface LoadedService {
  readonly sites: readonly WatchedSite[]
  readonly fleet: RegionFleet
  readonly service: Service
  readonly pid: number
  /** For the client. */
  readonly client: Omit<LoadOptions, 'perSecond'>
  /** What the name server answers for a site's name. */
  published(site: string): Promise<readonly string[]>
  /** One of the API's answers. */
  read(path: string): Promise<{ readonly status: number; readonly body: unknown }>
  close(): Promise<void>
}

const configOf = (sites: readonly WatchedSite[], port: number): string => `version: 1
providers:
  local: { type: embedded, listen: "${dnsHost}:${port}", zone: example.test }
api:
  listen: "${apiHost}:${port}"
  tokens:
    load: { token: ${token}, scopes: [read, operate] }
webhooks:
  scripts: { type: json, mode: vote, token: ${webhookToken} }
sites:
${sites
  .map(
    ({ name, addresses: [msk, ams] }) => `  ${name}:
    allowPrivate: true
    regions: { msk: { addresses: [${msk}] }, ams: { addresses: [${ams}] } }
    check: { url: "http://{site}:${port}/", every: ${everyMs}ms, fall: 2, rise: 2, confirmSpan: 200ms, timeout: 800ms }
`,
  )
  .join('')}`

const isHealthy = (view: unknown): boolean => typeof view === 'object' && view !== null && 'condition' in view && view.condition === 'healthy'

/** Starts it and waits until every site is healthy. */
export const startLoadedService = async (siteCount: number): Promise<LoadedService> => {
  const sites = Array.from({ length: siteCount }, (_, index): WatchedSite => ({ name: `site${index}.example.test`, addresses: [`127.20.${index}.1`, `127.20.${index}.2`] }))
  const dir = await makeFolder()
  const fleet = await startRegionFleet(sites.flatMap(({ addresses }) => addresses))
  // Most likely as free on the other addresses as it was on these.
  const { port } = fleet
  const config = join(dir, 'dns-failover.yaml')
  await writeFile(config, configOf(sites, port))
  const service = startService(['serve', '--config', config])
  const read: LoadedService['read'] = async (path) => {
    const response = await fetch(`http://${apiHost}:${port}${path}`, { headers: { authorization: `Bearer ${token}` }, signal: AbortSignal.timeout(2000) })
    return { status: response.status, body: await response.json() }
  }
  await service.until((lines) => lines.some(({ event }) => event === 'api'))
  for (;;) {
    const { body } = await read('/api/v1/sites')
    const views = (body as { readonly sites: readonly unknown[] }).sites
    if (views.length === siteCount && views.every(isHealthy)) break
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  return {
    sites,
    fleet,
    service,
    pid: service.child.pid ?? Number.NaN,
    client: { host: apiHost, port, token, webhookToken, sites: sites.map(({ name }) => name) },
    published: async (site) => {
      const address = parseAddress(dnsHost)
      if (address === undefined) return []
      const answer = await exchangeUdp({ address, port }, encode({ type: 'query', id: 5, questions: [{ name: site, type: 'A' }] }), 500)
      return answer === undefined ? [] : (decoded(answer).answers ?? []).flatMap((record) => (record.type === 'A' ? [record.data] : [])).toSorted()
    },
    read,
    close: async () => {
      service.signal('SIGTERM')
      await service.ended
      await fleet.close()
    },
  }
}
