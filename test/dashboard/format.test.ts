import { expect, it } from 'vitest'
import type { Condition } from '../../src/engine/views.ts'
import { changeWords } from '../../src/dashboard/format/change-words.ts'
import { conditions } from '../../src/dashboard/format/condition-words.ts'
import { countText, listText } from '../../src/dashboard/format/count-text.ts'
import { dayLook, lastDays, meanAvailability } from '../../src/dashboard/format/day-look.ts'
import { differenceOf, isAsWanted } from '../../src/dashboard/format/difference.ts'
import { eventText } from '../../src/dashboard/format/event-text.ts'
import { barHeight, resultsText } from '../../src/dashboard/format/fold-results.ts'
import { headline, tabTitle } from '../../src/dashboard/format/headline.ts'
import { laneSpans } from '../../src/dashboard/format/lane-spans.ts'
import { percentText } from '../../src/dashboard/format/percent-text.ts'
import { agoText, countdownText, roughSpan, spanText } from '../../src/dashboard/format/span-text.ts'

it.each([
  [0, '0 ms'],
  [379.6, '380 ms'],
  [1_412, '1.4 s'],
  [59_400, '59 s'],
  [59_700, '1 min'],
  [725_000, '12 min 5 s'],
  [3_600_000, '1 h'],
  [12_000_000, '3 h 20 min'],
  [4 * 86_400_000, '4 d'],
  [-5, '0 ms'],
])('%i ms is %s', (ms, text) => {
  expect(spanText(ms)).toBe(text)
})

it('says roughly how long ago, in one unit', () => {
  expect([0, 12_400, 179_000, 7_300_000].map(roughSpan)).toEqual(['0 s', '12 s', '2 min', '2 h'])
  expect([agoText(1_000, 1_200), agoText(1_000, 13_000), agoText(5_000, 1_000)]).toEqual(['just now', '12 s ago', 'just now'])
})

it('counts down, never below nothing', () => {
  expect([-1, 0, 41_200, 725_000, 3_725_000].map(countdownText)).toEqual(['0:00', '0:00', '0:42', '12:05', '1:02:05'])
})

it.each([
  [1, '100%'],
  [0.999_999, '99.999%'],
  [0.99987, '99.987%'],
  [0.9731, '97.31%'],
  [0.5, '50.0%'],
  [0, '0.0%'],
  [null, '–'],
])('%s of the time is %s: all is never said of less', (share, text) => {
  expect(percentText(share)).toBe(text)
})

it('counts and lists as people do', () => {
  expect([countText(1, 'site'), countText(1200, 'site'), listText([]), listText(['a']), listText(['a', 'b', 'c'])]).toEqual(['1 site', '1,200 sites', '', 'a', 'a, b and c'])
})

it('sets what is published against what should be', () => {
  const difference = differenceOf({ published: ['a', 'b'], wanted: ['b', 'c'] })
  expect(difference).toEqual({ kept: ['b'], missing: ['c'], surplus: ['a'] })
  expect([isAsWanted(difference), isAsWanted(differenceOf({ published: ['a'], wanted: ['a'] }))]).toEqual([false, true])
})

it('knows every condition, the worst first', () => {
  const all: Readonly<Record<Condition, true>> = { failed: true, blind: true, 'provider-failing': true, 'fail-closed': true, 'fail-open': true, paused: true, undecided: true, degraded: true, drained: true, healthy: true }
  expect(conditions.toSorted()).toEqual(Object.keys(all).toSorted())
})

it.each([
  [{}, { tone: 'unsure', text: 'No site is watched yet', detail: '' }],
  [{ healthy: 1 }, { tone: 'ok', text: 'The site serves', detail: '' }],
  [{ healthy: 12 }, { tone: 'ok', text: 'All 12 sites serve', detail: '' }],
  [{ healthy: 11, drained: 1 }, { tone: 'ok', text: 'All 12 sites serve', detail: '1 drained' }],
  [{ healthy: 10, degraded: 1, paused: 1 }, { tone: 'warn', text: '1 of 12 sites needs a look', detail: '1 degraded and 1 paused' }],
  [{ blind: 1, degraded: 2 }, { tone: 'bad', text: '3 of 3 sites need a look', detail: '1 blind and 2 degraded' }],
  [{ undecided: 2 }, { tone: 'unsure', text: 'Checks have yet to say', detail: '2 undecided' }],
] as const)('%j is said in one sentence', (counts, said) => {
  expect(headline(counts)).toEqual(said)
})

