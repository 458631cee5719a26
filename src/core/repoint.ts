import { type Address, addressSet, type Family, familyOf } from './address.ts'
import type { Fqdn } from './fqdn.ts'
import { addressTypes, type Change, content, type CurrentRRset, familyOfType, type Reason, sameContent } from './rrset.ts'

/** Where a region's service subdomain is to lead. */
export interface RepointRequest {
  readonly service: Fqdn
  /** Of either family. None: nothing is planned, for the name would be left empty. */
  readonly addresses: readonly Address[]
  /** A family without an address of its own stays as it is, instead of losing its records. */
  readonly keepsOtherFamily: boolean
  /** Seconds, for a name that has no records yet. */
  readonly ttl: number
}

const reasonsOf = (before: readonly Address[], after: readonly Address[]): readonly Reason[] => [
  ...after.map((address): Reason =>
    before.includes(address)
      ? { address, action: 'keep', rule: 'repoint', text: 'the service subdomain leads to it already' }
      : { address, action: 'add', rule: 'repoint', text: 'the service subdomain is pointed at it' },
  ),
  ...before
    .filter((address) => !after.includes(address))
    .map((address): Reason => ({ address, action: 'remove', rule: 'repoint', text: 'the service subdomain leads elsewhere from now on' })),
]

const isGaining = ({ before, after }: Change): boolean => after.values.some((value) => !before.values.includes(value))

/**
 * From the A and AAAA sets of a service subdomain to exactly the given addresses. What gains addresses comes first: made
 * one after the other, no moment is without. TTLs stay as they are, and so does any mark.
 */
export const planRepoint = (request: RepointRequest, current: readonly CurrentRRset[]): readonly Change[] => {
  const { service, addresses, keepsOtherFamily } = request
  if (addresses.length === 0) return []
  const own = current.filter(({ key }) => key.name === service && addressTypes.includes(key.type))
  const usualTtl = own.find(({ values }) => values.length > 0)?.ttl ?? request.ttl
  const changes = own.flatMap((before): readonly Change[] => {
    const given = addresses.filter((address) => familyOf(address) === familyOfType(before.key.type))
    if (given.length === 0 && keepsOtherFamily) return []
    const after = content(given, before.values.length > 0 ? before.ttl : usualTtl, before.owned)
    return sameContent(before, after) ? [] : [{ key: before.key, before, after, reasons: reasonsOf(before.values, after.values) }]
  })
  return [...changes.filter(isGaining), ...changes.filter((change) => !isGaining(change))]
}

/** What the service subdomain leads to once it is repointed. */
export const repointedTo = (request: RepointRequest, current: readonly CurrentRRset[]): readonly Address[] => {
  const { addresses, keepsOtherFamily } = request
  const given = new Set<Family>(addresses.map(familyOf))
  const kept = current.flatMap(({ values }) => values).filter((address) => keepsOtherFamily && !given.has(familyOf(address)))
  return addressSet([...addresses, ...kept])
}
