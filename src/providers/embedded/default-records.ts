import { familyOf, scopeOf } from '../../core/address.ts'
import type { Endpoint } from '../../core/endpoint.ts'
import type { Fqdn } from '../../core/fqdn.ts'
import { parseOwner } from './presentation.ts'
import type { ZoneRRset } from './zone.ts'

/** Seconds. */
const ttl = 3600

/** The zone's NS, and the address of that name server where it is in the zone and the listening address tells it. */
export const defaultRecords = (origin: Fqdn, nsName: string, listen: Endpoint, configured: readonly ZoneRRset[]): readonly ZoneRRset[] => {
  const has = (name: string, ...types: string[]): boolean => configured.some((rrset) => parseOwner(rrset.name) === name && types.includes(rrset.type))
  const ns: ZoneRRset = { name: origin, type: 'NS', ttl, data: [`${nsName}.`] }
  const type = familyOf(listen.address) === 'v4' ? 'A' : 'AAAA'
  const address: ZoneRRset = { name: nsName, type, ttl, data: [listen.address] }
  const isTold = scopeOf(listen.address) !== 'unspecified' && nsName.endsWith(`.${origin}`)
  return [...(has(origin, 'NS') ? [] : [ns]), ...(isTold && !has(nsName, 'A', 'AAAA', 'CNAME') ? [address] : [])]
}
