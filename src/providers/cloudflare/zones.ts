import { ancestors, type Fqdn, isWithin, parseFqdn } from '../../core/fqdn.ts'
import { ProviderError } from '../provider-error.ts'
import type { Client } from './client.ts'
import { listOf, single, ZoneReply } from './envelope.ts'
import { createMemo } from './memo.ts'

export interface Zone {
  readonly id: string
  readonly name: Fqdn
}

/** Finds the zone of a name among those of the token. */
export interface Zones {
  /** @throws ProviderError */
  zoneOf(name: Fqdn, signal: AbortSignal): Promise<Zone | undefined>
  /** After an answer that a zone is not there. */
  forget(): void
  close(): void
}

interface Listed {
  readonly zones: readonly Zone[]
  /** There are no others. */
  readonly isAll: boolean
}

const keptMs = 600_000
/** As many as one page holds. */
const pageSize = 50

const zonesOf = (replies: readonly ZoneReply[]): readonly Zone[] =>
  // The same name twice: of a zone that is moving between accounts only one is active.
  replies
    .toSorted((a, b) => Number(b.status === 'active') - Number(a.status === 'active'))
    .flatMap(({ id, name }) => {
      const fqdn = parseFqdn(name)
      return fqdn === undefined ? [] : [{ id, name: fqdn }]
    })

/**
 * All zones of the token at once, as a token should have one or few; only where there are more than a page holds, by
 * walking up from the name.
 */
const listZones = async (client: Client, name: Fqdn | undefined, signal: AbortSignal): Promise<Listed> => {
  const what = name === undefined ? 'list the zones of the API token' : `look for the zone ${name}`
  const query = { page: 1, per_page: pageSize, ...(name === undefined ? {} : { name }) }
  const schema = listOf(ZoneReply)
  const { result, result_info } = await client.call({ what, isWrite: false, purpose: 'read', schema, ask: (sdk, until) => sdk.listZones(query, until) }, signal)
  if (result.length !== result_info.count || result.length < Math.min(result_info.per_page, name === undefined ? result_info.total_count : 0)) {
    throw new ProviderError(`cannot ${what} at Cloudflare: the list is not whole (${result.length} of ${result_info.total_count})`, { code: 'unavailable', outcome: 'unchanged' })
  }
  return { zones: zonesOf(result), isAll: result.length === result_info.total_count }
}

const listedZones = (client: Client, now: () => number): Zones => {
  const memo = createMemo<Listed>(keptMs, now)
  const walkUp = async (names: readonly Fqdn[], signal: AbortSignal): Promise<Zone | undefined> => {
    for (const name of names) {
      const { zones } = await memo.get(name, (until) => listZones(client, name, until), signal)
      const zone = zones.find((each) => each.name === name)
      if (zone !== undefined) return zone
    }
    return undefined
  }
  return {
    zoneOf: async (name, signal) => {
      const { zones, isAll } = await memo.get('', (until) => listZones(client, undefined, until), signal)
      if (!isAll) return walkUp(ancestors(name), signal)
      const holding = zones.filter((zone) => isWithin(name, zone.name))
      return holding.toSorted((a, b) => b.name.length - a.name.length)[0]
    },
    forget: memo.forget,
    close: memo.close,
  }
}

const knownZone = (client: Client, zoneId: string, now: () => number): Zones => {
  const memo = createMemo<Zone>(keptMs, now)
  const load = async (signal: AbortSignal): Promise<Zone> => {
    const what = `read the zone ${zoneId}`
    const { result } = await client.call({ what, isWrite: false, purpose: 'read', schema: single(ZoneReply), ask: (sdk, until) => sdk.getZone(zoneId, until) }, signal)
    const name = parseFqdn(result.name)
    if (name !== undefined && result.id === zoneId) return { id: zoneId, name }
    throw new ProviderError(`cannot ${what} at Cloudflare: the answer is about another zone`, { code: 'unavailable', outcome: 'unchanged' })
  }
  return {
    zoneOf: async (name, signal) => {
      const zone = await memo.get('', load, signal)
      return isWithin(name, zone.name) ? zone : undefined
    },
    forget: memo.forget,
    close: memo.close,
  }
}

/** By `zoneId`, or by name. */
export const createZones = (client: Client, zoneId: string | undefined, now: () => number): Zones =>
  zoneId === undefined ? listedZones(client, now) : knownZone(client, zoneId, now)
