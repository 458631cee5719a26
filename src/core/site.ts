import type { Address } from './address.ts'
import type { Fqdn } from './fqdn.ts'
import type { Replication } from './replication.ts'
import type { SourceMode } from './word.ts'

/** What to ask each address, and what its answer must be. All times in milliseconds. */
export interface HealthCheck {
  /** Changes whenever what is asked or expected changes; health learned under another identity does not count. */
  readonly identity: string
  /** With `{site}` and `{service}` still to be replaced; see `checkUrl`. */
  readonly url: string
  readonly method: 'GET' | 'HEAD' | 'POST' | 'OPTIONS'
  readonly headers: Readonly<Record<string, string>>
  readonly expect: Expectation
  readonly bounds: Bounds
  /** PEM of additional roots to trust; undefined: only Node's own. */
  readonly ca: string | undefined
  /** Fewer days than this left on the certificate is a failure; undefined: only reported. */
  readonly minCertDays: number | undefined
  /** How many redirects to follow, all to the same pinned address; 0: none, a 3xx is judged as a status. */
  readonly maxRedirects: number
  readonly everyMs: number
  /** Cron expression with seconds, instead of `everyMs`. */
  readonly schedule: string | undefined
  readonly fall: number
  readonly rise: number
  readonly confirmSpanMs: number
  /** Whether an idle connection is held between checks, whose break leads to a check at once: as long as the server allows, always, or not. */
  readonly tripwire: 'auto' | 'always' | 'off'
  /** Whether each check opens a connection, or most ride on the one of the check before. */
  readonly connection: 'fresh' | 'kept'
}

export interface Expectation {
  /** Inclusive ranges. */
  readonly status: readonly { readonly from: number; readonly to: number }[]
  readonly body: { readonly kind: 'contains' | 'matches'; readonly text: string } | undefined
  /** How far into the (decoded) body to look, in bytes. */
  readonly bodyBytes: number
}

/** Each part of a check has a bound of its own, and all of it a total. */
export interface Bounds {
  readonly connectMs: number
  readonly tlsMs: number
  readonly headersMs: number
  readonly bodyMs: number
  readonly totalMs: number
}

export interface Region {
  readonly name: string
  readonly source: { readonly kind: 'service'; readonly service: Fqdn } | { readonly kind: 'fixed'; readonly addresses: readonly Address[] }
  readonly role: 'active' | 'standby'
  /** Servers that may take its service subdomain over, in the order of preference; each a set of addresses. Empty: none. */
  readonly replacements: readonly (readonly Address[])[]
  /** After so long down, milliseconds, a replacement is promoted without a person; undefined: never. */
  readonly promoteAfterMs: number | undefined
}

/** A drain that is planned: begins at each turn of the cron expression and lasts. */
export interface DrainWindow {
  readonly region: string
  /** Five fields, or six with seconds. */
  readonly cron: string
  /** IANA name. */
  readonly timeZone: string
  readonly forMs: number
  readonly reason: string
}

/** What may be published when, see the design's rules 1 to 10. */
export interface Policy {
  /** Per family; at least 1. */
  readonly minPublished: number
  readonly failOpenBelow: number
  readonly failOpen: 'all' | 'keep' | 'none'
  readonly foreign: 'keep' | 'remove'
  readonly allowPrivate: boolean
  readonly damping: Damping
  /** At most half of a site's addresses, rounded up, are removed within this many milliseconds. */
  readonly budgetWindowMs: number
}

/** How long an address that flaps waits before it is re-admitted. Milliseconds. */
export interface Damping {
  /** The wait after the second fall; doubles with each further one. The first costs nothing. */
  readonly baseMs: number
  readonly maxMs: number
  /** The memory of past falls halves in this time. */
  readonly halfLifeMs: number
}

export interface Site {
  /** The config's key. */
  readonly name: string
  readonly names: readonly [Fqdn, ...Fqdn[]]
  /** The config's name of the provider that holds `names`. */
  readonly provider: string
  readonly ttl: number
  readonly regions: readonly Region[]
  readonly check: HealthCheck
  readonly policy: Policy
  /** URLs asked when checks fail, besides the zone's name servers: are we the ones cut off? */
  readonly reference: readonly string[]
  readonly windows: readonly DrainWindow[]
  /** The outside monitors whose word on this site's regions is heard, by the config's name of the source. */
  readonly sources: Readonly<Record<string, SourceMode>>
  /** How many vantages must have an opinion for a verdict; undefined: more than half of those that are there. */
  readonly quorum: number | undefined
  /** How its regions keep their content alike; undefined: that is not ours to know. */
  readonly replication: Replication | undefined
}

/** The URL to ask of one region's address. */
export const checkUrl = (site: Site, region: Region): string =>
  site.check.url
    .replaceAll('{site}', site.names[0])
    .replaceAll('{service}', region.source.kind === 'service' ? region.source.service : site.names[0])

/** The URL of something in the site's document root: of the scheme and port that its check asks, under the site's own name. */
export const documentUrl = (site: Pick<Site, 'names' | 'check'>, path: string): string => {
  const [name] = site.names
  const scheme = /^https:/i.test(site.check.url) ? 'https' : 'http'
  const port = /^[a-z]+:\/\/(?:\{\w+\}|\[[^\]]*\]|[^/:?#]*)(?<port>:\d+)?/i.exec(site.check.url)?.groups?.['port'] ?? ''
  return `${scheme}://${name}${port}${path}`
}
