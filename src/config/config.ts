import type { AlertKind } from '../core/alert.ts'
import type { Endpoint } from '../core/endpoint.ts'
import type { Fqdn } from '../core/fqdn.ts'
import type { Site } from '../core/site.ts'
import type { recordTypes } from './provider-schema.ts'
import type { SourceMode } from '../core/word.ts'
import type { Scope } from '../engine/operations.ts'
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
  readonly api: ApiConfig
  /** The public status pages that are on, by site. */
  readonly statusPages: Readonly<Record<string, StatusPageConfig>>
  /** By the source's name, as in its URL. */
  readonly webhooks: Readonly<Record<string, WebhookConfig>>
  readonly history: HistoryConfig
  readonly alerts: readonly AlertTarget[]
  /** Undefined: nobody is pinged. */
  readonly deadMan: DeadManConfig | undefined
}

/** The HTTP API. */
export interface ApiConfig {
  /** Undefined: no TCP port, only the socket in the state directory. */
  readonly listen: Endpoint | undefined
  /** The config names it: that it cannot be had is then an error, otherwise a warning. */
  readonly isListenExplicit: boolean
  readonly tokens: readonly ApiToken[]
  /** Reading without a token although it listens beyond this machine. */
  readonly isOpen: boolean
  /** The dashboard is served beside it. */
  readonly isDashboardOn: boolean
  /** Requests a second that one client may make, and as many at once; reads and orders each. */
  readonly requestsPerSecond: number
  /** Addresses or networks whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[]
}

/** What visitors may see of a site, without a token. */
export interface StatusPageConfig {
  readonly title: string
}

export interface ApiToken {
  /** For logs. */
  readonly name: string
  readonly token: Secret
  readonly scopes: readonly Scope[]
}

export interface WebhookConfig {
  readonly name: string
  readonly type: 'json' | 'uptime-kuma' | 'gatus' | 'alertmanager' | 'grafana' | 'healthchecks'
  readonly mode: SourceMode
  /** Asked for as a bearer; besides, any API token with the scope `webhook:NAME` will do. */
  readonly token: Secret | undefined
  /** Only of json and grafana: the key of the HMAC-SHA256 that every delivery must then carry. */
  readonly secret: Secret | undefined
  /** How long a word is believed. Milliseconds. */
  readonly expiresMs: number
  readonly rules: readonly WebhookRule[]
}

/** Which site and region a monitor's word is on; the first rule that fits. */
export interface WebhookRule {
  /** By the name of a field, as the payload's documentation has it (`monitor`, `labels.instance`): text that it must be, with `*` for any run of characters. All must fit. */
  readonly when: Readonly<Record<string, string>>
  /** May name fields: `{labels.site}`. */
  readonly site: string
  readonly region: string
}

export interface HistoryConfig {
  readonly isKept: boolean
  /** How long events are kept, milliseconds. */
  readonly eventsMs: number
  /** The summaries of each minute, and of each hour. */
  readonly minutesMs: number
  readonly hoursMs: number
}

export interface AlertTarget {
  readonly name: string
  readonly type: 'json' | 'slack' | 'discord' | 'teams' | 'ntfy' | 'pagerduty'
  /** A secret: chat services put the key into the URL. */
  readonly url: Secret
  /** json: signs the body. ntfy: a bearer. pagerduty: the routing key. */
  readonly secret: Secret | undefined
  /** Empty: all. */
  readonly sites: readonly string[]
  readonly kinds: readonly AlertKind[]
  /** What happens within this time goes out as one message. Milliseconds. */
  readonly groupMs: number
  /** No more messages an hour than this; what is left over is told as a number in the next. */
  readonly perHour: number
}

/** A ping out at regular intervals while all is well here, so that somebody notices when it stays away. */
export interface DeadManConfig {
  readonly url: Secret
  readonly everyMs: number
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
