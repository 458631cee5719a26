import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Copies, type FreshnessRules, lookAtCopies } from '../../src/core/freshness.ts'
import { type FreshnessState, noFreshness, staleRegions, stillWriters, withLook } from '../../src/core/freshness-state.ts'
import type { Heartbeat } from '../../src/core/heartbeat.ts'

const beat = (region: string, counter: number, content: string): Heartbeat => ({ region, counter, boot: 'b', writtenAt: counter * 5_000, content })
/** `{ ams: 7 }`: has the writer's seventh heartbeat, and with it all that was written by then; `[7, 'x']`: with other content. */
type Has = Readonly<Record<string, number | readonly [number, string]>>
const copiesOf = (writer: string, has: Has): Copies =>
  Object.fromEntries(
    Object.entries(has).map(([region, what]) => {
      const [counter, content] = typeof what === 'number' ? [what, `v${what}`] : what
      return [region, { [writer]: beat(writer, counter, content) }]
    }),
  )
const merged = (...all: readonly Copies[]): Copies =>
  all.reduce<Copies>((sum, copies) => Object.fromEntries([...new Set([...Object.keys(sum), ...Object.keys(copies)])].map((region) => [region, { ...sum[region], ...copies[region] }])), {})

const rules: FreshnessRules = { mode: 'single-writer', writer: 'msk', regions: ['msk', 'ams', 'fra'], everyMs: 5_000, maxLagMs: 30_000, onLag: 'alarm', fall: 3 }
const told = (copies: Copies, over: Partial<FreshnessRules> = {}) => {
  const { behind, suspected } = lookAtCopies(copies, { ...rules, ...over })
  return [behind.map(({ region, ahead }) => `${region}<${ahead}`), suspected.map(({ region, ahead }) => `${region}<${ahead}`)]
}

describe('one writer', () => {
  it.each<readonly [string, Copies, Partial<FreshnessRules>, readonly string[], readonly string[]]>([
    ['all have the same', copiesOf('msk', { msk: 20, ams: 20, fra: 20 }), {}, [], []],
    ['within the lag', copiesOf('msk', { msk: 20, ams: 20, fra: 14 }), {}, [], []],
    ['one receiver beyond it', copiesOf('msk', { msk: 20, ams: 20, fra: 13 }), {}, ['fra<ams'], []],
    ['behind, but nothing has changed', copiesOf('msk', { msk: [20, 'x'], ams: [20, 'x'], fra: [3, 'x'] }), {}, [], []],
    ['it has none at all', merged(copiesOf('msk', { msk: 20, ams: 20 }), { fra: {} }), {}, ['fra<ams'], []],
    ['it could not be asked', copiesOf('msk', { msk: 20, ams: 20 }), {}, [], []],
    ['all receivers are behind the writer', copiesOf('msk', { msk: 20, ams: 5, fra: 5 }), {}, [], ['ams<msk', 'fra<msk']],
    ['and are withdrawn for it where that is wanted', copiesOf('msk', { msk: 20, ams: 5, fra: 5 }), { onLag: 'withdraw' }, ['ams<msk', 'fra<msk'], []],
    ['the only receiver', copiesOf('msk', { msk: 20, ams: 5 }), { regions: ['msk', 'ams'] }, [], ['ams<msk']],
    ['one behind the other, and that behind the writer', copiesOf('msk', { msk: 40, ams: 20, fra: 5 }), {}, ['fra<ams'], ['ams<msk']],
    ['the writer is never behind', copiesOf('msk', { msk: 5, ams: 20, fra: 20 }), {}, [], []],
  ])('%s', (_, copies, over, behind, suspected) => expect(told(copies, over)).toEqual([behind, suspected]))
})

