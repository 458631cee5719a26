import { APIError } from 'cloudflare/core/error'
import { BaseRecords } from 'cloudflare/resources/dns/records'
import { BaseZones } from 'cloudflare/resources/zones/zones'
import { createClient } from 'cloudflare/tree-shakable'

/**
 * The only file that imports Cloudflare's SDK, and of it only the zones and records calls: the build replaces what
 * becomes of this file by a bundle of it and of the few files of the SDK that it needs. So it imports nothing of ours.
 */

/** An HTTP answer of any status. */
export interface Answered {
  readonly kind: 'answered'
  readonly status: number
  /** As the header says it. */
  readonly retryAfter: string | undefined
  /** The parsed body; undefined if it is not JSON. */
  readonly body: unknown
  /** How the body begins, for people. */
  readonly start: string
}

/** No whole answer came. */
export interface Lost {
  readonly kind: 'lost'
  readonly error: unknown
}

export type Reply = Answered | Lost

export interface BatchPatch {
  readonly id: string
  readonly type: 'A' | 'AAAA'
  readonly name: string
  readonly content: string
  /** Seconds; 1 is automatic. */
  readonly ttl: number
  /** Left out, it stays as it is. */
  readonly comment?: string
}

export interface BatchPost {
  readonly type: 'A' | 'AAAA'
  readonly name: string
  readonly content: string
  readonly ttl: number
  readonly proxied: boolean
  readonly comment?: string
  readonly tags?: string[]
  readonly settings?: { readonly ipv4_only?: boolean; readonly ipv6_only?: boolean }
}

export interface BatchBody {
  readonly deletes?: { readonly id: string }[]
  readonly patches?: BatchPatch[]
  readonly posts?: BatchPost[]
}

export interface RecordsQuery {
  readonly page: number
  readonly per_page: number
  readonly name?: { readonly exact: string }
  readonly type?: 'NS'
}

/** The calls that are used. None rejects, none retries: a lost POST may have been done, and only its caller can find out. */
export interface Sdk {
  listZones(query: { readonly page: number; readonly per_page: number; readonly name?: string }, signal: AbortSignal): Promise<Reply>
  getZone(zoneId: string, signal: AbortSignal): Promise<Reply>
  listRecords(zoneId: string, query: RecordsQuery, signal: AbortSignal): Promise<Reply>
  batch(zoneId: string, body: BatchBody, signal: AbortSignal): Promise<Reply>
}

export interface SdkOptions {
  readonly apiToken: string
  readonly baseUrl: string
  readonly timeoutMs: number
  readonly fetch: typeof globalThis.fetch
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const answered = (status: number, headers: Headers, body: unknown, text: string): Answered => ({
  kind: 'answered',
  status,
  retryAfter: headers.get('retry-after') ?? undefined,
  body,
  start: text.slice(0, 80),
})

/**
 * The response itself, for what the SDK would make of it hides too much: a 200 that is HTML, or says
 * `success: false` or `result: null`, would look like an empty list or a success.
 */
const reply = async (call: { asResponse(): Promise<Response> }): Promise<Reply> => {
  try {
    const response = await call.asResponse()
    const text = await response.text()
    return answered(response.status, response.headers, parsed(text), text)
  } catch (error) {
    if (error instanceof APIError && error.status !== undefined) return answered(error.status, error.headers, error.error, error.message)
    return { kind: 'lost', error: error instanceof APIError ? (error.cause ?? error) : error }
  }
}

export const openSdk = ({ apiToken, baseUrl, timeoutMs, fetch }: SdkOptions): Sdk => {
  const client = createClient({
    resources: [BaseRecords, BaseZones],
    apiToken,
    // Said, as the SDK would otherwise take these from the environment.
    apiKey: null,
    apiEmail: null,
    userServiceKey: null,
    baseURL: baseUrl,
    logLevel: 'off',
    maxRetries: 0,
    timeout: timeoutMs,
    fetch,
  })
  return {
    listZones: (query, signal) => reply(client.zones.list(query, { signal })),
    getZone: (zoneId, signal) => reply(client.zones.get({ zone_id: zoneId }, { signal })),
    listRecords: (zoneId, query, signal) => reply(client.dns.records.list({ zone_id: zoneId, ...query }, { signal })),
    batch: (zoneId, body, signal) => reply(client.dns.records.batch({ zone_id: zoneId, ...body }, { signal })),
  }
}
