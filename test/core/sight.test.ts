import { expect, it } from 'vitest'
import { type Suspect, type Witness, witnessAgainst } from '../../src/core/sight.ts'
import { v4, v6 } from './samples.ts'

const suspect: Suspect = { address: v4(1), isLocal: false, failingSince: 500 }
const witness: Witness = { name: 'ams (192.0.2.2)', address: v4(2), isLocal: false, isAnswering: true, answeredAt: 500 }

it.each<readonly [string, Partial<Witness>, Partial<Suspect>, boolean]>([
  ['one that answered since the last failure but one', {}, {}, true],
  ['one that answered before', { answeredAt: 499 }, {}, false],
  ['one that does not answer now', { isAnswering: false }, {}, false],
  ['one that never answered', { answeredAt: undefined }, {}, false],
  ['the suspect itself', { address: v4(1) }, {}, false],
  ['one of the other family', { address: v6(2) }, {}, false],
  ['one of the same family, IPv6', { address: v6(2) }, { address: v6(1) }, true],
  ['one on this machine', { isLocal: true }, {}, false],
  ['one on this machine, of a suspect there too', { isLocal: true }, { isLocal: true }, true],
  ['one elsewhere, of a suspect on this machine', {}, { isLocal: true }, true],
])('%s', (_, ofWitness, ofSuspect, expected) => {
  const one = { ...witness, ...ofWitness }
  expect(witnessAgainst({ ...suspect, ...ofSuspect }, [one])).toEqual(expected ? one : undefined)
})

it('takes the first that will do', () => {
  const late = { ...witness, name: 'ns1', address: v4(9) }
  expect(witnessAgainst(suspect, [{ ...witness, isAnswering: false }, late, witness])).toBe(late)
  expect(witnessAgainst(suspect, [])).toBeUndefined()
})
