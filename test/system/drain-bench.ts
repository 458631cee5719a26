import { afterAll, beforeAll, expect } from 'vitest'
import { endpointText } from '../../src/core/endpoint.ts'
import type { DrainView } from '../../src/engine/views.ts'
import { eventually, type Operated, startOperated, untilA } from './operated-bench.ts'
import { ddnsKey } from './servers/keys.ts'
import { startNamed } from './servers/named.ts'
import { type Secondary, startSecondary } from './servers/secondary.ts'
import { openUdpRelay, type UdpRelay } from './servers/udp-relay.ts'
import { askTtl, type CacheAnswer, type CachingResolver, startUnbound } from './servers/unbound.ts'
import type { ZoneServer } from './servers/zone-server.ts'
import type { AtEnd, Service } from './serve-bench.ts'

export const zone = 'drain.example'
export const [msk, ams] = ['127.44.0.2', '127.44.0.3']
const apiHost = '127.44.0.4'

/** A primary, a secondary that only transfers when it is told to, and two warm caches: one of both, one behind the secondary. */
export interface DrainServers {
  readonly primary: ZoneServer
  readonly secondary: Secondary
  /** The service's own way to the secondary. */
  readonly relay: UdpRelay
  readonly caches: readonly CachingResolver[]
  readonly behind: CachingResolver
}

/** One site that is watched, and all that the caches say of it. */
export interface DrainBench {
  readonly site: string
  readonly operated: Operated
  /** Writes the config, with this TTL. */
  write(ttl: number): Promise<void>
  start(): Promise<Service>
  drain(region: string): Promise<void>
  /** What the API says of the drain of region msk. */
  progress(): Promise<DrainView>
  /** Has the secondary transfer until it answers like this, and with this TTL if one is given. */
  untilSecondary(values: readonly string[], ttl?: number): Promise<void>
  /** Waits until the cache behind the secondary has just fetched the set with the address, so that it keeps it for all of `ttl`. */
  untilFresh(ttl: number): Promise<void>
  /** Every answer of every cache since `start`. */
  answers(): readonly CacheAnswer[]
}

export const useDrainServers = (isMissing: boolean): (() => DrainServers) => {
  const ends: (() => Promise<void>)[] = []
  let servers: DrainServers | undefined
  beforeAll(async () => {
    if (isMissing) return
    const primary = await startNamed({ zone, isSigned: false })
    ends.push(() => primary.stop())
    const secondary = await startSecondary(primary)
    ends.push(() => secondary.stop())
    const relay = await openUdpRelay(secondary.endpoint)
    ends.push(() => relay.close())
    const behind = await startUnbound(zone, [secondary.endpoint])
    ends.push(() => behind.stop())
    const both = await startUnbound(zone, [primary.endpoint, secondary.endpoint])
    ends.push(() => both.stop())
    servers = { primary, secondary, relay, behind, caches: [behind, both] }
  })
  afterAll(async () => {
    for (const end of ends.toReversed()) await end()
  })
  return () => {
    if (servers === undefined) throw new Error('the name servers have not started')
    return servers
  }
}