describe('everybody writes', () => {
  const two = { mode: 'two-way', regions: ['msk', 'ams'] } as const
  const three = { mode: 'two-way' } as const
  it.each<readonly [string, Copies, Partial<FreshnessRules>, readonly string[], readonly string[]]>([
    ['in step', merged(copiesOf('msk', { msk: 20, ams: 20 }), copiesOf('ams', { msk: 9, ams: 9 })), two, [], []],
    ['one receives nothing', merged(copiesOf('msk', { msk: 20, ams: 5 }), copiesOf('ams', { msk: 9, ams: 9 })), two, ['ams<msk'], []],
    ['a cut between the two moves nothing', merged(copiesOf('msk', { msk: 20, ams: 5 }), copiesOf('ams', { msk: 1, ams: 15 })), two, [], ['msk<ams', 'ams<msk']],
    [
      'one of three receives nothing from either',
      merged(copiesOf('msk', { msk: 20, ams: 20, fra: 5 }), copiesOf('ams', { msk: 20, ams: 20, fra: 5 }), copiesOf('fra', { msk: 20, ams: 20, fra: 20 })),
      three,
      ['fra<msk'],
      [],
    ],
    [
      'one of three is cut from one other',
      merged(copiesOf('msk', { msk: 20, ams: 20, fra: 5 }), copiesOf('ams', { msk: 20, ams: 20, fra: 20 }), copiesOf('fra', { msk: 5, ams: 20, fra: 20 })),
      three,
      [],
      ['msk<ams', 'fra<msk'],
    ],
  ])('%s', (_, copies, over, behind, suspected) => {
    const [b = [], s = []] = told(copies, over)
    expect([b, s.toSorted()]).toEqual([behind, suspected.toSorted()])
  })
})

const facts = { returned: [], published: ['msk', 'ams', 'fra'] } as const
const run = (looks: readonly Copies[], state: FreshnessState = noFreshness, over: Partial<FreshnessRules> = {}): FreshnessState =>
  looks.reduce((sum, copies, at) => withLook(sum, copies, facts, { ...rules, ...over }, at * 5_000), state)

it('is stale after fall looks in a row, and no longer after one that says otherwise', () => {
  const behind = (counter: number) => copiesOf('msk', { msk: counter, ams: counter, fra: 1 })
  expect(staleRegions(run([behind(20), behind(21)]), rules)).toEqual([])
  expect(staleRegions(run([behind(20), behind(21), behind(22)]), rules).map(({ region, looks, since }) => [region, looks, since])).toEqual([['fra', 3, 0]])
  expect(staleRegions(run([behind(20), behind(21), copiesOf('msk', { msk: 22, ams: 22, fra: 22 }), behind(23), behind(24)]), rules)).toEqual([])
})

it('a writer that stands still is no measure', () => {
  const copies = copiesOf('msk', { msk: 20, ams: 20, fra: 1 })
  const state = run(Array.from({ length: 8 }, () => copies))
  expect([stillWriters(state, rules, 35_000), staleRegions(state, rules)]).toEqual([['msk'], []])
})

describe('a region that comes back', () => {
  const at = (state: FreshnessState, copies: Copies, now: number, returned: readonly string[] = [], published: readonly string[] = ['msk', 'ams']) => withLook(state, copies, { returned, published }, rules, now)
  const known = run([copiesOf('msk', { msk: 10, ams: 10 })])
  const is = (state: FreshnessState) => Object.keys(state.returning)

  it('has caught up with what was written since', () => {
    const back = at(known, copiesOf('msk', { msk: 20, ams: 20, fra: 9 }), 50_000, ['fra'])
    const old = at(back, copiesOf('msk', { msk: 21, ams: 21, fra: 20 }), 55_000)
    const fresh = at(old, copiesOf('msk', { msk: 22, ams: 22, fra: 21 }), 60_000)
    expect([is(back), is(old), is(fresh)]).toEqual([['fra'], ['fra'], []])
  })

  it('with the writer down, has what visitors get', () => {
    const still = at(known, copiesOf('msk', { ams: 10 }), 100_000)
    const back = at(still, copiesOf('msk', { ams: [10, 'x'], fra: [4, 'old'] }), 105_000, ['fra'])
    const other = at(back, copiesOf('msk', { ams: [10, 'x'], fra: [4, 'old'] }), 110_000)
    const same = at(other, copiesOf('msk', { ams: [10, 'x'], fra: [9, 'x'] }), 115_000)
    expect([is(back), is(other), is(same)]).toEqual([['fra'], ['fra'], []])
  })

  it('the writer waits for nobody', () => expect(is(at(known, copiesOf('msk', { msk: 11 }), 50_000, ['msk']))).toEqual([]))
})

