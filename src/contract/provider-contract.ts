import { afterAll, beforeAll, describe } from 'vitest'
import type { Fqdn } from '../core/fqdn.ts'
import type { Provider } from '../providers/provider.ts'
import { type Bench, createBench } from './bench.ts'
import { compareAndSetCases } from './compare-and-set-cases.ts'
import { obstacleCases } from './obstacle-cases.ts'
import { readCases } from './read-cases.ts'
import { writeCases } from './write-cases.ts'

/** One record as a zone file would hold it. */
export interface ZoneRecord {
  /** Lower case, without the trailing dot. */
  readonly name: string
  /** `A`, `TXT`, ... */
  readonly type: string
  /** Seconds. */
  readonly ttl: number
  /** Presentation format: names in it end with a dot, each string of a TXT stands in quotes (`"a" "b"`). */
  readonly data: string
}

/** An RRset as the zone holds it; of an absent one `data` is empty and `ttl` 0. */
export interface ZoneRRset {
  readonly ttl: number
  /** Presentation format, sorted. */
  readonly data: readonly string[]
}

/** The removals, each of a whole RRset, come before the additions. */
export interface ZoneEdit {
  readonly remove?: readonly { readonly name: string; readonly type: string }[]
  readonly add?: readonly ZoneRecord[]
}

/**
 * A provider over a zone of its own, with a way round the provider to see and change what the zone really holds.
 * The zone starts with its SOA and NS (and the name server's address records), and may hold more.
 */
export interface ProviderSetup {
  readonly provider: Provider
  /** Of at least two labels. */
  readonly zone: Fqdn
  /** What the zone holds, asked independently of the provider, for example by raw DNS. */
  lookup(name: string, type: string): Promise<ZoneRRset>
  /** Changes the zone behind the provider's back; done when the promise resolves. */
  edit(edit: ZoneEdit): Promise<void>
  /** Every record of the zone, except the SOA and what the server makes by itself (RRSIG, NSEC, DNSKEY, ...), in a stable order. */
  snapshot(): Promise<readonly ZoneRecord[]>
  /** The zone's serial, where one is visible. */
  serial?(): Promise<number>
  /** Ends the provider and whatever it stands on. */
  close(): Promise<void>
}

/**
 * What every provider promises, asked of one. Each case works on names of its own within one zone; what a provider
 * says that it cannot do (its `capabilities`) is skipped with the reason. `setup` runs once, before the first case.
 */
export const runProviderContract = (name: string, setup: () => Promise<ProviderSetup>): void => {
  describe(`provider contract: ${name}`, () => {
    let bench: Bench | undefined

    beforeAll(async () => {
      bench = await createBench(await setup())
    })

    afterAll(async () => {
      await bench?.setup.close()
    })

    const current = (): Bench => {
      if (bench === undefined) throw new Error('the setup has not run')
      return bench
    }

    describe('reading', () => readCases(current))
    describe('writing', () => writeCases(current))
    describe('compare and set', () => compareAndSetCases(current))
    describe('obstacles', () => obstacleCases(current))
  })
}
