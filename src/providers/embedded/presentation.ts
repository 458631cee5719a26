import { encode, type Answer } from 'dns-packet'
import { parseAddress, familyOf } from '../../core/address.ts'
import { formatStrings, parseStrings } from './character-strings.ts'

export const recordTypes = ['A', 'AAAA', 'CNAME', 'NS', 'PTR', 'MX', 'TXT', 'SRV', 'CAA'] as const
export type RecordType = (typeof recordTypes)[number]

/** A name as a zone holds it: lower case, without the trailing dot; a wildcard only as the whole first label. */
export const parseOwner = (text: string): string | undefined => {
  const name = text.toLowerCase().replace(/\.$/, '')
  const isValid = name.length <= 253 && /^(?:\*\.)?[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/.test(name)
  return isValid && name.split('.').every((label) => label.length <= 63) ? name : undefined
}

const parseTarget = (text: string): string | undefined => {
  if (text === '.') return '.'
  const name = parseOwner(text)
  return name === undefined || name.startsWith('*') ? undefined : `${name}.`
}

const parseUint = (text: string, max: number): number | undefined => (/^\d{1,5}$/.test(text) && Number(text) <= max ? Number(text) : undefined)

/** The data of one record: its one spelling, and what dns-packet encodes. */
export interface ParsedData {
  readonly text: string
  readonly answer: Answer
}

const parsers: Readonly<Record<RecordType, (text: string) => ParsedData | undefined>> = {
  A: (text) => addressData('A', text),
  AAAA: (text) => addressData('AAAA', text),
  CNAME: (text) => nameData('CNAME', text),
  NS: (text) => nameData('NS', text),
  PTR: (text) => nameData('PTR', text),
  MX: (text) => {
    const [first = '', second = ''] = text.trim().split(/\s+/)
    const [preference, exchange] = [parseUint(first, 65_535), parseTarget(second)]
    if (preference === undefined || exchange === undefined) return undefined
    return { text: `${preference} ${exchange}`, answer: { name: '.', type: 'MX', data: { preference, exchange } } }
  },
  TXT: (text) => {
    const strings = parseStrings(text)
    if (strings === undefined) return undefined
    return { text: formatStrings(strings), answer: { name: '.', type: 'TXT', data: [...strings] } }
  },
  SRV: (text) => {
    const fields = text.trim().split(/\s+/)
    const [priority, weight, port] = fields.slice(0, 3).map((field) => parseUint(field, 65_535))
    const target = parseTarget(fields[3] ?? '')
    if (priority === undefined || weight === undefined || port === undefined || target === undefined) return undefined
    return { text: `${priority} ${weight} ${port} ${target}`, answer: { name: '.', type: 'SRV', data: { priority, weight, port, target } } }
  },
  CAA: (text) => {
    const match = /^(\d{1,3}) (issue|issuewild|iodef) "([ -!#-[\]-~]*)"$/.exec(text.trim())
    const flags = parseUint(match?.[1] ?? '', 255)
    const tag = match?.[2]
    const value = match?.[3]
    if (flags === undefined || value === undefined || (tag !== 'issue' && tag !== 'issuewild' && tag !== 'iodef')) return undefined
    return { text: `${flags} ${tag} "${value}"`, answer: { name: '.', type: 'CAA', data: { flags, tag, value } } }
  },
}

const addressData = (type: 'A' | 'AAAA', text: string): ParsedData | undefined => {
  const address = parseAddress(text)
  if (address === undefined || (familyOf(address) === 'v4') !== (type === 'A')) return undefined
  return { text: address, answer: { name: '.', type, data: address } }
}

const nameData = (type: 'CNAME' | 'NS' | 'PTR', text: string): ParsedData | undefined => {
  const target = parseTarget(text)
  return target === undefined || target === '.' ? undefined : { text: target, answer: { name: '.', type, data: target } }
}

/** One record's data in its one spelling, or undefined if it is not valid data of that type. Names are absolute. */
export const parseData = (type: RecordType, text: string): ParsedData | undefined => parsers[type](text)

/** Type, class IN, TTL, length and data as they stand on the wire after the owner's name (RFC 1035 section 3.2.1). */
export const encodeRecord = (answer: Answer, ttl: number): Buffer =>
  // The encoder writes a header of 12 bytes, and one byte for the root's name.
  Buffer.from(encode({ type: 'response', answers: [{ ...answer, ttl } as Answer] }).subarray(13))
