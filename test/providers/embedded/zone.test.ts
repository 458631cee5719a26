import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Fqdn } from '../../../src/core/fqdn.ts'
import { emptyZone, listRRsets, parseRRset, type StoredRRset, withRRsets, type Zone, type ZoneRRset } from '../../../src/providers/embedded/zone.ts'

const origin = 'example.test' as Fqdn

const stored = (rrset: ZoneRRset): StoredRRset => {
  const parsed = parseRRset(origin, rrset)
  if (typeof parsed === 'string') throw new Error(parsed)
  return parsed
}

const edited = (zone: Zone, edit: Parameters<typeof withRRsets>[1]): Zone => {
  const after = withRRsets(zone, edit)
  if (typeof after === 'string') throw new Error(after)
  return after
}

const set = (name: string, address: string): StoredRRset => stored({ name, type: 'A', ttl: 60, data: [address] })

describe('a zone', () => {
  const name = fc.constantFrom('example.test', 'a.example.test', 'b.a.example.test', 'c.b.a.example.test', 'd.example.test', 'x.y.z.example.test', 'z.example.test')
  const rrset = fc.oneof(
    fc.record({ name, type: fc.constant('A' as const), ttl: fc.constantFrom(60, 300), data: fc.constantFrom(['192.0.2.1'], ['192.0.2.1', '192.0.2.2']) }),
    fc.record({ name, type: fc.constant('TXT' as const), ttl: fc.constantFrom(60, 300), data: fc.constantFrom(['"a"'], ['"b"']) }),
  )
  const edit = fc.record({ remove: fc.array(fc.record({ name, type: fc.constantFrom('A' as const, 'TXT' as const) }), { maxLength: 3 }), put: fc.array(rrset.map(stored), { maxLength: 3 }) })

  it('has the names that it would have had if it had been made as it is', () => {
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 12 }), (edits) => {
        const zone = edits.reduce(edited, emptyZone(origin, 1))
        const anew = edited(emptyZone(origin, 1), { remove: [], put: listRRsets(zone).map(stored) })
        expect([[...zone.nodes].toSorted(), listRRsets(zone)]).toEqual([[...anew.nodes].toSorted(), listRRsets(anew)])
      }),
    )
  })

  it('stays the very same where an edit changes nothing, and shares its names where none comes or goes', () => {
    const zone = edited(emptyZone(origin, 1), { remove: [], put: [set('a.example.test', '192.0.2.1'), set('b.example.test', '192.0.2.1')] })
    expect(withRRsets(zone, { remove: [{ name: 'c.example.test', type: 'A' }], put: [set('a.example.test', '192.0.2.1')] })).toBe(zone)
    expect(withRRsets(zone, { remove: [{ name: 'a.example.test', type: 'A' }], put: [set('a.example.test', '192.0.2.1')] })).toBe(zone)
    const other = edited(zone, { remove: [], put: [set('a.example.test', '192.0.2.2')] })
    expect(other.nodes).toBe(zone.nodes)
    expect(listRRsets(other).map(({ data }) => data)).toEqual([['192.0.2.2'], ['192.0.2.1']])
  })

  it('takes the last of two sets of one name, whatever was there', () => {
    const zone = edited(emptyZone(origin, 1), { remove: [], put: [set('a.example.test', '192.0.2.1')] })
    const after = edited(zone, { remove: [], put: [set('a.example.test', '192.0.2.2'), set('a.example.test', '192.0.2.1')] })
    expect(listRRsets(after)).toEqual(listRRsets(zone))
  })
})
