import type { ChartReader, HistoryReader } from '../engine/history-port.ts'
import type { HeardWord, Operations, Scope } from '../engine/operations.ts'
import type { PageFiles } from './page-files.ts'

/** What the API gives access to. */
export interface ApiParts {
  readonly operations: Operations
  readonly history: HistoryReader & ChartReader
  readonly pages: PageParts
  /** Of the program. */
  readonly version: string
  readonly metrics: () => Promise<{ readonly contentType: string; readonly body: string }>
  /** Judges what came for a webhook source; undefined: there is no such source. */
  readonly receive: (source: string, delivery: Delivery) => Received | undefined
  /** To one alert target, or to all; empty if there is none of that name. */
  readonly testAlert: (name: string | undefined) => Promise<readonly AlertTestResult[]>
  readonly log: (level: 'info' | 'warn' | 'error', message: string, facts?: Readonly<Record<string, unknown>>) => void
  /** Told of each request that was answered; `route` is its pattern, never the path. */
  readonly onServed?: (request: { readonly route: string; readonly method: string; readonly status: number; readonly ms: number }) => void
  /** Monotonic milliseconds. */
  readonly now: () => number
  readonly wallNow: () => number
}

/** What people see in a browser. */
export interface PageParts {
  /** As they were built; undefined: they were not. */
  readonly files: PageFiles | undefined
  isDashboardOn(): boolean
  /** Whether any site has a status page. */
  areStatusPagesOn(): boolean
  /** Undefined: the site has none, or there is no such site. */
  statusPage(site: string): { readonly title: string } | undefined
}

export interface Delivery {
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** It carries an API token that may speak for this source. */
  readonly isBearerProven: boolean
}

export type Received =
  /** `giveBack`: nobody could hear it yet; the very same may come again. */
  | { readonly kind: 'accepted'; readonly words: readonly HeardWord[]; readonly note?: string; readonly giveBack?: () => void }
  | { readonly kind: 'refused'; readonly status: 400 | 401 | 403 | 409 | 413 | 415 | 422 | 429; readonly code: string; readonly text: string }

export interface AlertTestResult {
  readonly name: string
  readonly ok: boolean
  readonly text: string
}

/** Who may ask for what, and how often: what a reload may change. */
export interface ApiRules {
  readonly tokens: readonly ApiToken[]
  /** Whoever asks may read, from wherever it listens. */
  readonly isOpen: boolean
  /** Of one client, and as many at once. */
  readonly requestsPerSecond: number
  /** Addresses or networks whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[]
}

export interface ApiToken {
  /** For people and logs. */
  readonly name: string
  readonly token: string
  readonly scopes: readonly Scope[]
}

export interface ApiOptions extends ApiRules {
  /** Undefined: no TCP port. Port 0: any that is free. */
  readonly listen?: { readonly address: string; readonly port: number } | undefined
  /** A Unix socket's path. Who may open its file may read and operate. */
  readonly socket?: string | undefined
}
