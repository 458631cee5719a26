import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Health, observe, resumed, unknownHealth } from '../../src/core/health.ts'
import type { CheckResult } from '../../src/core/result.ts'
import { cannotTell, check, downHealth, failed, ok, policy, upHealth } from './samples.ts'

const after = (health: Health, ...results: readonly CheckResult[]): Health =>
  results.reduce((each, result) => observe(each, result, check, policy.damping), health)

/** `+` passes, `-` fails, `?` cannot tell: one check every half second from `start` on. */
const series = (text: string, start = 0): readonly CheckResult[] =>
  [...text].map((sign, index) => (sign === '+' ? ok : sign === '-' ? failed : cannotTell)(start + index * 500))

const fresh = unknownHealth('check-1', 0)

describe('fall 3, rise 2, span 1 s', () => {
  it.each([
    ['', 'unknown', false],
    ['+', 'unknown', false],
    ['++', 'up', true],
    ['+-+', 'unknown', false],
    ['--', 'unknown', false],
    ['---', 'down', false],
    ['++--', 'up', true],
    ['++---', 'down', true],
    ['++-+-', 'up', true],
    ['++-+-+-', 'down', true],
    ['++--++-', 'up', true],
    ['++--++--', 'up', true],
    ['++--++---', 'down', true],
    ['++---+', 'down', true],
    ['++---+-+', 'down', true],
    ['++---++', 'up', true],
    ['---+-+-+', 'down', false],
    ['---++', 'up', true],
    ['++-?-?-', 'down', true],
    ['?????', 'unknown', false],
    ['++?????', 'up', true],
  ])('%s is %s (has passed: %s)', (text, state, hasPassed) => {
    const health = after(fresh, ...series(text))
    expect([health.state, health.hasPassed]).toEqual([state, hasPassed])
  })
})

it('tells all it knows of a run', () => {
  expect(after(fresh, ok(0), ok(500), failed(5_000), failed(5_500), ok(6_000), { ...failed(6_500), cause: 'status', detail: '503' } as CheckResult)).toEqual({
    identity: 'check-1',
    state: 'down',
    since: 6_510,
    decided: 'down',
    hasPassed: true,
    failing: { firstAt: 5_000, lastAt: 6_500, starts: [5_000, 5_500, 6_500], count: 3, cause: 'status', detail: '503' },
    passing: 0,
    passingSince: 6_000,
    observedAt: 6_510,
    falls: { weight: 1, at: 6_510 },
    readmitAt: undefined,
  })
})

it('tells all it knows of one that came up', () => {
  expect(after(fresh, failed(0), ok(500), ok(1_000))).toEqual({
    identity: 'check-1',
    state: 'up',
    since: 1_010,
    decided: 'up',
    hasPassed: true,
    failing: undefined,
    passing: 2,
    passingSince: 500,
    observedAt: 1_010,
    falls: { weight: 0, at: 0 },
    readmitAt: undefined,
  })
})

it('waits for the span when failures come faster', () => {
  const quick = after(upHealth(), failed(0), failed(1), failed(2), failed(999))
  expect([quick.state, quick.failing?.count]).toEqual(['up', 4])
  expect(after(quick, failed(1_000)).state).toBe('down')
})

it('takes a span of 0 and a fall of 1', () => {
  expect(observe(upHealth(), failed(0), { ...check, fall: 1, confirmSpanMs: 0 }, policy.damping)).toMatchObject({
    state: 'down',
    failing: { firstAt: 0, lastAt: 0, starts: [0], count: 1 },
  })
})

it('keeps the time of going down while more fails', () => {
  expect(after(downHealth({ since: 1_010 }), failed(6_000))).toMatchObject({
    state: 'down',
    since: 1_010,
    failing: { firstAt: 0, lastAt: 6_000, starts: [0, 500, 1_000, 6_000], count: 4 },
  })
})

describe('a gap', () => {
  const gap = 10_000 + 2 * (2_000 + 1_000)
  it('breaks a run: the machine slept', () => {
    const before = after(upHealth(), failed(0), failed(500))
    const failing = { firstAt: 510 + gap + 1, lastAt: 510 + gap + 1, starts: [510 + gap + 1], count: 1 }
    expect(after(before, failed(510 + gap + 1))).toMatchObject({ state: 'up', failing })
    expect(after(before, failed(510 + gap))).toMatchObject({ state: 'down', failing: { firstAt: 0, count: 3 } })
  })

  it('breaks a row of successes, but not of one that is up', () => {
    expect(after(downHealth(), ok(2_000), ok(2_010 + gap + 1))).toMatchObject({ state: 'down', passing: 1, passingSince: 2_010 + gap + 1 })
    expect(after(downHealth(), ok(2_000), ok(2_010 + gap))).toMatchObject({ state: 'up', passing: 2, passingSince: 2_000 })
    expect(after(upHealth(), ok(1e9))).toMatchObject({ state: 'up', passing: 6, passingSince: 0 })
  })

  it('does not break the run of one that is down', () => {
    expect(after(downHealth(), failed(1e9))).toMatchObject({ state: 'down', failing: { firstAt: 0, count: 4 } })
  })
})

