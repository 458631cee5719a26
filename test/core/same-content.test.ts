import { expect, it } from 'vitest'
import { type Agreement, type Digests, isDifferent, noAgreement, withDigests } from '../../src/core/same-content.ts'

const after = (looks: readonly Digests[], spared?: string): Agreement => looks.reduce((all, digests, at) => withDigests(all, digests, spared, at * 10), noAgreement)
const [same, odd] = [{ msk: 'a', ams: 'a', fra: 'a' }, { msk: 'a', ams: 'a', fra: 'b' }]

it.each<[string, readonly Digests[], number | undefined, readonly string[], string?]>([
  ['all alike', [same, same], undefined, []],
  ['one of three differs', [same, odd, odd], 10, ['fra 2']],
  ['and does no more', [odd, same], undefined, []],
  ['it cannot be asked meanwhile', [odd, { msk: 'a', ams: 'a' }], undefined, ['fra 1']],
  ['with it only one other can', [odd, { msk: 'a', fra: 'b' }], 0, ['fra 1']],
  ['nobody can', [odd, {}], 0, ['fra 1']],
  ['one of two differs', [{ msk: 'a', ams: 'b' }], 0, []],
  ['each differs', [{ msk: 'a', ams: 'b', fra: 'c' }], 0, []],
  ['two and two', [{ msk: 'a', ams: 'b', fra: 'a', sin: 'b' }], 0, []],
  ['it is the writer', [odd], 0, [], 'fra'],
])('%s', (_, looks, since, regions, spared) => {
  const { differsSince, odd: found } = after(looks, spared)
  expect([differsSince, Object.entries(found).map(([region, { looks: count }]) => `${region} ${count}`)]).toEqual([since, regions])
})

it('is a difference once it has lasted for longer than it may', () => {
  const state = after([odd])
  expect([isDifferent(state, 30, 30), isDifferent(state, 30, 31), isDifferent(noAgreement, 30, 99)]).toEqual([false, true, false])
})
