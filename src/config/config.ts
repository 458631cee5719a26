import type { Endpoint } from '../core/endpoint.ts'
import type { Fqdn } from '../core/fqdn.ts'
import type { Site } from '../core/site.ts'
import type { recordTypes } from './provider-schema.ts'
import type { Secret } from './secret.ts'

/** The config as the rest of the program uses it: everything parsed, checked and with its default. */
export interface Config {
  /** By the name that sites refer to. */
  readonly providers: Readonly<Record<string, ProviderConfig>>
  readonly sites: readonly Site[]
  /** Undefined: the system's. */
  readonly resolvers: readonly Endpoint[] | undefined
  /** Undefined: found by the zone's NS. */
  readonly nameservers: readonly Endpoint[] | undefined
  /** Absolute. */
  readonly stateDir: string
}

export type ProviderConfig = EmbeddedConfig | Rfc2136Config | CloudflareConfig

export interface EmbeddedConfig {
  readonly type: 'embedded'
  readonly listen: Endpoint
  readonly zone: Fqdn
  readonly records: readonly StaticRRset[]
}

/** Other records of an embedded zone, in presentation format. */
export interface StaticRRset {
  readonly name: Fqdn
  readonly type: (typeof recordTypes)[number]
  /** Seconds. */
  readonly ttl: number
  readonly data: readonly string[]
}

export interface Rfc2136Config {
  readonly type: 'rfc2136'
  readonly server: Endpoint
  readonly zone: Fqdn
  readonly tsig: TsigConfig | undefined
}

export interface TsigConfig {
  /** Lower case, without trailing dot; may be a single label. */
  readonly name: string
  readonly algorithm: 'hmac-sha256' | 'hmac-sha384' | 'hmac-sha512'
  /** Base64. */
  readonly secret: Secret
}

export interface CloudflareConfig {
  readonly type: 'cloudflare'
  readonly apiToken: Secret
  readonly zoneId: string | undefined
  readonly baseUrl: string | undefined
}
