import { type Address, addressSet, isPublishable, parseAddress, scopeOf } from './address.ts'
import type { Region, Site } from './site.ts'
import { regionState, type SiteState } from './site-state.ts'

/** Why a region is not repointed, with a code of `RefusalCode` and what to do about it. */
export interface RepointObjection {
  readonly code: 'unknown-region' | 'bad-address' | 'address-taken' | 'not-repointable'
  readonly text: string
  readonly advice?: string
}

/** Addresses as they were written. */
export const readAddresses = (texts: readonly string[]): { readonly kind: 'read'; readonly addresses: readonly Address[] } | ({ readonly kind: 'bad' } & RepointObjection) => {
  const bad = texts.find((text) => parseAddress(text) === undefined)
  if (bad !== undefined) {
    return { kind: 'bad', code: 'bad-address', text: `${JSON.stringify(bad)} is not an IP address`, advice: 'give IPv4 as 203.0.113.10 and IPv6 as 2001:db8::10' }
  }
  return { kind: 'read', addresses: addressSet(texts.flatMap((text) => parseAddress(text) ?? [])) }
}

/** The region that an address is another's by: one that leads to it, or is configured with it. */
export const otherRegionOf = (address: Address, region: Region, site: Pick<Site, 'regions'>, state: SiteState): Region | undefined =>
  site.regions.find(
    (other) =>
      other.name !== region.name &&
      ((other.source.kind === 'fixed' && other.source.addresses.includes(address)) || regionState(state, other.name)?.addresses.includes(address) === true),
  )

const objectToAddress = (address: Address, region: Region, site: Site, state: SiteState): RepointObjection | undefined => {
  if (!isPublishable(address, site.policy.allowPrivate)) {
    const scope = scopeOf(address)
    const isPrivate = scope === 'private' || scope === 'loopback'
    const advice = isPrivate ? { advice: `set \`allowPrivate: true\` on site ${site.name} if its visitors reach such addresses` } : {}
    return { code: 'bad-address', text: `${address} is a ${scope} address, which is never published for ${site.name}`, ...advice }
  }
  const other = otherRegionOf(address, region, site, state)
  if (other === undefined) return undefined
  return { code: 'address-taken', text: `${address} serves region ${other.name}; an address serves one region`, advice: `give region ${region.name} a server of its own, or repoint ${other.name} first` }
}

/** Whether it makes no sense, whatever the records hold. */
export const objectToRepoint = (site: Site, state: SiteState, name: string, addresses: readonly Address[]): RepointObjection | undefined => {
  const region = site.regions.find((each) => each.name === name)
  if (region === undefined) {
    return { code: 'unknown-region', text: `site ${site.name} has no region ${JSON.stringify(name)}`, advice: `its regions: ${site.regions.map((each) => each.name).join(', ')}` }
  }
  const { source } = region
  if (source.kind === 'fixed') {
    return { code: 'not-repointable', text: `region ${name} has fixed addresses and no service subdomain`, advice: 'change its `addresses` in the config, or give it a `service`' }
  }
  if (site.names.includes(source.service)) return { code: 'not-repointable', text: `${source.service} is a main domain of site ${site.name}, not a subdomain of one region` }
  const twin = site.regions.find((each) => each.name !== name && each.source.kind === 'service' && each.source.service === source.service)
  if (twin !== undefined) return { code: 'not-repointable', text: `${source.service} is region ${twin.name}'s service subdomain as well`, advice: 'give each region a service subdomain of its own' }
  if (addresses.length === 0) return { code: 'bad-address', text: `no address was given for region ${name}`, advice: 'give at least one; a service subdomain is never left empty' }
  return addresses.map((address) => objectToAddress(address, region, site, state)).find((objection) => objection !== undefined)
}
