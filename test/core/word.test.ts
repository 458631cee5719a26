import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type NewWord, withoutBelief, withoutOldWords, withWord, wordsOn, type Words } from '../../src/core/word.ts'

const word = (over: Partial<NewWord> = {}): NewWord => ({ source: 'kuma', monitor: 'a', region: 'msk', opinion: 'down', detail: 'timeout', eventAt: 1_000, forMs: 100, ...over })
const heardAfter = (before: Words, ...all: readonly (readonly [NewWord, number])[]): Words => all.reduce<Words>((words, [each, at]) => withWord(words, each, at).words, before)
const heard = (...all: readonly (readonly [NewWord, number])[]): Words => heardAfter({}, ...all)

describe('a word more', () => {
  const before = heard([word(), 10])
  it.each<readonly [string, NewWord, number, string]>([
    ['the same once more', word(), 50, 'renewed'],
    ['the same of a later event', word({ eventAt: 2_000 }), 50, 'renewed'],
    ['another opinion', word({ opinion: 'up', eventAt: 1_001 }), 50, 'news'],
    ['another opinion of the same moment', word({ opinion: 'up' }), 50, 'news'],
    ['an older event', word({ opinion: 'up', eventAt: 999 }), 50, 'older'],
    ['an older event, though the newer is not believed any more', word({ opinion: 'up', eventAt: 999 }), 500, 'older'],
    ['another monitor', word({ monitor: 'b', eventAt: 1 }), 50, 'news'],
    ['another source', word({ source: 'gatus', eventAt: 1 }), 50, 'news'],
    ['another region', word({ region: 'ams', eventAt: 1 }), 50, 'news'],
    ['a region called as every object has a property', word({ region: 'constructor', eventAt: 1 }), 50, 'news'],
    ['the same after it had expired', word(), 110, 'news'],
  ])('%s is %s', (_, next, at, expected) => {
    const { hearing, words } = withWord(before, next, at)
    expect(hearing).toBe(expected)
    if (expected === 'older') expect(words).toBe(before)
    else expect(wordsOn(words, next.region, at)).toContainEqual(expect.objectContaining({ source: next.source, monitor: next.monitor, opinion: next.opinion, expiresAt: at + 100 }))
  })

  it('tells since when it has been said', () =>
    expect(wordsOn(heard([word(), 10], [word({ eventAt: 2_000 }), 60], [word({ monitor: 'b' }), 70]), 'msk', 80).map(({ monitor, since, heardAt }) => [monitor, since, heardAt])).toEqual([
      ['a', 10, 60],
      ['b', 70, 70],
    ]))
})

it('is believed until it expires, and remembered for a day more', () => {
  const words = heard([word(), 10])
  expect([wordsOn(words, 'msk', 109).length, wordsOn(words, 'msk', 110).length, wordsOn(words, 'toString', 10).length]).toEqual([1, 0, 0])
  expect([withoutOldWords(words, 86_400_109), withoutOldWords(words, 86_400_110)]).toEqual([words, {}])
})

it('says nothing of the server that a region leads to now, but when it was said is remembered', () => {
  const words = withoutBelief(heard([word(), 10], [word({ region: 'ams' }), 10]), ['msk'], 20)
  expect([wordsOn(words, 'msk', 20), wordsOn(words, 'ams', 20).length]).toEqual([[], 1])
  expect(withWord(words, word({ eventAt: 999 }), 30).hearing).toBe('older')
  expect(withWord(words, word(), 30).hearing).toBe('news')
  expect(withoutBelief(words, ['msk', 'constructor'], 40)).toBe(words)
})

it('is remembered of so many monitors of a source: what is not believed makes room first, what says down last', () => {
  const many = (opinion: 'up' | 'down', count: number, forMs: number) => Array.from({ length: count }, (_, at) => [word({ monitor: `${opinion}${at}`, opinion, forMs: forMs + at }), 10] as const)
  const monitors = (words: Words, source: string): readonly string[] => (words['msk'] ?? []).filter((each) => each.source === source).map(({ monitor }) => monitor)
  const full = heard([word({ source: 'gatus' }), 0], [word({ monitor: 'past', forMs: 1 }), 0], ...many('down', 2, 5_000), ...many('up', 497, 10_000))
  expect([monitors(full, 'kuma').length, monitors(full, 'gatus')]).toEqual([500, ['a']])
  const more = heardAfter(full, [word({ monitor: 'x', opinion: 'up', forMs: 9_000 }), 20], [word({ monitor: 'y' }), 20], [word({ monitor: 'down1', forMs: 9_999 }), 20])
  expect(monitors(more, 'kuma').filter((each) => !/^up(?!0$)/.test(each))).toEqual(['down0', 'up0', 'y', 'down1'])
  expect([monitors(more, 'kuma').length, monitors(more, 'gatus')]).toEqual([500, ['a']])
  const onlyDown = heard(...many('down', 600, 5_000))
  expect([monitors(onlyDown, 'kuma').length, monitors(onlyDown, 'kuma')[0]]).toEqual([500, 'down100'])
})

it('ends up with the newest event of a monitor, whatever order they come in', () => {
  const opinion = fc.constantFrom<('up' | 'down')[]>('up', 'down')
  fc.assert(
    fc.property(fc.uniqueArray(fc.record({ eventAt: fc.nat(1_000), opinion }), { selector: ({ eventAt }) => eventAt, minLength: 1 }), (events) => {
      const words = heard(...events.map((event) => [word({ ...event, forMs: 1_000 }), 5] as const))
      const newest = events.toSorted((a, b) => b.eventAt - a.eventAt)[0]
      expect(wordsOn(words, 'msk', 6).map((each) => [each.eventAt, each.opinion])).toEqual([[newest?.eventAt, newest?.opinion]])
    }),
  )
})
