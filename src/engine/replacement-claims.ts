import type { Address } from '../core/address.ts'

/** Who has a server: a region of a site. */
export interface Holder {
  readonly site: string
  readonly region: string
}

/** What one site has, and what it asks for. */
export interface ClaimsOfSite {
  /** Who has it, unless it is free for this region. */
  takenBy(address: Address, region: string): Holder | undefined
  /** All of them or none. */
  claim(addresses: readonly Address[], region: string): boolean
  /** What this region has claimed, it claims no more. */
  release(region: string): void
  /** What the site's regions lead to now: theirs without being asked, and no claim any more. Replaces what was said before. */
  lead(regions: ReadonlyMap<string, readonly Address[]>): void
  /** The site is watched no more. */
  leave(): void
}

/**
 * Which servers are taken, among all sites of this process: a replacement serves one region. Regions of the same name share
 * a server, for one host may serve many sites.
 */
export interface ReplacementClaims {
  join(site: string): ClaimsOfSite
}

interface Member {
  readonly site: string
  leading: ReadonlyMap<string, readonly Address[]>
  readonly claimed: Map<string, readonly Address[]>
}

const has = (all: ReadonlyMap<string, readonly Address[]>, address: Address, region: string): string | undefined =>
  [...all].find(([name, addresses]) => name !== region && addresses.includes(address))?.[0]

export const createReplacementClaims = (): ReplacementClaims => {
  const members = new Set<Member>()

  const takenBy = (address: Address, region: string): Holder | undefined => {
    for (const { site, leading, claimed } of members) {
      const taker = has(leading, address, region) ?? has(claimed, address, region)
      if (taker !== undefined) return { site, region: taker }
    }
    return undefined
  }

  return {
    join: (site) => {
      const member: Member = { site, leading: new Map(), claimed: new Map() }
      members.add(member)
      return {
        takenBy,
        claim: (addresses, region) => {
          if (addresses.some((address) => takenBy(address, region) !== undefined)) return false
          member.claimed.set(region, addresses)
          return true
        },
        release: (region) => void member.claimed.delete(region),
        lead: (regions) => {
          member.leading = regions
          for (const [region, addresses] of member.claimed) {
            if (addresses.every((address) => regions.get(region)?.includes(address) === true)) member.claimed.delete(region)
          }
        },
        leave: () => void members.delete(member),
      }
    },
  }
}
