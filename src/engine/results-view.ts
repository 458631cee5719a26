import type { Address } from '../core/address.ts'
import type { LiveSite } from './live-site.ts'
import type { ResultsView } from './views.ts'
import { isoAt } from './wire-time.ts'

/** What the last checks of a site saw, as it is told. */
export const resultsView = ({ site, ports, addresses, recent }: Pick<LiveSite, 'site' | 'addresses' | 'recent'> & { readonly ports: Pick<LiveSite['ports'], 'clock'> }): ResultsView => ({
  site: site.name,
  addresses: addresses().map((address: Address) => ({
    address,
    results: recent(address).map(({ startedAt, kind, cause, ms }) => ({ at: isoAt(startedAt, ports.clock) ?? '', kind, cause: cause ?? null, ms: Math.round(ms * 10) / 10 })),
  })),
})
