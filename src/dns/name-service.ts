import { type Endpoint, endpointText } from '../core/endpoint.ts'
import { type Fqdn, parseFqdn } from '../core/fqdn.ts'
import type { NameServer, Resolution } from '../core/answer.ts'
import type { NameService } from '../engine/ports.ts'
import { exchange } from './exchange.ts'
import { judgePing, judgeReply, soaIn } from './judge.ts'
import { askResolvers, resolveType } from './resolvers.ts'

export interface NameServiceOptions {
  /** The recursive resolvers, asked in this order. */
  readonly resolvers: readonly Endpoint[]
  /** The authoritative servers, if they are not to be found by NS. */
  readonly nameservers: readonly Endpoint[] | undefined
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** At an authoritative server: datagrams per question (default 3), and milliseconds for each (700). */
  readonly tries?: number | undefined
  readonly tryMs?: number | undefined
  /** Milliseconds for one resolver's answer (default 1,500), and for all that one name needs (5,000). */
  readonly resolverTryMs?: number | undefined
  readonly resolveMs?: number | undefined
}

/** Name servers of one zone looked at, at most: more is a mistake or an attack. */
const maxNameServers = 16
const dnsPort = 53

const addressesIn = (resolution: Resolution): readonly Endpoint[] =>
  [resolution.v4, resolution.v6].flatMap((family) => (family.kind === 'found' ? family.addresses.map((address) => ({ address, port: dnsPort })) : []))

/** The DNS over UDP and TCP. Holds nothing between calls: each asks anew, from a port of its own. */
export const createNameService = (options: NameServiceOptions): NameService => {
  const { resolvers, nameservers, now } = options
  const recursive = { resolvers, now, tryMs: options.resolverTryMs ?? 1500, totalMs: options.resolveMs ?? 5000 }
  const tryMs = options.tryMs ?? 700
  const direct = { isRecursive: false, tries: options.tries ?? 3, tryMs, tcpMs: tryMs * 2 }

  const resolve = async (name: Fqdn, signal: AbortSignal): Promise<Resolution> => {
    const [v4, v6] = await Promise.all([resolveType(name, 'A', recursive, signal), resolveType(name, 'AAAA', recursive, signal)])
    return { v4, v6 }
  }

  const foundServers = async (zone: Fqdn, signal: AbortSignal): Promise<readonly NameServer[]> => {
    const asked = await askResolvers({ name: zone, type: 'NS' }, recursive, now() + recursive.totalMs, signal)
    if (asked.kind === 'failed') return []
    const targets = asked.reply.answers.flatMap((record) => (record.type === 'NS' && record.name === zone ? (parseFqdn(record.target) ?? []) : []))
    const names = [...new Set(targets)].toSorted().slice(0, maxNameServers)
    const resolved = await Promise.all(names.map(async (name) => addressesIn(await resolve(name, signal)).map((endpoint) => ({ name, endpoint }))))
    return resolved.flat()
  }

  return {
    resolve,
    serversOf: async (zone, signal) => nameservers?.map((endpoint) => ({ name: endpointText(endpoint), endpoint })) ?? foundServers(zone, signal),

    ask: async (server, key, zone, signal) => {
      const askedAt = now()
      const serialQuery = new AbortController()
      const stop = (): void => serialQuery.abort()
      signal.addEventListener('abort', stop)
      if (signal.aborted) stop()
      const soa = exchange(server.endpoint, { name: zone, type: 'SOA' }, direct, serialQuery.signal)
      const transfer = await exchange(server.endpoint, key, direct, signal)
      const answeredAt = now()
      // Without an answer the serial says nothing, and its own tries are not waited for.
      if (transfer.kind === 'failed') stop()
      const serial = await soa
      signal.removeEventListener('abort', stop)
      if (transfer.kind === 'failed') return { server, askedAt, answeredAt, outcome: { kind: 'unreachable', detail: transfer.detail } }
      const known = serial.kind === 'reply' ? soaIn(serial.reply, zone)?.serial : undefined
      return { server, askedAt, answeredAt, outcome: judgeReply(transfer.reply, key, zone, known) }
    },

    ping: async (server, zone, signal) => {
      const transfer = await exchange(server.endpoint, { name: zone, type: 'SOA' }, direct, signal)
      return transfer.kind === 'reply' ? judgePing(transfer.reply, zone) : { kind: 'unreachable', detail: transfer.detail }
    },
  }
}
