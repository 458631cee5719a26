import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll } from 'vitest'
import type { Endpoint } from '../../src/core/endpoint.ts'
import { type Monitor, monitors, proofOf, proven, sourceYaml } from './monitors.ts'
import { type ApiAnswer, askA, endpointAt, type Operated, startOperated, untilA } from './operated-bench.ts'
import type { Service } from './serve-bench.ts'

export interface WebhooksShape {
  /** The second byte of all addresses: one number a file, so that files can run at once. */
  readonly net: number
  readonly mode: 'hint' | 'vote' | 'override'
  readonly check: string
  /** More sites, of the same regions. */
  readonly sites?: readonly string[]
  /** More sources, in YAML. */
  readonly sources?: string
}

/** A service with a site for each monitor, in an embedded zone. */
export interface WebhooksBench {
  readonly operated: Operated
  readonly service: Service
  readonly server: Endpoint
  readonly msk: string
  readonly ams: string
  readonly fra: string
  /** Starts it again, after its end. */
  restart(): Promise<void>
  /** As the monitor would. */
  deliver(monitor: Monitor, body: string): Promise<ApiAnswer>
  published(site: string): Promise<readonly string[]>
  untilPublished(site: string, values: readonly string[]): Promise<void>
  /** What every site publishes. */
  everything(): Promise<Readonly<Record<string, readonly string[]>>>
}

/** One service for all tests of a file. */
export const useWebhooksBench = (shape: WebhooksShape): (() => WebhooksBench) => {
  let bench: WebhooksBench | undefined
  const ends: (() => Promise<void>)[] = []
  const [msk, ams, fra, host, apiHost] = [2, 3, 4, 5, 6].map((last) => `127.${shape.net}.0.${last}`) as [string, string, string, string, string]
  const sites = [...monitors.map(({ site }) => site), ...(shape.sites ?? [])]

  beforeAll(async () => {
    const operated = await startOperated({ addresses: [msk, ams, fra], apiHost, atEnd: (end) => void ends.push(end) })
    const { port } = operated.regions
    const siteYaml = (name: string): string => `  ${name}:
    allowPrivate: true
    ttl: 1
    removalWindow: 0s
    damping: { base: 0s, max: 0s }
    regions: { msk: { addresses: [${msk}] }, ams: { addresses: [${ams}] }, fra: { addresses: [${fra}] } }
    check: { url: "http://{site}:${port}/", fall: 2, rise: 2, confirmSpan: 100ms, timeout: 5s, ${shape.check} }
`
    await operated.write(`providers:
  local: { type: embedded, listen: "${host}:${port}", zone: example.test }
sites:
${sites.map(siteYaml).join('')}webhooks:
${monitors.map((each) => sourceYaml(each, shape.mode)).join('')}${shape.sources ?? ''}`)
    const server = endpointAt(host, port)
    // What was signed in the very second of a start may have been taken before it, and is refused.
    const start = async (): Promise<Service> => {
      const started = await operated.start()
      await pause(1_000 - (Date.now() % 1_000))
      return started
    }
    let service = await start()
    const published = async (site: string): Promise<readonly string[]> => (await askA(server, site)) ?? []
    const untilPublished = (site: string, values: readonly string[]): Promise<void> => untilA(server, site, values)
    bench = {
      operated,
      get service() {
        return service
      },
      server,
      msk,
      ams,
      fra,
      restart: async () => {
        service = await start()
      },
      deliver: (monitor, body) => operated.api('POST', `/api/v1/webhooks/${monitor.name}`, body, proven(monitor, proofOf(monitor.name), body)),
      published,
      untilPublished,
      everything: async () => Object.fromEntries(await Promise.all(sites.map(async (site) => [site, await published(site)] as const))),
    }
    await Promise.all(sites.map((site) => untilPublished(site, [msk, ams, fra])))
  })
  afterAll(async () => {
    for (const end of ends.toReversed()) await end()
  })
  return () => {
    if (bench === undefined) throw new Error('the service has not started')
    return bench
  }
}
