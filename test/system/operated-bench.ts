import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'dns-packet'
import { parseAddress } from '../../src/core/address.ts'
import type { Endpoint } from '../../src/core/endpoint.ts'
import type { StoredEvent } from '../../src/engine/history-port.ts'
import type { RegionView, SiteView } from '../../src/engine/views.ts'
import { type Regions, startRegions } from '../cli/regions.ts'
import { decoded, exchangeUdp } from '../fakes/dns-exchange.ts'
import { type AtEnd, type Service, startService } from './serve-bench.ts'

export const operateToken = 'operate-0123456789abcdef'

export interface ApiAnswer {
  readonly status: number
  readonly body: unknown
}

/** `dns-failover serve` with its HTTP API, web servers of regions, and whatever DNS the config names. */
export interface Operated {
  readonly stateDir: string
  readonly regions: Regions
  /** Writes the config: the API and its token, which may be another, stand in it already. */
  write(config: string, token?: string): Promise<void>
  /** Starts the program, and waits until each site has been read and decided on. */
  start(wrap?: (command: readonly string[]) => readonly string[]): Promise<Service>
  readonly apiUrl: string
  /** With the token that may do all, unless other headers are given. */
  api(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<ApiAnswer>
  site(name: string): Promise<SiteView>
  region(site: string, region: string): Promise<RegionView>
  events(query: string): Promise<readonly StoredEvent[]>
}

/** The A values that a server answers with, in order; undefined: no answer. */
export const askA = async (server: Endpoint, name: string): Promise<readonly string[] | undefined> => {
  const message = await exchangeUdp(server, encode({ type: 'query', id: 77, questions: [{ name, type: 'A' }] }), 1_000)
  return message === undefined ? undefined : (decoded(message).answers ?? []).flatMap((record) => (record.type === 'A' ? [record.data] : [])).toSorted()
}

/** Tries until it holds; the test's own time limit ends it. */
export const eventually = async (holds: () => Promise<boolean>): Promise<void> => {
  for (;;) {
    // One look after the other.
    // oxlint-disable-next-line no-await-in-loop
    if (await holds()) return
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
}

/** Asks until the answer is this. */
export const untilA = (server: Endpoint, name: string, values: readonly string[]): Promise<void> =>
  eventually(async () => (await askA(server, name))?.join() === values.toSorted().join())

export const endpointAt = (address: string, port: number): Endpoint => {
  const parsed = parseAddress(address)
  if (parsed === undefined) throw new Error(`${address} is no address`)
  return { address: parsed, port }
}

export interface OperatedOptions {
  /** Of the regions' servers. */
  readonly addresses: readonly string[]
  /** Where the API listens; one that nobody else here uses. */
  readonly apiHost: string
  readonly env?: NodeJS.ProcessEnv
  readonly atEnd: AtEnd
}

export const startOperated = async ({ addresses, apiHost, env = {}, atEnd }: OperatedOptions): Promise<Operated> => {
  const dir = await mkdtemp(join(tmpdir(), 'dns-failover-operated-'))
  atEnd(() => rm(dir, { recursive: true, force: true }))
  const regions = await startRegions(addresses)
  atEnd(() => regions.close())
  const file = join(dir, 'dns-failover.yaml')
  // The regions' port is theirs alone on their addresses, so it is most likely free on this one.
  const apiUrl = `http://${apiHost}:${regions.port}`
  const api: Operated['api'] = async (method, path, body, headers = { authorization: `Bearer ${operateToken}` }) => {
    const content = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
    const response = await fetch(`${apiUrl}${path}`, { method, headers: { ...(content === undefined ? {} : { 'content-type': 'application/json' }), ...headers }, ...(content === undefined ? {} : { body: content }) })
    const text = await response.text()
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
  }
  const good = async (path: string): Promise<unknown> => {
    const { status, body } = await api('GET', path)
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`)
    return body
  }
  const site = async (name: string): Promise<SiteView> => (await good(`/api/v1/sites/${name}`)) as SiteView
  return {
    stateDir: join(dir, 'state'),
    regions,
    apiUrl,
    write: (config, token = operateToken) =>
      writeFile(
        file,
        `version: 1
state: ./state
api: { listen: "${apiHost}:${regions.port}", requestsPerSecond: 10000, tokens: { ops: { token: ${token}, scopes: [operate] } } }
${config}`,
      ),
    start: async (wrap) => {
      const service = startService(['serve', '--config', file], env, atEnd, wrap)
      await service.until((lines) => lines.some(({ event }) => event === 'api'))
      await eventually(async () => (await api('GET', '/readyz')).status === 200)
      return service
    },
    api,
    site,
    region: async (name, region) => {
      const found = (await site(name)).regions.find((each) => each.region === region)
      if (found === undefined) throw new Error(`site ${name} has no region ${region}`)
      return found
    },
    events: async (query) => ((await good(`/api/v1/events?${query}`)) as { readonly events: readonly StoredEvent[] }).events,
  }
}
