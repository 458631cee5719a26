import { describe, expect, it, onTestFinished } from 'vitest'
import type { ZoneRecord } from '../../../src/contract/provider-contract.ts'
import type { Address } from '../../../src/core/address.ts'
import { type RepointOptions, repoint } from '../../../src/engine/repoint.ts'
import type { RepointResult } from '../../../src/engine/repoint-result.ts'
import { createRfc2136 } from '../../../src/providers/rfc2136/rfc2136.ts'
import { resolved } from '../../core/known-sites.ts'
import { check, named, region, site, v4, v6 } from '../../core/samples.ts'
import { type Answers, portsFor } from '../../engine/service-bench.ts'
import { ddnsKey, strangerKey, type TestKey } from './keys.ts'
import type { ZoneServer } from './zone-server.ts'

const usual: RepointOptions = { keepsOtherFamily: false, isUnchecked: false, isDryRun: false, verifyMs: 5000 }
const state = resolved({ msk: [v4(1)], ams: [v4(2)] })

interface Place {
  readonly server: ZoneServer
  repoint(addresses: readonly Address[], options?: Partial<RepointOptions>, key?: TestKey): Promise<RepointResult>
  /** Everything in the zone but the SOA. */
  records(): Promise<readonly string[]>
}

const line = ({ name, ttl, type, data }: ZoneRecord): string => `${name} ${ttl} ${type} ${data}`

/** What a repoint does to a zone of a real name server, seen by zone transfer. */
export const repointCases = (start: () => Promise<ZoneServer>, refusal: RegExp, startGranted?: () => Promise<ZoneServer>): void => {
  const begin = async (answers: Answers = new Map(), startOne = start): Promise<Place> => {
    const server = await startOne()
    onTestFinished(() => server.stop())
    const { zone, endpoint } = server
    const add = [
      { name: named(`msk.${zone}`), ttl: 30, type: 'A', data: '192.0.2.1' },
      { name: named(`msk.${zone}`), ttl: 30, type: 'AAAA', data: '2001:db8::1' },
      { name: named(`msk.${zone}`), ttl: 300, type: 'TXT', data: '"mine"' },
      { name: named(`ams.${zone}`), ttl: 30, type: 'A', data: '192.0.2.2' },
      { name: named(`failover.${zone}`), ttl: 60, type: 'A', data: '192.0.2.1' },
    ]
    await server.edit({ add })
    const regions = ['msk', 'ams'].map((name) => ({ ...region(name), source: { kind: 'service', service: named(`${name}.${zone}`) } as const }))
    const here = site({ names: [named(`failover.${zone}`)], regions, check: { ...check, confirmSpanMs: 0 } })
    return {
      server,
      repoint: async (addresses, options = {}, key = ddnsKey) => {
        const provider = createRfc2136({ server: endpoint, zone, tsig: key, wallNow: () => Date.now() })
        const ports = portsFor([provider], answers, { nameservers: [endpoint] })
        return repoint(here, () => state, 'msk', addresses, { ...usual, ...options }, ports, new AbortController().signal)
      },
      records: async () => (await server.transfer()).filter(({ type }) => type !== 'SOA').map(line).toSorted(),
    }
  }
  const agreed = (result: RepointResult): readonly string[] => (result.kind === 'done' ? result.verifications.map(({ key, outcome }) => `${key.type} ${outcome}`) : [JSON.stringify(result)])

  describe('repoint', () => {
    it('replaces both families, removes a dead AAAA, and leaves no mark nor touches anything else', async () => {
      const place = await begin()
      const before = await place.records()
      const others = before.filter((each) => !/^msk\S* 30 A/.test(each))
      expect(before.length - others.length).toBe(2)
      const { zone } = place.server
      expect(agreed(await place.repoint([v4(9), v6(9)]))).toEqual(['A agreed', 'AAAA agreed'])
      expect(await place.records()).toEqual([...others, `msk.${zone} 30 A 192.0.2.9`, `msk.${zone} 30 AAAA 2001:db8::9`].toSorted())
      expect(agreed(await place.repoint([v4(8)], { keepsOtherFamily: true }))).toEqual(['A agreed'])
      expect(agreed(await place.repoint([v4(7)]))).toEqual(['A agreed', 'AAAA agreed'])
      expect(await place.records()).toEqual([...others, `msk.${zone} 30 A 192.0.2.7`].toSorted())
      expect((await place.repoint([v4(7)])).kind).toBe('unchanged')
    })

    it('is refused where the key has no right to the name, with what to grant, and writes nothing', async () => {
      const place = await begin()
      const before = await place.records()
      const result = await place.repoint([v4(9)], {}, strangerKey)
      expect(result).toMatchObject({ kind: 'refused', code: 'provider', mayHaveWritten: false, text: expect.stringMatching(refusal), advice: expect.stringContaining('grant its A and AAAA records') })
      expect(await place.records()).toEqual(before)
    })

    if (startGranted !== undefined) {
      it('needs no more than the right to the name’s own A and AAAA', async () => {
        const place = await begin(new Map(), startGranted)
        expect(agreed(await place.repoint([v4(9)], {}, strangerKey))).toEqual(['A agreed', 'AAAA agreed'])
        expect(agreed(await place.repoint([v6(9)], {}, strangerKey))).toEqual(['AAAA agreed', 'A agreed'])
      })
    }

    it('is refused at a CNAME, at a failed check, and where the records are not as expected', async () => {
      const place = await begin(new Map([[v4(6), 'failed']]))
      const before = await place.records()
      expect(await place.repoint([v4(6)])).toMatchObject({ kind: 'refused', code: 'check-failed' })
      expect(await place.repoint([v4(9)], { expected: [v4(1)] })).toMatchObject({ kind: 'refused', code: 'moved' })
      expect(await place.records()).toEqual(before)
      const name = named(`msk.${place.server.zone}`)
      await place.server.edit({ remove: ['A', 'AAAA', 'TXT'].map((type) => ({ name, type })), add: [{ name, ttl: 30, type: 'CNAME', data: `ams.${place.server.zone}.` }] })
      expect(await place.repoint([v4(9)])).toMatchObject({ kind: 'refused', code: 'not-repointable', advice: expect.stringContaining('replace the CNAME') })
    })
  })
}
