/** An IPv4 or IPv6 address in its one canonical spelling (IPv6: RFC 5952), never with a zone id or brackets. */
export type Address = string & { readonly __brand: 'Address' }

export type Family = 'v4' | 'v6'
export const families: readonly Family[] = ['v4', 'v6']

/** What kind of network an address belongs to (IANA special-purpose registries, RFC 6890 and its updates). */
export type Scope = 'global' | 'private' | 'loopback' | 'link-local' | 'multicast' | 'unspecified' | 'reserved'

const octet = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const ipv4 = new RegExp(`^${octet}(?:\\.${octet}){3}$`)

const canonicalIpv6 = (text: string): string | undefined => {
  if (!/^[0-9a-f:.]+$/i.test(text) || !text.includes(':')) return undefined
  const url = `http://[${text}]/`
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : undefined
}

/** The address in its canonical spelling, or undefined if the text is none. IPv4 only as four decimal octets. */
export const parseAddress = (text: string): Address | undefined =>
  (ipv4.test(text) ? text : canonicalIpv6(text)) as Address | undefined

export const familyOf = (address: Address): Family => (address.includes(':') ? 'v6' : 'v4')

const hextets = (part: string): readonly number[] =>
  part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))

/** The eight 16-bit groups of a canonical IPv6 address. */
const groups = (address: Address): readonly number[] => {
  const [head = '', tail] = address.split('::')
  const left = hextets(head)
  const right = tail === undefined ? [] : hextets(tail)
  return [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right]
}

const scopeOfIpv4 = (octets: readonly number[]): Scope => {
  const [a = 0, b = 0] = octets
  if (octets.every((each) => each === 0)) return 'unspecified'
  if (a === 0) return 'reserved'
  if (a === 127) return 'loopback'
  if (a === 169 && b === 254) return 'link-local'
  if (a >= 224 && a <= 239) return 'multicast'
  if (a >= 240) return 'reserved'
  const isPrivate = a === 10 || (a === 172 && b >= 16 && b <= 31) || (a === 192 && b === 168) || (a === 100 && b >= 64 && b <= 127)
  return isPrivate ? 'private' : 'global'
}

const scopeOfIpv6 = (all: readonly number[]): Scope => {
  const first = all[0] ?? 0
  const [high = 0, low = 0] = all.slice(6)
  const leadingZeros = all.slice(0, 5).every((group) => group === 0)
  if (leadingZeros && all[5] === 0xff_ff) return 'reserved'
  if (leadingZeros && all[5] === 0 && high === 0 && low <= 1) return low === 0 ? 'unspecified' : 'loopback'
  if (leadingZeros && all[5] === 0) return 'reserved'
  if (first >= 0xff_00) return 'multicast'
  if (first >= 0xfe_80 && first <= 0xfe_bf) return 'link-local'
  if (first >= 0xfe_c0 && first <= 0xfe_ff) return 'reserved'
  return first >= 0xfc_00 && first <= 0xfd_ff ? 'private' : 'global'
}

export const scopeOf = (address: Address): Scope =>
  familyOf(address) === 'v4' ? scopeOfIpv4(address.split('.').map(Number)) : scopeOfIpv6(groups(address))

/** Whether an address may stand in a public record: never unspecified, multicast, link-local or reserved. */
export const isPublishable = (address: Address, allowPrivate: boolean): boolean => {
  const scope = scopeOf(address)
  return scope === 'global' || (allowPrivate && (scope === 'private' || scope === 'loopback'))
}

/** IPv4 before IPv6, then by text: one stable order for plans, marks and comparisons. */
export const compareAddresses = (a: Address, b: Address): number =>
  familyOf(a) === familyOf(b) ? (a < b ? -1 : a > b ? 1 : 0) : familyOf(a) === 'v4' ? -1 : 1

/** Sorted, each once. */
export const addressSet = (addresses: Iterable<Address>): readonly Address[] => [...new Set(addresses)].toSorted(compareAddresses)

export const sameAddresses = (a: readonly Address[], b: readonly Address[]): boolean =>
  addressSet(a).join() === addressSet(b).join()
