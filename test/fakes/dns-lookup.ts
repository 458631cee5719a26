import { type Answer, encode, type RecordType } from 'dns-packet'
import type { Endpoint } from '../../src/core/endpoint.ts'
import { parseAddress } from '../../src/core/address.ts'
import type { ZoneRRset } from '../../src/contract/provider-contract.ts'
import { decoded, exchangeTcp } from './dns-exchange.ts'

const dotted = (name: string): string => (name === '.' ? name : `${name.toLowerCase()}.`)
const escaped = (byte: number): string => {
  if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\${String(byte).padStart(3, '0')}`
}

/** One record's data in presentation format. */
export const dataText = (answer: Answer): string => {
  switch (answer.type) {
    case 'A':
      return answer.data
    case 'AAAA':
      return parseAddress(answer.data) ?? answer.data
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return dotted(answer.data)
    case 'TXT':
      return [answer.data].flat().map((string) => `"${[...Buffer.from(string)].map(escaped).join('')}"`).join(' ')
    case 'MX':
      return `${answer.data.preference ?? 0} ${dotted(answer.data.exchange)}`
    case 'SRV':
      return `${answer.data.priority ?? 0} ${answer.data.weight ?? 0} ${answer.data.port} ${dotted(answer.data.target)}`
    case 'CAA':
      return `${answer.data.flags ?? 0} ${answer.data.tag} "${answer.data.value}"`
    default:
      throw new Error(`no presentation for ${answer.type}`)
  }
}

/** What one server holds at a name, asked over TCP without recursion: the lookup of a provider contract's setup. */
export const lookupAt = async (server: Endpoint, name: string, type: string): Promise<ZoneRRset> => {
  const query = encode({ type: 'query', id: 4242, questions: [{ name, type: type as RecordType }] })
  const [answer] = await exchangeTcp(server, [query])
  const packet = decoded(answer)
  if (packet.rcodeNumber !== 0 && packet.rcodeNumber !== 3) throw new Error(`${name} ${type}: rcode ${packet.rcodeNumber}`)
  const records = (packet.answers ?? []).filter((record) => record.name.toLowerCase() === name && record.type === type)
  const first = records[0]
  return { ttl: first !== undefined && 'ttl' in first ? (first.ttl ?? 0) : 0, data: records.map(dataText).toSorted() }
}

/** The serial that one server shows for a zone. */
export const serialAt = async (server: Endpoint, zone: string): Promise<number> => {
  const [answer] = await exchangeTcp(server, [encode({ type: 'query', id: 4243, questions: [{ name: zone, type: 'SOA' }] })])
  const soa = (decoded(answer).answers ?? []).find((record) => record.type === 'SOA')
  if (soa?.type !== 'SOA') throw new Error(`no SOA of ${zone}`)
  return soa.data.serial ?? 0
}
