import { type Address, parseAddress } from '../../../src/core/address.ts'
import { endpointText } from '../../../src/core/endpoint.ts'
import type { Fqdn } from '../../../src/core/fqdn.ts'
import { type Change, content, type CurrentRRset, type RRsetContent, type RRsetKey } from '../../../src/core/rrset.ts'
import { ProviderError } from '../../../src/providers/provider-error.ts'
import type { Provider } from '../../../src/providers/provider.ts'
import type { WireRecord } from '../../../src/providers/rfc2136/message.ts'
import { recordType } from '../../../src/providers/rfc2136/numbers.ts'
import { encodeAddress, encodeText } from '../../../src/providers/rfc2136/record-data.ts'
import { createRfc2136 } from '../../../src/providers/rfc2136/rfc2136.ts'
import type { TsigKey } from '../../../src/providers/rfc2136/tsig.ts'
import { type Script, type ScriptedServer, startScriptedServer } from './scripted-server.ts'

export const zone = 'example.com' as Fqdn
export const key: RRsetKey = { name: 'failover.example.com' as Fqdn, type: 'A' }
export const markAt = '_dns-failover-a.failover.example.com'
export const secret = Buffer.from('a secret that never shows').toString('base64')
export const tsig: TsigKey = { name: 'k', algorithm: 'hmac-sha256', secret: Buffer.from(secret, 'base64') }

export const address = (text: string): Address => parseAddress(text) as Address
export const signal = (): AbortSignal => AbortSignal.timeout(10_000)
export const record = (name: string, type: number, data: Buffer, ttl = 60): WireRecord => ({ name, type, class: 1, ttl, data })
export const ipv4 = (name: string, text: string): WireRecord => record(name, recordType.A, encodeAddress(address(text)))
export const text = (name: string, ...strings: string[]): WireRecord => record(name, recordType.TXT, encodeText(strings))

export const nothingThere = { kind: 'rfc2136-mark', records: [], ttl: 0 } as const
export const wanted: RRsetContent = content([address('192.0.2.1')], 60, [address('192.0.2.1')])
/** From nothing to `wanted`, as if read. */
export const create: Change = { key, before: { key, ...content([], 0, []), version: nothingThere }, after: wanted, reasons: [] }

export interface Served {
  readonly provider: Provider
  readonly server: ScriptedServer
  /** The facts of the error that the work ends with, the server's address and zone in its message as SERVER. */
  seen(work: Promise<unknown>): Promise<unknown>
}

/** The error that the work ends with; fails if there is none, or not one of ours. */
export const failure = async (work: Promise<unknown>): Promise<ProviderError> => {
  const error = await work.then((value) => new Error(`it succeeded: ${JSON.stringify(value)}`), (reason: unknown) => reason)
  if (!(error instanceof ProviderError)) throw error
  return error
}

export const read = async (provider: Provider): Promise<CurrentRRset> => {
  const [current] = await provider.read([key], signal())
  if (current === undefined) throw new Error('nothing read')
  return current
}

export interface Bench {
  serve(script: Script, options?: { readonly isSigned?: boolean; readonly timeoutMs?: number }): Promise<Served>
  close(): Promise<void>
}

/** Providers before scripted servers, all ended by `close`. */
export const createBench = (): Bench => {
  const running: ScriptedServer[] = []
  return {
    serve: async (script, options = {}) => {
      const server = await startScriptedServer(script)
      running.push(server)
      const signed = options.isSigned === false ? {} : { tsig: { name: 'k', algorithm: 'hmac-sha256', secret } as const }
      const provider = createRfc2136({ server: server.endpoint, zone, ...signed, timeoutMs: options.timeoutMs ?? 300, wallNow: Date.now })
      const seen = async (work: Promise<unknown>): Promise<unknown> => {
        const { code, outcome, obstacle, message } = await failure(work)
        const short = message.replace(`${endpointText(server.endpoint)} (zone ${zone})`, 'SERVER')
        return { code, outcome, ...(obstacle === undefined ? {} : { obstacle }), message: short }
      }
      return { server, provider, seen }
    },
    close: async () => {
      for (const server of running.splice(0)) await server.close()
    },
  }
}