it('never calls everybody behind, whatever the copies', () => {
  const counter = fc.nat(50)
  const region = fc.constantFrom('msk', 'ams', 'fra')
  const copies = fc.dictionary(region, fc.dictionary(region, counter)).map((all) => Object.fromEntries(Object.entries(all).map(([who, has]) => [who, Object.fromEntries(Object.entries(has).map(([writer, n]) => [writer, beat(writer, n, `v${n}`)]))])))
  fc.assert(
    fc.property(copies, fc.constantFrom<('single-writer' | 'two-way')[]>('single-writer', 'two-way'), (all, mode) => {
      const { behind } = lookAtCopies(all, { ...rules, mode })
      expect(behind.length).toBeLessThan(Math.max(1, Object.keys(all).length))
    }),
  )
})

describe('what is not known', () => {
  const fresh = (counter: number) => copiesOf('msk', { msk: counter, ams: counter, fra: counter })
  const without = (copies: Copies, ...regions: readonly string[]): Copies => Object.fromEntries(Object.entries(copies).filter(([region]) => !regions.includes(region)))
  const late = (counter: number) => copiesOf('msk', { msk: counter, ams: counter, fra: 1 })
  const stale = [late(20), late(21), late(22)]
  const names = (state: FreshnessState) => staleRegions(state, rules).map(({ region }) => region)

  it.each<[string, readonly Copies[], readonly string[]]>([
    ['a region that is stale stays so while it cannot be asked', [...stale, without(late(23), 'fra'), without(late(24), 'fra')], ['fra']],
    ['and while nobody who is ahead can', [...stale, without(late(23), 'ams'), without(late(24), 'ams', 'msk')], ['fra']],
    ['until it is seen to have what they have', [...stale, without(late(23), 'fra'), fresh(24)], []],
    ['a region that was not stale does not become so', [late(20), late(21), without(late(22), 'fra'), without(late(23), 'fra')], []],
    ['nor by a writer that has not been seen to go on', [late(20), late(20), late(20), late(20)], []],
    ['but stays so with a writer that stands still', [...stale, ...Array.from({ length: 9 }, () => late(22))], ['fra']],
    ['a writer that counts anew makes nobody stale that has its new heartbeats', [fresh(500), fresh(501), ...Array.from({ length: 5 }, (_, n) => copiesOf('msk', { msk: [n + 1, `new${n}`], ams: [n + 1, `new${n}`], fra: [501, 'old'] }))], []],
  ])('%s', (_, looks, expected) => expect(names(run(looks))).toEqual(expected))

  it('moves nobody, in whatever order regions cannot be asked', () => {
    const hidden = fc.array(fc.subarray(['msk', 'ams', 'fra']), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(hidden, fc.boolean(), (all, isStale) => {
        const start = isStale ? stale : [fresh(20), fresh(21), fresh(22)]
        const looks = all.map((regions, n) => without(isStale ? late(23 + n) : fresh(23 + n), ...regions))
        expect(names(run([...start, ...looks]))).toEqual(isStale ? ['fra'] : [])
      }),
    )
  })
})

it('lets a region in that waits for a writer that has begun to count anew, once it has what visitors get', () => {
  const at = (state: FreshnessState, copies: Copies, now: number, returned: readonly string[] = []) => withLook(state, copies, { returned, published: ['msk', 'ams'] }, rules, now)
  const back = at(run([copiesOf('msk', { msk: 500, ams: 500 })]), copiesOf('msk', { msk: 501, ams: 501, fra: 400 }), 50_000, ['fra'])
  const anew = at(back, copiesOf('msk', { msk: [1, 'n'], ams: [1, 'n'] }), 55_000)
  const same = at(anew, copiesOf('msk', { msk: [2, 'n'], ams: [2, 'n'], fra: [2, 'n'] }), 60_000)
  expect([back, anew, same].map(({ returning }) => Object.keys(returning))).toEqual([['fra'], ['fra'], []])
})
