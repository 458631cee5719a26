import type { Address, Family } from '../core/address.ts'
import { familyOf } from '../core/address.ts'
import type { FamilyResolution, Resolution } from '../core/answer.ts'
import type { Resolved } from '../core/region-claims.ts'
import type { Site } from '../core/site.ts'
import type { ServiceResolver } from './ports.ts'

const fixed = (addresses: readonly Address[]): Resolution => {
  const of = (family: Family): FamilyResolution => ({
    kind: 'found',
    addresses: addresses.filter((address) => familyOf(address) === family),
  })
  return { v4: of('v4'), v6: of('v6') }
}

/** What every region's subdomain leads to now, asked concurrently. */
export const resolveRegions = async (
  site: Site,
  resolver: ServiceResolver,
  signal: AbortSignal,
): Promise<readonly Resolved[]> =>
  Promise.all(
    site.regions.map(async (region) => ({
      region,
      resolution:
        region.source.kind === 'fixed' ? fixed(region.source.addresses) : await resolver.resolve(region.source.service, signal),
    })),
  )
