import type { Provider } from '../provider.ts'
import { ProviderError } from '../provider-error.ts'
import { createBudget } from './budget.ts'
import { createClient } from './client.ts'
import { createLateTransport } from './late-transport.ts'
import { readRRsets } from './read-rrsets.ts'
import { createRecords } from './records.ts'
import { openSdk } from './sdk.ts'
import { createSharedRecords } from './shared-records.ts'
import { writeChanges } from './write-changes.ts'
import { createZones } from './zones.ts'

export interface CloudflareOptions {
  /** With Zone:Read and DNS:Edit for the zones to be written. */
  readonly apiToken: string
  /** 32 hexadecimal digits: only this zone, and none is looked for. */
  readonly zoneId?: string | undefined
  /** Default: Cloudflare's own, `https://api.cloudflare.com/client/v4`. */
  readonly baseUrl?: string | undefined
  /** Milliseconds for one request, its whole answer included. Default 10,000. */
  readonly timeoutMs?: number
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** Milliseconds since the epoch, for a `Retry-After` that names a date. */
  readonly wallNow: () => number
}

const connectMs = 5_000

/** RFC 6750 section 2.1; what is not that would end in an error of somebody else's that quotes it. @throws RangeError */
const checkToken = (token: string): void => {
  if (!/^[A-Za-z0-9._~+/-]+=*$/.test(token)) throw new RangeError('the API token holds characters that no token has (a space, a line end, a quote?)')
}

/**
 * Zones at Cloudflare, by its official SDK. Ownership is a mark in the comment of each record, beside whatever else is
 * written there. There is no compare-and-set: a batch fails as a whole if a record that it names is gone, but what
 * others do to the rest between reading and writing passes unnoticed; read back.
 *
 * Each record has a TTL of its own: of several the longest is read, and "automatic" is 300 s. A proxied name
 * stays proxied and is told to be hidden: visitors get Cloudflare's addresses, so only a reading shows what is published.
 * CNAMEs and delegations are refused; a load balancer at the name is not seen by these calls.
 * @throws RangeError if the token cannot be one.
 */
export const createCloudflare = (options: CloudflareOptions): Provider => {
  const { apiToken, zoneId, now, wallNow, timeoutMs = 10_000 } = options
  checkToken(apiToken)
  const baseUrl = (options.baseUrl ?? 'https://api.cloudflare.com/client/v4').replace(/\/+$/, '')
  const redact = (text: string): string => text.replaceAll(apiToken, '[secret]')
  const transport = createLateTransport(baseUrl, Math.min(connectMs, timeoutMs))
  const sdk = openSdk({ apiToken, baseUrl, timeoutMs, fetch: transport.fetch })
  const client = createClient({ sdk, budget: createBudget(now), timeoutMs, wallNow, redact })
  const zones = createZones(client, zoneId, now)
  const records = createSharedRecords(createRecords(client), now)

  /** A zone may have been deleted and added again, which gives it another id. */
  const lookingAgain = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      const isRefused = error instanceof ProviderError && error.obstacle === undefined && (error.code === 'auth' || error.code === 'rejected')
      if (isRefused) zones.forget()
      throw error
    }
  }

  return {
    capabilities: { compareAndSet: false, marks: 'comment', minTtl: 60, batch: 100 },
    zoneOf: async (name, signal) => (await zones.zoneOf(name, signal))?.name,
    read: (keys, signal) => lookingAgain(readRRsets(zones, records, keys, 'read', signal)),
    apply: (changes, signal) => lookingAgain(writeChanges({ client, zones, records }, changes, signal)),
    warm: transport.warm,
    close: async () => {
      zones.close()
      await transport.close()
    },
  }
}