it('remembers the latest failures, though not all', () => {
  const starts = Array.from({ length: 100 }, (_, index) => index * 5_000)
  const kept = starts.reduce((each, start) => after(each, failed(start)), upHealth()).failing
  expect([kept?.count, kept?.firstAt, kept?.starts.at(-1), kept?.starts.length]).toEqual([100, 0, 495_000, 14])
})

it('starts anew under another check', () => {
  const other = { ...check, identity: 'check-2' }
  expect(observe(downHealth({ falls: { weight: 3, at: 0 } }), ok(2_000), other, policy.damping)).toEqual({
    ...unknownHealth('check-2', 2_000),
    passing: 1,
    passingSince: 2_000,
    observedAt: 2_010,
  })
  expect(observe(upHealth(), cannotTell(2_000), other, policy.damping)).toEqual(unknownHealth('check-2', 2_000))
})

it('learns nothing from a check that cannot tell', () => {
  for (const health of [fresh, upHealth(), downHealth(), after(upHealth(), failed(0), ok(500))]) expect(after(health, cannotTell(9_000))).toEqual(health)
})

describe('re-admission', () => {
  it('is at once after a first fall, delayed after the second, and forgotten by the next fall', () => {
    const once = after(upHealth(), ...series('---++'))
    expect([once.state, once.readmitAt]).toEqual(['up', undefined])
    const twice = after(once, ...series('---++', 3_000))
    expect(twice.state).toBe('up')
    expect(Math.round(((twice.readmitAt ?? 0) - 5_010) / 1_000)).toBe(60)
    expect(after(twice, ...series('---', 6_000))).toMatchObject({ state: 'down', readmitAt: undefined })
  })

  it('does not count the falls of one that was never up', () => {
    expect(after(fresh, ...series('---')).falls).toEqual({ weight: 0, at: 0 })
  })
})

describe('resumed', () => {
  it('is unknown again, and remembers what it passed and how often it fell', () => {
    const twice = after(upHealth(), ...series('---++---++'))
    expect(twice.readmitAt).toBeGreaterThan(0)
    expect(resumed(twice)).toEqual({ ...twice, state: 'unknown', failing: undefined, passing: 0 })
    expect(after(resumed(twice), ...series('++', 6_000))).toMatchObject({ state: 'up', readmitAt: twice.readmitAt })
  })

  it('joins no results of before with new ones', () => {
    expect(after(resumed(after(upHealth(), failed(0), failed(500))), failed(1_000)).state).toBe('unknown')
    expect(after(resumed(after(downHealth(), ok(2_000))), ok(2_500)).state).toBe('unknown')
  })

  it('counts a fall over a restart once, and damps the way back', () => {
    const falls = { weight: 1, at: 0 }
    expect(after(resumed(upHealth({ falls })), ...series('---')).falls.weight).toBeCloseTo(2, 2)
    expect(after(resumed(downHealth({ falls })), ...series('---')).falls).toEqual(falls)
    expect(after(resumed(downHealth({ falls: { weight: 2, at: 0 } })), ...series('++')).readmitAt).toBeGreaterThan(50_000)
  })
})

describe('for any schedule of results', () => {
  const results = fc
    .array(fc.record({ kind: fc.constantFrom('ok', 'failed', 'cannot-tell' as const), pauseMs: fc.integer({ min: 1, max: 3_000 }) }), { maxLength: 60 })
    .map((steps) => {
      let now = 0
      return steps.map(({ kind, pauseMs }) => {
        now += pauseMs
        return kind === 'ok' ? ok(now) : kind === 'failed' ? failed(now) : cannotTell(now)
      })
    })

  it('goes down only on `fall` failures over the span, none of them forgiven, and up only on `rise` in a row', () => {
    fc.assert(
      fc.property(results, (all) => {
        let health = fresh
        for (const [index, result] of all.entries()) {
          const before = health
          health = observe(health, result, check, policy.damping)
          const telling = all.slice(0, index + 1).filter((each) => each.kind !== 'cannot-tell')
          if (health.state === before.state) continue
          if (health.state === 'up') {
            expect(telling.slice(-2).map((each) => each.kind)).toEqual(['ok', 'ok'])
            expect(health.hasPassed).toBe(true)
          } else {
            const forgivenAt = telling.findLastIndex((each, at) => each.kind === 'ok' && telling[at - 1]?.kind === 'ok')
            const failures = telling.slice(forgivenAt + 1).filter((each) => each.kind === 'failed')
            expect(failures.length).toBeGreaterThanOrEqual(3)
            expect((failures.at(-1)?.startedAt ?? 0) - (failures[0]?.startedAt ?? 0)).toBeGreaterThanOrEqual(1_000)
          }
        }
      }),
    )
  })

  it('never returns to unknown, and never forgets that it passed', () => {
    fc.assert(
      fc.property(results, (all) => {
        all.reduce((health, result) => {
          const next = observe(health, result, check, policy.damping)
          if (health.state !== 'unknown') expect(next.state).not.toBe('unknown')
          if (health.hasPassed) expect(next.hasPassed).toBe(true)
          return next
        }, fresh)
      }),
    )
  })
})
