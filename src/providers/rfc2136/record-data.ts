import { type Address, parseAddress } from '../../core/address.ts'
import type { AddressType } from '../../core/rrset.ts'
import { recordType } from './numbers.ts'

export const typeNumber = (type: AddressType): number => (type === 'A' ? recordType.A : recordType.AAAA)

const hextets = (part: string): readonly number[] =>
  part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16))

/** The data of an A (RFC 1035 section 3.4.1) or AAAA record (RFC 3596 section 2.2). */
export const encodeAddress = (address: Address): Buffer => {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number))
  const [head = '', tail = ''] = address.split('::')
  const [left, right] = [hextets(head), hextets(tail)]
  const groups = [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right]
  return Buffer.from(groups.flatMap((group) => [group >> 8, group & 0xff]))
}

/** The address in an A or AAAA record's data, or undefined if its length is wrong. */
export const decodeAddress = (data: Buffer): Address | undefined => {
  if (data.length === 4) return parseAddress([...data].join('.'))
  if (data.length !== 16) return undefined
  return parseAddress(Array.from({ length: 8 }, (_, at) => data.readUInt16BE(at * 2).toString(16)).join(':'))
}

/** The data of a TXT record (RFC 1035 section 3.3.14); each string is ASCII of at most 255 bytes. */
export const encodeText = (strings: readonly string[]): Buffer =>
  Buffer.concat(strings.flatMap((string) => {
    const bytes = Buffer.from(string, 'latin1')
    return [Buffer.from([bytes.length]), bytes]
  }))

/** A TXT record's strings, byte for byte as Latin-1; damaged data ends where it is damaged. */
export const decodeText = (data: Buffer): readonly string[] => {
  const strings: string[] = []
  for (let at = 0; at < data.length; at += 1 + (data[at] ?? 0)) {
    strings.push(data.toString('latin1', at + 1, at + 1 + (data[at] ?? 0)))
  }
  return strings
}
