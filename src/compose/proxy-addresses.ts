import { BlockList } from 'node:net'
import { familyOf } from '../core/address.ts'
import type { FamilyResolution, Resolution } from '../core/answer.ts'

/** Cloudflare's own address ranges, as it publishes them (cloudflare.com/ips, unchanged since 2023). */
const ranges: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['173.245.48.0', 20, 'ipv4'],
  ['103.21.244.0', 22, 'ipv4'],
  ['103.22.200.0', 22, 'ipv4'],
  ['103.31.4.0', 22, 'ipv4'],
  ['141.101.64.0', 18, 'ipv4'],
  ['108.162.192.0', 18, 'ipv4'],
  ['190.93.240.0', 20, 'ipv4'],
  ['188.114.96.0', 20, 'ipv4'],
  ['197.234.240.0', 22, 'ipv4'],
  ['198.41.128.0', 17, 'ipv4'],
  ['162.158.0.0', 15, 'ipv4'],
  ['104.16.0.0', 13, 'ipv4'],
  ['104.24.0.0', 14, 'ipv4'],
  ['172.64.0.0', 13, 'ipv4'],
  ['131.0.72.0', 22, 'ipv4'],
  ['2400:cb00::', 32, 'ipv6'],
  ['2606:4700::', 32, 'ipv6'],
  ['2803:f800::', 32, 'ipv6'],
  ['2405:b500::', 32, 'ipv6'],
  ['2405:8100::', 32, 'ipv6'],
  ['2a06:98c0::', 29, 'ipv6'],
  ['2c0f:f248::', 32, 'ipv6'],
]

/**
 * Refuses a service subdomain that leads to Cloudflare's edge instead of a server: proxied, it would pass checks that
 * some other region answers, and publishing those addresses would lead the main domain in a circle.
 */
export const createProxyGuard = (): ((resolution: Resolution) => Resolution) => {
  const edge = new BlockList()
  for (const range of ranges) edge.addSubnet(...range)

  const guarded = (family: FamilyResolution): FamilyResolution => {
    const found = family.kind === 'found' ? family.addresses : []
    const proxy = found.find((address) => edge.check(address, familyOf(address) === 'v4' ? 'ipv4' : 'ipv6'))
    if (proxy === undefined) return family
    return { kind: 'failed', detail: `it leads to ${proxy}, which is Cloudflare's own: it is proxied; set its records to "DNS only"` }
  }

  return ({ v4, v6 }) => ({ v4: guarded(v4), v6: guarded(v6) })
}
