import { type Address, addressSet } from '../core/address.ts'
import { type Endpoint } from '../core/endpoint.ts'
import { exchange } from '../dns/exchange.ts'
import { rcodeName, rcodes } from '../dns/message.ts'
import { mainDomain } from './settings.ts'

/** What a DNS server really said of the main domain's addresses. */
export type DnsAnswer =
  /** Sorted; none if the name does not exist. `ttl` in seconds. */
  | { readonly kind: 'answer'; readonly values: readonly Address[]; readonly ttl: number }
  | { readonly kind: 'failed'; readonly detail: string }

const options = { isRecursive: false, tries: 2, tryMs: 500, tcpMs: 1000 }

/** Asks a name server for the main domain's A records, over UDP as anybody would. Never rejects. */
export const askDns = async (server: Endpoint, signal: AbortSignal): Promise<DnsAnswer> => {
  const transfer = await exchange(server, { name: mainDomain, type: 'A' }, options, signal)
  if (transfer.kind === 'failed') return { kind: 'failed', detail: transfer.detail }
  const { rcode, answers } = transfer.reply
  if (rcode !== rcodes.noError && rcode !== rcodes.nxDomain) return { kind: 'failed', detail: rcodeName(rcode) }
  const records = answers.flatMap((record) => (record.type === 'A' && record.name === mainDomain ? [record] : []))
  return { kind: 'answer', values: addressSet(records.map((record) => record.address)), ttl: Math.min(...records.map((record) => record.ttl)) }
}
