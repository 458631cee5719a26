import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from 'dns-packet'
import type { Endpoint } from '../../../src/core/endpoint.ts'
import { decoded, exchangeUdp } from '../../fakes/dns-exchange.ts'
import { onFreePort, startServer } from './run.ts'

/** What a cache answers at a moment; milliseconds of Date.now() at which it was asked. */
export interface CacheAnswer {
  readonly askedAt: number
  readonly values: readonly string[]
  /** Seconds that it will keep them for. */
  readonly ttl: number
}

/** A caching resolver that asks these servers for one zone. */
export interface CachingResolver {
  /** Undefined: it does not know, for now. */
  ask(name: string): Promise<CacheAnswer | undefined>
  stop(): Promise<void>
}

/** The A values that a server answers with, and for how long they hold; undefined: none. */
export const askTtl = async (server: Endpoint, name: string): Promise<CacheAnswer | undefined> => {
  const askedAt = Date.now()
  const message = await exchangeUdp(server, encode({ type: 'query', id: 12, flags: 1 << 8, questions: [{ name, type: 'A' }] }), 1_000)
  if (message === undefined) return undefined
  const records = (decoded(message).answers ?? []).flatMap((record) => (record.type === 'A' ? [record] : []))
  return records.length === 0 ? undefined : { askedAt, values: records.map(({ data }) => data).toSorted(), ttl: Math.min(...records.map(({ ttl = 0 }) => ttl)) }
}

const configuration = (folder: string, endpoint: Endpoint, zone: string, servers: readonly Endpoint[]): string => `
server:
  directory: "${folder}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  logfile: ""
  verbosity: 1
  interface: ${endpoint.address}@${endpoint.port}
  access-control: 127.0.0.0/8 allow
  do-ip6: no
  do-not-query-localhost: no
  module-config: "iterator"
  prefetch: no
  serve-expired: no
  cache-max-negative-ttl: 1
  infra-host-ttl: 1
  infra-keep-probing: yes
  infra-cache-max-rtt: 500
remote-control:
  control-enable: no
forward-zone:
  name: "${zone}."
${servers.map(({ address, port }) => `  forward-addr: ${address}@${port}`).join('\n')}
`

export const startUnbound = (zone: string, servers: readonly Endpoint[]): Promise<CachingResolver> =>
  onFreePort(async (endpoint) => {
    const folder = await mkdtemp(join(tmpdir(), 'unbound-'))
    await writeFile(join(folder, 'unbound.conf'), configuration(folder, endpoint, zone, servers))
    const server = await startServer('unbound', ['-d', '-c', join(folder, 'unbound.conf')], [/start of service/]).catch(async (error: unknown) => {
      await rm(folder, { recursive: true, force: true })
      throw error
    })
    return {
      ask: (name) => askTtl(endpoint, name),
      stop: async () => {
        await server.stop()
        await rm(folder, { recursive: true, force: true })
      },
    }
  })
