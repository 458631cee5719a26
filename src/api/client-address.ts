import { BlockList, isIP } from 'node:net'
import { type Address, familyOf, parseAddress } from '../core/address.ts'

/** Proxies are nested rarely, and never so deep. */
const mostHops = 32

/** A network such as 10.0.0.0/8, or an address. Throws for what is neither: the config has checked it. */
export const proxyList = (networks: readonly string[]): BlockList => {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const type = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, type)
    else list.addSubnet(address, Number(bits), type)
  }
  return list
}

/** IPv4 that came over an IPv6 socket is IPv4. */
export const plainAddress = (text: string): Address | undefined => parseAddress(text.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, ''))

/** Whether an address is that of a proxy whose word counts. */
export const isTrusted = (proxies: BlockList, address: Address): boolean => proxies.check(address, familyOf(address) === 'v6' ? 'ipv6' : 'ipv4')

/**
 * Who asks: the peer, or, if that is a trusted proxy, the last address in X-Forwarded-For that is none. Whatever stands
 * before it the caller may have made up.
 */
export const clientAddress = (peer: string | undefined, forwardedFor: string | undefined, proxies: BlockList): Address | undefined => {
  let client = plainAddress(peer ?? '')
  if (forwardedFor === undefined) return client
  for (const hop of forwardedFor.split(',').slice(-mostHops).toReversed()) {
    if (client === undefined || !isTrusted(proxies, client)) return client
    const next = plainAddress(hop.trim())
    if (next === undefined) return client
    client = next
  }
  return client
}

/** What is limited as one client: an IPv4 address, or the /64 that an IPv6 host has at least. */
export const clientKey = (address: Address | undefined): string => {
  if (address === undefined) return 'unknown'
  if (familyOf(address) === 'v4') return address
  const [head = '', tail] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0')
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`
}