it('puts the worst state first in the title of the tab', () => {
  expect([tabTitle({ healthy: 3 }, '', false), tabTitle({ healthy: 3, degraded: 2, blind: 1 }, 'Timeline', false), tabTitle({ degraded: 2 }, '', true)]).toEqual([
    'dns-failover',
    'blind · Timeline · dns-failover',
    '(no connection) 2 degraded · dns-failover',
  ])
})

it('says a strip of checks', () => {
  const look = (kind: 'ok' | 'failed' | 'cannot-tell', cause: string | null = null) => ({ at: '2026-01-31T12:00:00Z', kind, cause, ms: 20 })
  expect(resultsText([])).toBe('no check yet')
  expect(resultsText([look('ok')])).toBe('last 1 check: 1 passed')
  expect(resultsText([look('ok'), look('failed', 'timeout'), look('failed', 'timeout'), look('failed', 'status'), look('cannot-tell')])).toBe('last 5 checks: 1 passed, 3 failed (timeout 2, status 1), 1 could not tell')
})

it('draws what passed lower than what failed, however slow it was', () => {
  expect([barHeight(0, 100), barHeight(100, 100), barHeight(500, 100), barHeight(5, 0)].map((height) => Number(height.toFixed(2)))).toEqual([0.25, 0.8, 0.8, 0.25])
})

it('shows a short outage of a day, and a day that nobody watched', () => {
  expect(dayLook({ day: '2026-01-31', availability: 1 })).toEqual({ tone: 'ok', missing: 0, text: 'Sat 31 Jan: 100%' })
  expect(dayLook({ day: '2026-01-31', availability: 0.9995 })).toEqual({ tone: 'warn', missing: 0.12, text: 'Sat 31 Jan: 99.950%' })
  expect(dayLook({ day: '2026-01-31', availability: 0.25 })).toEqual({ tone: 'bad', missing: 0.75, text: 'Sat 31 Jan: 25.0%' })
  expect(dayLook({ day: '2026-01-31', availability: null })).toEqual({ tone: 'none', missing: 0, text: 'Sat 31 Jan: not watched' })
})

it('has a day for each of the last days', () => {
  const days = lastDays([{ day: '2026-01-31', availability: 0.5 }, { day: '2025-01-01', availability: 0 }], 3, Date.parse('2026-02-01T10:00:00Z'))
  expect(days).toEqual([
    { day: '2026-01-30', availability: null },
    { day: '2026-01-31', availability: 0.5 },
    { day: '2026-02-01', availability: null },
  ])
  expect([meanAvailability(days), meanAvailability([])]).toEqual([0.5, null])
})

it('joins what lasted at the same time, within the period', () => {
  const since = Date.parse('2026-01-31T00:00:00Z')
  const until = Date.parse('2026-01-31T10:00:00Z')
  const at = (hour: string): string => `2026-01-${hour}:00:00Z`
  const lasting = [
    { startedAt: at('31T08'), endedAt: null },
    { startedAt: at('30T20'), endedAt: at('31T01') },
    { startedAt: at('31T03'), endedAt: at('31T05') },
    { startedAt: at('31T04'), endedAt: at('31T06') },
    { startedAt: at('29T04'), endedAt: at('29T06') },
  ]
  expect(laneSpans(lasting, since, until)).toEqual([
    { from: 0, to: 0.1 },
    { from: 0.3, to: 0.6 },
    { from: 0.8, to: 1 },
  ])
})

it("says a log's sentence with the times of the reader's clock", () => {
  const at = (hour: number, day = 31): string => new Date(2026, 0, day, hour, 28, 47).toISOString()
  expect(eventText(`drained until ${at(20)} by anna`, at(19))).toBe('drained until 20:28:47 by anna')
  expect(eventText(`up -> down since ${at(20, 30)}`, at(19))).toBe('up → down since 30 Jan 20:28:47')
})

it('says the last change with what became of it', () => {
  const now = new Date(2026, 0, 31, 15, 0, 0).getTime()
  const at = new Date(2026, 0, 31, 14, 2, 11).toISOString()
  const moved = new Date(2026, 0, 31, 14, 3, 12).toISOString()
  const later = new Date(2026, 0, 31, 15, 0, 30).toISOString()
  expect(changeWords({ at, text: 'ams withdrawn: timeout', timeToEffectMs: 1412, movedAt: moved }, now)).toBe('14:02:11 ams withdrawn: timeout, effective in 1.4 s, clients moved by 14:03:12')
  expect(changeWords({ at, text: 'ams withdrawn', timeToEffectMs: null, movedAt: later }, now)).toBe('14:02:11 ams withdrawn, clients will have moved by 15:00:30')
  expect(changeWords({ at, text: 'ams withdrawn', timeToEffectMs: null, movedAt: null }, now)).toBe('14:02:11 ams withdrawn')
})
