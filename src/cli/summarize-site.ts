import type { Replication } from '../core/replication.ts'
import type { HealthCheck, Policy, Region, Site } from '../core/site.ts'

/** A site's config as it came out, with every default, without secrets. */
export interface SiteSummary {
  readonly name: string
  readonly names: readonly string[]
  readonly provider: string
  /** Seconds. */
  readonly ttl: number
  readonly regions: readonly RegionSummary[]
  readonly check: CheckSummary
  readonly policy: Policy
  readonly windows: Site['windows']
  readonly sources: Site['sources']
  readonly quorum: number | null
  /** Only where it is configured. */
  readonly replication?: Replication
}

export interface RegionSummary {
  readonly name: string
  readonly role: 'active' | 'standby'
  /** One of these two. */
  readonly service?: string
  readonly addresses?: readonly string[]
  /** Only where there are any. */
  readonly replacements?: readonly (readonly string[])[]
  readonly promoteAfterMs?: number
}

/** The check without its headers, which are where credentials go. */
export type CheckSummary = Omit<HealthCheck, 'headers' | 'ca' | 'schedule' | 'minCertDays' | 'expect'> & {
  readonly schedule: string | null
  readonly minCertDays: number | null
  readonly status: HealthCheck['expect']['status']
  readonly body: { readonly kind: 'contains' | 'matches'; readonly text: string } | null
  readonly bodyBytes: number
}

const summarizeRegion = ({ name, role, source, replacements, promoteAfterMs }: Region): RegionSummary => ({
  name,
  role,
  ...(source.kind === 'service' ? { service: source.service } : { addresses: source.addresses }),
  ...(replacements.length === 0 ? {} : { replacements }),
  ...(promoteAfterMs === undefined ? {} : { promoteAfterMs }),
})

/** `redact` takes the values of variables out of what people wrote freely. */
export const summarizeSite = (site: Site, redact: (text: string) => string): SiteSummary => {
  const { headers: _headers, ca: _ca, expect, ...check } = site.check
  return {
    name: site.name,
    names: site.names,
    provider: site.provider,
    ttl: site.ttl,
    regions: site.regions.map(summarizeRegion),
    check: {
      ...check,
      url: redact(check.url),
      schedule: check.schedule ?? null,
      minCertDays: check.minCertDays ?? null,
      status: expect.status,
      body: expect.body === undefined ? null : { kind: expect.body.kind, text: redact(expect.body.text) },
      bodyBytes: expect.bodyBytes,
    },
    policy: site.policy,
    windows: site.windows.map((window) => ({ ...window, reason: redact(window.reason) })),
    sources: site.sources,
    quorum: site.quorum ?? null,
    ...(site.replication === undefined ? {} : { replication: { ...site.replication, root: redact(site.replication.root) } }),
  }
}
