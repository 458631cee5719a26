import { type Address, addressSet, parseAddress } from './address.ts'
import { type Fqdn, parseFqdn } from './fqdn.ts'
import type { RRsetKey } from './rrset.ts'

/**
 * The ownership mark of providers without record comments: a TXT RRset beside the name, one per type, whose
 * single record names the values that are ours. Strings hold at most 255 bytes (RFC 1035 section 3.3.14).
 */
const prefix = 'dns-failover v=1 ours='

/** `_dns-failover-a.failover.example.com` for the A set of `failover.example.com`; undefined if it is too long. */
export const markName = (key: RRsetKey): Fqdn | undefined => parseFqdn(`_dns-failover-${key.type.toLowerCase()}.${key.name}`)

/** The TXT record's strings. */
export const encodeMark = (owned: readonly Address[]): readonly string[] => {
  const text = prefix + addressSet(owned).join(',')
  return text.match(/.{1,255}/g) ?? []
}

/** What a TXT record says is ours; undefined if it is not a mark of ours. A damaged entry is passed over. */
export const decodeMark = (strings: readonly string[]): readonly Address[] | undefined => {
  const text = strings.join('')
  if (!text.startsWith(prefix)) return undefined
  const parsed = text.slice(prefix.length).split(',').map(parseAddress)
  return addressSet(parsed.filter((address) => address !== undefined))
}
