import { describe, expect, it } from 'vitest'
import type { FailingRun } from '../../src/core/health.ts'
import { joined, type Sighting, type Suspect, type Witness, witnessAgainst } from '../../src/core/sight.ts'
import { check, v4, v6 } from './samples.ts'

const failing = (...starts: readonly [number, ...number[]]): FailingRun => ({
  firstAt: starts[0],
  previousAt: starts.at(-2) ?? starts[0],
  lastAt: starts.at(-1) ?? 0,
  starts,
  count: starts.length,
  cause: 'refused',
  detail: 'connection refused',
})
const suspect: Suspect = { address: v4(1), isLocal: false, failing: failing(0, 500, 1_000) }
const witness: Witness = { name: 'ams (192.0.2.2)', address: v4(2), isLocal: false, isAnswering: true, answeredAt: 500, answeringSince: 0 }

describe('witnessAgainst', () => {
  it.each<readonly [string, Partial<Witness>, Partial<Suspect>, boolean]>([
    ['one that answered all the while', {}, {}, true],
    ['one that answered only before the last failure but one', { answeredAt: 499 }, {}, false],
    ['one that answers only since the run began', { answeringSince: 1 }, {}, false],
    ['one that answers since, and as many failures follow', { answeringSince: 1, answeredAt: 1_000 }, { failing: failing(0, 500, 1_000, 1_500) }, true],
    ['one that answers since, and the failures that follow are too close', { answeringSince: 1, answeredAt: 1_000 }, { failing: failing(0, 500, 1_000, 1_499) }, false],
    ['one that does not answer now', { isAnswering: false, answeringSince: undefined }, {}, false],
    ['one that never answered', { answeredAt: undefined, answeringSince: undefined }, {}, false],
    ['the suspect itself', { address: v4(1) }, {}, false],
    ['one of the other family', { address: v6(2) }, {}, false],
    ['one of the same family, IPv6', { address: v6(2) }, { address: v6(1) }, true],
    ['one on this machine', { isLocal: true }, {}, false],
    ['one on this machine, of a suspect there too', { isLocal: true }, { isLocal: true }, true],
    ['one elsewhere, of a suspect on this machine', {}, { isLocal: true }, true],
  ])('%s', (_, ofWitness, ofSuspect, expected) => {
    const one = { ...witness, ...ofWitness }
    expect(witnessAgainst({ ...suspect, ...ofSuspect }, [one], check)).toEqual(expected ? one : undefined)
  })

  it('is content with one failure where one is enough', () => {
    const once = { ...suspect, failing: failing(500) }
    expect(witnessAgainst(once, [witness], { fall: 1, confirmSpanMs: 0 })).toEqual(witness)
    expect(witnessAgainst(once, [{ ...witness, answeredAt: 499 }], { fall: 1, confirmSpanMs: 0 })).toBeUndefined()
  })

  it('takes the first that will do', () => {
    const late = { ...witness, name: 'ns1', address: v4(9) }
    expect(witnessAgainst(suspect, [{ ...witness, isAnswering: false }, late, witness], check)).toBe(late)
    expect(witnessAgainst(suspect, [], check)).toBeUndefined()
  })
})

describe('joined', () => {
  const sighting = (number: number, isAnswering: boolean, answeredAt: number | undefined): Sighting => ({
    name: `ns${number}`,
    address: v4(number),
    isLocal: false,
    isAnswering,
    answeredAt,
  })
  const before: readonly Witness[] = [
    { ...sighting(1, true, 500), answeringSince: 100 },
    { ...sighting(2, false, 500), answeringSince: undefined },
  ]

  it.each<readonly [string, Sighting, number | undefined]>([
    ['answers still', sighting(1, true, 900), 100],
    ['answers no more', sighting(1, false, 900), undefined],
    ['answers again', sighting(2, true, 900), 900],
    ['is new', sighting(3, true, 900), 900],
    ['answers at a second try', { ...sighting(1, true, 900), isBelated: true }, 900],
    ['is new at that address', { ...sighting(1, true, 900), address: v4(8) }, 900],
  ])('one that %s', (_, now, answeringSince) => {
    expect(joined(before, [now])).toEqual([{ ...now, answeringSince }])
  })

  it('counts one anew that was not heard of while checks were started beside each other', () => {
    const overlap = { address: v4(7), firstAt: 600, secondAt: 700 }
    expect(joined(before, [sighting(1, true, 900)], [overlap])).toEqual([{ ...sighting(1, true, 900), answeringSince: 900 }])
    expect(joined(before, [sighting(1, true, 700)], [overlap])).toEqual([{ ...sighting(1, true, 700), answeringSince: 100 }])
    expect(joined(before, [sighting(1, true, 900)], [{ ...overlap, address: v6(7) }])).toEqual([{ ...sighting(1, true, 900), answeringSince: 100 }])
  })

  it('forgets who is not asked any more', () => {
    expect(joined(before, [])).toEqual([])
  })
})
