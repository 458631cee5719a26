import { findRRset, pathToOrigin, type StoredRRset, type Zone } from './zone.ts'
import { type RecordType, recordTypes } from './presentation.ts'

/** A record set under the name that it is given for: with a wildcard, the name that was asked. */
export interface Found {
  readonly owner: string
  readonly rrset: StoredRRset
}

/** What the zone says of a question (RFC 1034 section 4.3.2, RFC 4592). */
export type LookupResult =
  | { readonly kind: 'outside' }
  | { readonly kind: 'referral'; readonly ns: StoredRRset; readonly glue: readonly StoredRRset[] }
  /** `chain` are the aliases on the way. At a target outside the zone the chain is all there is to say. */
  | { readonly kind: 'answer'; readonly chain: readonly Found[]; readonly found: Found | undefined }
  | { readonly kind: 'soa'; readonly chain: readonly Found[] }
  /** The name exists and was asked for everything (RFC 8482). */
  | { readonly kind: 'any'; readonly chain: readonly Found[] }
  | { readonly kind: 'nodata' | 'nxdomain'; readonly chain: readonly Found[] }

const maxAliases = 8
const isRecordType = (type: string): type is RecordType => recordTypes.some((each) => each === type)
const withoutDot = (name: string): string => name.replace(/\.$/, '')

/** The zone cut at or above a name, below the origin. Nearest the origin first: what lies deeper is not ours. */
export const delegationOf = (zone: Zone, name: string): StoredRRset | undefined =>
  pathToOrigin(zone, name)
    .slice(0, -1)
    .toReversed()
    .map((node) => findRRset(zone, node, 'NS'))
    .find((ns) => ns !== undefined)

const glueOf = (zone: Zone, ns: StoredRRset): readonly StoredRRset[] =>
  ns.data.flatMap((target) => (['A', 'AAAA'] as const).flatMap((type) => findRRset(zone, withoutDot(target), type) ?? []))

/** The name whose records answer for `name`: itself, or the wildcard below its closest encloser. */
const sourceOf = (zone: Zone, name: string): string | undefined => {
  if (zone.nodes.has(name)) return name
  const encloser = pathToOrigin(zone, name).find((node) => zone.nodes.has(node))
  const wildcard = `*.${encloser}`
  return encloser !== undefined && zone.nodes.has(wildcard) ? wildcard : undefined
}

/** `type` by name, such as `A`, `SOA` or `ANY`; of a type that we never serve any other word. */
export const lookup = (zone: Zone, question: { readonly name: string; readonly type: string }): LookupResult => {
  const chain: Found[] = []
  for (let name = question.name; ; ) {
    if (pathToOrigin(zone, name).length === 0) return chain.length === 0 ? { kind: 'outside' } : { kind: 'answer', chain, found: undefined }
    const ns = delegationOf(zone, name)
    if (ns !== undefined && !(question.type === 'DS' && ns.name === name)) {
      return chain.length === 0 ? { kind: 'referral', ns, glue: glueOf(zone, ns) } : { kind: 'answer', chain, found: undefined }
    }
    const source = sourceOf(zone, name)
    if (source === undefined) return { kind: 'nxdomain', chain }
    if (question.type === 'ANY') return { kind: 'any', chain }
    if (question.type === 'SOA' && name === zone.origin) return { kind: 'soa', chain }
    const rrset = isRecordType(question.type) ? findRRset(zone, source, question.type) : undefined
    if (rrset !== undefined) return { kind: 'answer', chain, found: { owner: name, rrset } }
    const alias = findRRset(zone, source, 'CNAME')
    if (alias === undefined) return { kind: 'nodata', chain }
    const owner = name
    if (chain.some((link) => link.owner === owner) || chain.length >= maxAliases) return { kind: 'answer', chain, found: undefined }
    chain.push({ owner, rrset: alias })
    name = withoutDot(alias.data[0] ?? '')
  }
}
