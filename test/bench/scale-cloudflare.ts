import { setTimeout as pause } from 'node:timers/promises'
import { endpointText } from '../../src/core/endpoint.ts'
import { type CloudflareApi, startCloudflareApi } from '../fakes/cloudflare/cloudflare-api.ts'
import { a, answerTo, type FakeDnsServer, soa, startDnsServer } from '../fakes/dns-server.ts'
import { mark } from '../providers/cloudflare/bench.ts'
import { quantile } from './lateness.ts'
import { zoneName } from './peers/checker.ts'
import { openPacketFilter } from './peers/packet-filter.ts'
import type { BenchProcess } from './peers/process.ts'
import { startWebFarm } from './peers/web-farm.ts'
import { monotonicMs } from './process-cost.ts'
import type { CloudflareReport } from './scale-table.ts'
import { sitesOf, startMany, untilHealthy } from './scale-service.ts'

const longestMs = 240_000
const lookMs = 100

/** A name server that answers with what the zone at Cloudflare holds. */
const startNameServer = (api: CloudflareApi): Promise<FakeDnsServer> => {
  let indexed: { readonly from: unknown; readonly byName: ReadonlyMap<string, readonly string[]> } | undefined
  const valuesAt = (name: string): readonly string[] => {
    const from = api.records(zoneName)
    if (indexed?.from !== from) {
      const byName = new Map<string, string[]>()
      for (const record of from) byName.set(record.name, [...(byName.get(record.name) ?? []), record.content])
      indexed = { from, byName }
    }
    return indexed.byName.get(name) ?? []
  }
  return startDnsServer({
    udp: ({ query, send }) => {
      const [question] = query.questions ?? []
      const answers = question?.type === 'SOA' ? [soa(zoneName, 1)] : question?.type === 'A' ? valuesAt(question.name).map((value) => a(question.name, value, 60)) : []
      send(answerTo(query, answers, answers.length === 0 ? { authorities: [soa(zoneName, 1)] } : {}))
    },
  })
}

const requestsAt = (api: CloudflareApi): Omit<CloudflareReport, 'sites' | 'withdrawn' | 'startRequests'> => {
  const all = api.transcript()
  const writes = all.filter(({ path }) => path.endsWith('/batch')).length
  return { writes, reads: all.length - writes, refused: all.filter(({ status }) => status === 429).length }
}

/**
 * Sites that are all in one zone at a fake of Cloudflare, which refuses after 1,200 requests, as Cloudflare does for those of five minutes; one
 * address of each is refused at once.
 */
export const runCloudflareScale = async (count: number, restMs: number): Promise<CloudflareReport> => {
  const sites = sitesOf(count)
  const farm = await startWebFarm()
  const filter = await openPacketFilter()
  const api = await startCloudflareApi({ zones: [zoneName] })
  const nameServer = await startNameServer(api)
  let running: BenchProcess | undefined
  try {
    api.plant(zoneName, sites.flatMap(({ name, regions }) => regions.flat().map((content) => ({ name, type: 'A', content, ttl: 60, comment: mark }))))
    running = (await startMany(farm, sites, {
      provider: `  cloudflare: { type: cloudflare, apiToken: ${api.token}, baseUrl: "${api.baseUrl}" }\n`,
      more: `nameservers: ["${endpointText(nameServer.endpoint)}"]\n`,
    })).process
    await untilHealthy(count, longestMs)
    await pause(restMs)
    const start = requestsAt(api)
    api.forget()
    const gone = sites.map(({ regions }) => regions[0]?.[0] ?? '')
    const failedAt = await filter.refuse(gone)
    const open = new Set(gone)
    const tookMs: number[] = []
    for (const until = failedAt + longestMs; open.size > 0 && monotonicMs() < until; await pause(lookMs)) {
      const there = new Set(api.records(zoneName).map(({ content }) => content))
      for (const address of open) {
        if (there.has(address)) continue
        open.delete(address)
        tookMs.push(monotonicMs() - failedAt)
      }
    }
    // Each is read once more after its write.
    await pause(Math.min(restMs, 3000))
    const all = [...tookMs, ...[...open].map(() => Number.POSITIVE_INFINITY)]
    return { sites: count, startRequests: start.reads + start.writes, ...requestsAt(api), withdrawn: { medianMs: quantile(all, 0.5), worstMs: quantile(all, 1) } }
  } finally {
    await running?.stop()
    await filter.pass()
    await nameServer.close()
    await api.close()
    await farm.close()
  }
}
