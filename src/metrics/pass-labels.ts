import type { Address } from '../core/address.ts'
import type { SiteLabels } from './site-series.ts'

/** Under what a check that passed is counted. */
export interface PassLabels {
  readonly check: SiteLabels
  readonly seconds: SiteLabels
}

/** Made once for each address, not at each check: thousands pass every second. */
export interface AllPassLabels {
  of(site: string, address: Address, region: string): PassLabels
  forget(site: string): void
}

/** Beyond so many addresses of one site they are made anew: addresses come and go. */
const mostOfOneSite = 2000

export const createPassLabels = (): AllPassLabels => {
  /** By site and address. */
  const known = new Map<string, Map<Address, PassLabels & { readonly region: string }>>()

  const make = (site: string, address: Address, region: string): PassLabels => {
    const labels = { region, check: { site, region, address, result: 'ok', cause: '' }, seconds: { site, region } }
    const ofSite = known.get(site) ?? new Map<Address, typeof labels>()
    known.set(site, ofSite)
    if (ofSite.size >= mostOfOneSite) ofSite.clear()
    ofSite.set(address, labels)
    return labels
  }

  return {
    of: (site, address, region) => {
      const labels = known.get(site)?.get(address)
      return labels?.region === region ? labels : make(site, address, region)
    },
    forget: (site) => void known.delete(site),
  }
}
