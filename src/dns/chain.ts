import { type Address, addressSet } from '../core/address.ts'
import type { AddressType } from '../core/rrset.ts'
import type { DnsRecord } from './message.ts'

/** CNAMEs followed at most, over all answers. */
export const maxAliases = 8

/** Where the aliases in one answer lead. */
export type ChainEnd =
  | { readonly kind: 'addresses'; readonly addresses: readonly Address[]; readonly ttl: number }
  /** Nothing of this type at `name`, which is the question's name or the last alias's target. */
  | { readonly kind: 'open'; readonly name: string }
  | { readonly kind: 'failed'; readonly detail: string }

/**
 * Follows the aliases of one answer from `start`; only records whose owner is on the way count. `seen` are the names
 * that were passed in earlier answers, and grows.
 */
export const followChain = (records: readonly DnsRecord[], start: string, type: AddressType, seen: Set<string>): ChainEnd => {
  for (let name = start; ; ) {
    const found = records.flatMap((record) => (record.name === name && (record.type === 'A' || record.type === 'AAAA') && record.type === type ? [record] : []))
    if (found.length > 0) {
      return { kind: 'addresses', addresses: addressSet(found.map((record) => record.address)), ttl: Math.min(...found.map((record) => record.ttl)) }
    }
    const alias = records.find((record) => record.name === name && record.type === 'CNAME')
    if (alias?.type !== 'CNAME') return { kind: 'open', name }
    seen.add(name)
    if (seen.has(alias.target)) return { kind: 'failed', detail: `the aliases form a loop: ${[...seen, alias.target].join(' -> ')}` }
    if (seen.size > maxAliases) return { kind: 'failed', detail: `more than ${maxAliases} aliases: ${[...seen].join(' -> ')}` }
    name = alias.target
  }
}
