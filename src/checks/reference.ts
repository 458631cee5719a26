import { type Address, parseAddress } from '../core/address.ts'
import { type Fqdn, parseFqdn } from '../core/fqdn.ts'
import type { HealthCheck } from '../core/site.ts'
import type { Checker, NameService } from '../engine/ports.ts'

/** Whether one address of a reference answered: any HTTP response head counts, whatever its status. */
export interface ReferenceAnswer {
  readonly address: Address
  readonly answered: boolean
  /** The engine's monotonic milliseconds. */
  readonly askedAt: number
  readonly answeredAt: number
}

/** Something else to ask when checks fail: are we the ones cut off? */
export interface HttpReference {
  /** Every address of the URL's host, at once. Never rejects; none if the host does not resolve. */
  ask(url: string, signal: AbortSignal): Promise<readonly ReferenceAnswer[]>
}

const anyAnswer = (totalMs: number): HealthCheck => ({
  identity: 'reference',
  url: '',
  method: 'GET',
  headers: {},
  expect: { status: [{ from: 100, to: 999 }], body: undefined, bodyBytes: 0 },
  bounds: { connectMs: totalMs, tlsMs: totalMs, headersMs: totalMs, bodyMs: totalMs, totalMs },
  ca: undefined,
  minCertDays: undefined,
  maxRedirects: 0,
  everyMs: 0,
  schedule: undefined,
  fall: 1,
  rise: 1,
  confirmSpanMs: 0,
  tripwire: 'off',
  connection: 'fresh',
})

const addressesOf = async (name: Fqdn, resolve: NameService['resolve'], signal: AbortSignal): Promise<readonly Address[]> => {
  const { v4, v6 } = await resolve(name, signal)
  return [v4, v6].flatMap((family) => (family.kind === 'found' ? family.addresses : []))
}

/** `resolve` finds the addresses of a reference's host; each is given `totalMs` to answer. */
export const createHttpReference = (options: {
  readonly checker: Checker
  readonly resolve: NameService['resolve']
  readonly totalMs: number
}): HttpReference => {
  const check = anyAnswer(options.totalMs)
  return {
    ask: async (url, signal) => {
      if (!URL.canParse(url)) return []
      const host = new URL(url).hostname.replace(/^\[(?<v6>.*)\]$/, '$<v6>')
      const literal = parseAddress(host)
      const name = parseFqdn(host)
      const addresses = literal !== undefined ? [literal] : name === undefined ? [] : await addressesOf(name, options.resolve, signal)
      return Promise.all(
        addresses.map(async (address) => {
          const result = await options.checker.check({ url, address, check }, signal)
          return { address, answered: result.status !== undefined, askedAt: result.startedAt, answeredAt: result.finishedAt }
        }),
      )
    },
  }
}
