import { expect, type TestContext } from 'vitest'
import { type Address, parseAddress } from '../core/address.ts'
import { type Fqdn, parseFqdn } from '../core/fqdn.ts'
import { encodeMark, markName } from '../core/mark.ts'
import { type AddressType, type Change, content, type CurrentRRset, type RRsetContent, type RRsetKey } from '../core/rrset.ts'
import { ProviderError } from '../providers/provider-error.ts'
import type { ProviderSetup, ZoneRecord } from './provider-contract.ts'

/** The setup with what the cases say often. */
export interface Bench {
  readonly setup: ProviderSetup
  /** A TTL that the provider takes, and another one. */
  readonly ttl: number
  readonly otherTtl: number
  /** A name in the zone. */
  name(label: string): Fqdn
  read(key: RRsetKey): Promise<CurrentRRset>
  /** Reads, then applies `after` to what was read. */
  write(key: RRsetKey, after: RRsetContent): Promise<void>
  /** Everything in the zone but address records and marks at these names. */
  bystanders(...names: Fqdn[]): Promise<readonly ZoneRecord[]>
  /** Asserts by a look round the provider, and by the provider, that the RRset and its mark are exactly this. */
  expectContent(key: RRsetKey, wanted: RRsetContent): Promise<void>
  serial(): Promise<number | undefined>
}

/**
 * Skips a case about something that the provider says it cannot do. The reason goes into the report, and into the case's `meta.lacks`,
 * by which a gap that is declared can be told from a suite that could not run.
 */
export const skipFor = (lack: string, context: TestContext): never => {
  Object.assign(context.task.meta, { lacks: lack })
  return context.skip(lack)
}

/** Long enough for a slow machine; a case that should be aborted does not wait for it. */
export const signal = (): AbortSignal => AbortSignal.timeout(20_000)

export const nothing: RRsetContent = content([], 0, [])

export const addressOf = (text: string): Address => {
  const address = parseAddress(text)
  if (address === undefined) throw new Error(`${text} is not an address`)
  return address
}

/** Distinct documentation addresses (RFC 5737, RFC 3849) of a type: number 1, 2, ... */
export const sample = (type: AddressType, ...numbers: number[]): readonly Address[] =>
  numbers.map((number) => addressOf(type === 'A' ? `192.0.2.${number}` : `2001:db8::${number.toString(16)}`))

export const changeOf = (before: CurrentRRset, after: RRsetContent): Change => ({ key: before.key, before, after, reasons: [] })

/** The error that a promise is rejected with; fails the case if it is none of ours or does not come. */
export const providerError = async (promise: Promise<unknown>): Promise<ProviderError> => {
  const settled = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  if (!('error' in settled)) throw new Error(`expected a ProviderError, got the value ${JSON.stringify(settled.value)}`)
  if (!(settled.error instanceof ProviderError)) throw settled.error
  return settled.error
}

const bystanderRecords = (zone: Fqdn, ttl: number): readonly ZoneRecord[] => {
  const long = ['a', 'b', 'c'].map((letter) => `"${letter.repeat(255)}"`).join(' ')
  const at = (label: string, type: string, data: string): ZoneRecord => ({ name: label === '' ? zone : `${label}.${zone}`, type, ttl, data })
  return [
    at('', 'TXT', '"v=spf1 -all"'),
    at('', 'MX', `10 mail.${zone}.`),
    at('', 'CAA', '0 issue "ca.example.net"'),
    at('mail', 'A', '198.51.100.25'),
    at('mail', 'AAAA', '2001:db8:1::25'),
    at('neighbour', 'A', '198.51.100.1'),
    at('neighbour', 'A', '198.51.100.2'),
    at('alias', 'CNAME', `neighbour.${zone}.`),
    at('_sip._tcp', 'SRV', `10 20 5060 mail.${zone}.`),
    at('long', 'TXT', long),
  ]
}

const quoted = (strings: readonly string[]): string => strings.map((string) => `"${string}"`).join(' ')

const isUnderTest = (record: ZoneRecord, names: readonly Fqdn[]): boolean =>
  names.some((name) => {
    const key = { name, type: record.type === 'AAAA' ? 'AAAA' : 'A' } as const
    if (record.type === 'A' || record.type === 'AAAA') return record.name === name
    const marks = [markName(key), markName({ name, type: 'AAAA' })]
    return record.type === 'TXT' && marks.some((mark) => mark === record.name) && record.data.startsWith('"dns-failover v=1 ')
  })

export const createBench = async (setup: ProviderSetup): Promise<Bench> => {
  const { provider, zone } = setup
  const ttl = Math.max(60, provider.capabilities.minTtl)
  await setup.edit({ add: bystanderRecords(zone, ttl) })

  const read = async (key: RRsetKey): Promise<CurrentRRset> => {
    const [current] = await provider.read([key], signal())
    if (current === undefined) throw new Error(`read returned nothing for ${key.name} ${key.type}`)
    return current
  }

  const expectMark = async (key: RRsetKey, wanted: RRsetContent): Promise<void> => {
    if (provider.capabilities.marks !== 'txt') return
    const set = await setup.lookup(markName(key) ?? '', 'TXT')
    const ours = set.data.filter((data) => data.startsWith('"dns-failover v=1 '))
    expect(ours, `the mark of ${key.name} ${key.type}`).toEqual(wanted.owned.length === 0 ? [] : [quoted(encodeMark(wanted.owned))])
    if (wanted.owned.length > 0) expect(set.ttl, 'the TTL of the mark').toBe(wanted.values.length === 0 ? 300 : wanted.ttl)
  }

  return {
    setup,
    ttl,
    otherTtl: ttl * 2,
    read,
    name: (label) => {
      const name = parseFqdn(`${label}.${zone}`)
      if (name === undefined) throw new Error(`${label}.${zone} is not a name`)
      return name
    },
    write: async (key, after) => provider.apply([changeOf(await read(key), after)], signal()),
    bystanders: async (...names) => (await setup.snapshot()).filter((record) => !isUnderTest(record, names)),
    expectContent: async (key, wanted) => {
      const { values, ttl: currentTtl, owned, key: readKey } = await read(key)
      expect({ key: readKey, values, ttl: currentTtl, owned }).toEqual({ key, ...wanted })
      expect(await setup.lookup(key.name, key.type)).toEqual({ ttl: wanted.ttl, data: [...wanted.values].toSorted() })
      await expectMark(key, wanted)
    },
    serial: async () => setup.serial?.(),
  }
}
