import { onTestFinished } from 'vitest'
import type { CloudflareApi } from '../../fakes/cloudflare/cloudflare-api.ts'
import { a, answerTo, soa, startDnsServer } from '../../fakes/dns-server.ts'
import { zone } from './bench.ts'

/** A name server that answers with what the zone at Cloudflare holds. Its address and port, for `nameservers`. */
export const startNameServer = async (api: CloudflareApi): Promise<string> => {
  const server = await startDnsServer({
    udp: ({ query, send }) => {
      const [question] = query.questions ?? []
      const records = api.records(zone).filter((record) => record.type === 'A' && record.name === question?.name && record.type === question.type)
      const answers = question?.type === 'SOA' ? [soa(zone, 1)] : records.map((record) => a(record.name, record.content, record.ttl))
      send(answerTo(query, answers, answers.length === 0 ? { authorities: [soa(zone, 1)] } : {}))
    },
  })
  onTestFinished(() => server.close())
  return `127.0.0.1:${server.endpoint.port}`
}