/** Asks a cache every 200 ms. */
const watch = (cache: CachingResolver, name: string, seen: CacheAnswer[], atEnd: AtEnd): void => {
  const over = new AbortController()
  const watching = (async () => {
    while (!over.signal.aborted) {
      const answer = await cache.ask(name)
      if (answer !== undefined) seen.push(answer)
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  })()
  atEnd(async () => {
    over.abort()
    await watching
  })
}

/** A service that has published both regions at both servers with the TTL, and caches that know it. */
export const startDrainBench = async ({ primary, secondary, relay, caches, behind }: DrainServers, name: string, ttl: number, atEnd: AtEnd): Promise<DrainBench & { readonly service: Service }> => {
  const site = `${name}.${zone}`
  const operated = await startOperated({ addresses: [msk, ams], apiHost, env: { TSIG_SECRET: ddnsKey.secret }, atEnd })
  const seen: CacheAnswer[] = []
  const write = (seconds: number): Promise<void> =>
    operated.write(`providers:
  bind: { type: rfc2136, server: "${endpointText(primary.endpoint)}", zone: ${zone}, tsig: { name: ${ddnsKey.name}, algorithm: ${ddnsKey.algorithm}, secret: "\${TSIG_SECRET}" } }
nameservers: ["${endpointText(primary.endpoint)}", "${endpointText(relay.endpoint)}"]
sites:
  ${site}:
    allowPrivate: true
    ttl: ${seconds}
    regions: { msk: { addresses: [${msk}] }, ams: { addresses: [${ams}] } }
    check: { url: "http://{site}:${operated.regions.port}/", every: 500ms, fall: 2, rise: 2, confirmSpan: 100ms, timeout: 400ms }
`)
  const untilSecondary: DrainBench['untilSecondary'] = (values, seconds) =>
    eventually(async () => {
      const isThere = async (): Promise<boolean> => {
        const answer = await askTtl(secondary.endpoint, site)
        return answer?.values.join() === values.join() && (seconds ?? answer.ttl) === answer.ttl
      }
      // Told too often, it would look for newer versions for some time to come.
      await secondary.transfer()
      for (let look = 0; look < 20; look += 1) {
        if (await isThere()) return true
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      return false
    })
  await write(ttl)
  const service = await operated.start()
  await untilA(primary.endpoint, site, [msk, ams])
  await untilSecondary([msk, ams])
  for (const cache of caches) watch(cache, site, seen, atEnd)
  await eventually(async () => seen.length > 4)
  return {
    site,
    operated,
    service,
    write,
    start: () => operated.start(),
    drain: async (region) => {
      const { status, body } = await operated.api('POST', `/api/v1/sites/${site}/regions/${region}/drain`, { for: '10m', reason: 'kernel' })
      if (status !== 200) throw new Error(`not drained: ${JSON.stringify(body)}`)
    },
    progress: async () => {
      const { drain } = await operated.region(site, 'msk')
      if (drain === null) throw new Error('it is not drained')
      return drain
    },
    untilSecondary,
    untilFresh: (seconds) =>
      eventually(async () => {
        const answer = await behind.ask(site)
        return answer !== undefined && answer.ttl === seconds && answer.values.includes(msk)
      }),
    answers: () => seen,
  }
}

/** Beyond the TTL: a second because caches count whole ones, one until the name servers are asked again, and the way. Milliseconds. */
export const patienceMs = 4_000
/** How much later than its TTL a drain may be called safe, on a machine that others keep busy, before it is too careful. Milliseconds. */
const latestMs = 10_000

export const at = (text: string | null): number => Date.parse(text ?? '')
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Waits until the drain says that it is safe, and looks on for as long as a cache could still be wrong. */
export const untilSafe = async (bench: DrainBench, ttl: number): Promise<{ readonly drain: DrainView; readonly phases: readonly string[] }> => {
  const phases: string[] = []
  let drain = await bench.progress()
  await eventually(async () => {
    drain = await bench.progress()
    if (phases.at(-1) !== drain.progress.phase) phases.push(drain.progress.phase)
    return drain.progress.phase === 'safe'
  })
  await pause(ttl * 1000)
  return { drain, phases }
}

/** Nobody was sent there any more since it was called safe; until shortly before, somebody was. `goneAt`: from every name server. */
export const expectSafe = (bench: DrainBench, { progress }: DrainView, goneAt: number, ttl: number): void => {
  const ttlMs = ttl * 1000
  const safeAt = at(progress.safeSince)
  const sent = bench.answers().filter(({ values }) => values.includes(msk))
  expect(sent.filter(({ askedAt }) => askedAt >= safeAt)).toEqual([])
  expect(sent.filter(({ askedAt }) => askedAt > goneAt + ttlMs / 4)).not.toEqual([])
  expect(bench.answers().filter(({ askedAt }) => askedAt > safeAt).length).toBeGreaterThan(10)
  expect(safeAt - goneAt).toBeLessThan(ttlMs + latestMs)
}
