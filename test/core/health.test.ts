import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Health, type HealthRules, observe, resumed, unknownHealth, withFallSeen } from '../../src/core/health.ts'
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
    failing: { firstAt: 5_000, previousAt: 5_500, lastAt: 6_500, starts: [5_000, 5_500, 6_500], count: 3, cause: 'status', detail: '503' },
    passing: 0,
    passingSince: 6_000,
    observedAt: 6_510,
    falls: { weight: 0, at: 0 },
    isFallUnseen: true,
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
    isFallUnseen: false,
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
    failing: { firstAt: 0, previousAt: 0, lastAt: 0, starts: [0], count: 1 },
  })
})

it('keeps the time of going down while more fails', () => {
  expect(after(downHealth({ since: 1_010 }), failed(6_000))).toMatchObject({
    state: 'down',
    since: 1_010,
    failing: { firstAt: 0, previousAt: 1_000, lastAt: 6_000, starts: [500, 1_000, 6_000], count: 4 },
  })
})

describe('a gap', () => {
  const gap = 10_000 + 2 * (2_000 + 1_000)
  it('breaks a run: the machine slept', () => {
    const before = after(upHealth(), failed(0), failed(500))
    const failing = { firstAt: 510 + gap + 1, previousAt: 510 + gap + 1, lastAt: 510 + gap + 1, starts: [510 + gap + 1], count: 1 }
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

describe('the failures that are remembered', () => {
  const kept = (starts: readonly number[], rules: HealthRules = check): readonly number[] | undefined =>
    starts.reduce((each, start) => observe(each, failed(start), rules, policy.damping), upHealth()).failing?.starts

  it.each<readonly [string, readonly number[], readonly number[]]>([
    ['as many as a verdict takes', [0, 5_000, 10_000, 15_000], [5_000, 10_000, 15_000]],
    ['all that the span takes', [0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000], [0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1_000]],
    ['no more than the span takes', [0, 100, 500, 1_000, 1_100], [100, 500, 1_000, 1_100]],
    ['no denser than a verdict takes', [0, 83, 84, 85, 1_000], [0, 84, 1_000]],
  ])('%s', (_, starts, expected) => {
    expect(kept(starts)).toEqual(expected)
  })

  it('are enough for a verdict whenever all of them are, and few', () => {
    const rules = fc.record({ fall: fc.integer({ min: 1, max: 6 }), confirmSpanMs: fc.constantFrom(0, 200, 1_000, 20_000) })
    const pauses = fc.array(fc.integer({ min: 100, max: 5_000 }), { maxLength: 120 })
    fc.assert(
      fc.property(rules, pauses, ({ fall, confirmSpanMs }, gaps) => {
        const starts = gaps.reduce((all, gap) => [...all, (all.at(-1) ?? 0) + Math.max(gap, confirmSpanMs / (4 * fall))], [0])
        const few = kept(starts, { ...check, fall, confirmSpanMs, bounds: { ...check.bounds, totalMs: 10_000 } }) ?? []
        const spans = (all: readonly number[]): boolean => all.length >= fall && (all.at(-1) ?? 0) - (all[0] ?? 0) >= confirmSpanMs
        expect(spans(few)).toBe(spans(starts))
        expect(few.length).toBeLessThanOrEqual(5 * fall + 1)
      }),
    )
  })
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
  const seen = (health: Health): Health => withFallSeen(health, (health.observedAt ?? 0) + 5, policy.damping)

  it('is at once after a first fall, delayed after the second, and forgotten by the next fall', () => {
    const once = after(seen(after(upHealth(), ...series('---'))), ...series('++', 1_500))
    expect([once.state, once.readmitAt, once.isFallUnseen]).toEqual(['up', undefined, false])
    const twice = after(seen(after(once, ...series('---', 3_000))), ...series('++', 4_500))
    expect(twice.state).toBe('up')
    expect(Math.round(((twice.readmitAt ?? 0) - 5_010) / 1_000)).toBe(60)
    expect(after(twice, ...series('---', 6_000))).toMatchObject({ state: 'down', readmitAt: undefined })
  })

  it('does not count a fall that nobody saw', () => {
    expect(after(upHealth(), ...series('---++---++'))).toMatchObject({ state: 'up', falls: { weight: 0 }, isFallUnseen: false, readmitAt: undefined })
  })

  it('counts a fall once', () => {
    const down = after(upHealth(), ...series('---'))
    expect(down).toMatchObject({ falls: { weight: 0, at: 0 }, isFallUnseen: true })
    expect(seen(down)).toEqual({ ...down, falls: { weight: 1, at: 1_015 }, isFallUnseen: false })
    expect(seen(seen(down))).toEqual(seen(down))
  })

  it('does not count the falls of one that was never up', () => {
    expect(after(fresh, ...series('---')).isFallUnseen).toBe(false)
  })
})

describe('resumed', () => {
  const waiting = upHealth({ since: 7, falls: { weight: 2, at: 0 }, readmitAt: 64_000 })

  it('is unknown again, and remembers what it passed, how often it fell and what it waits for', () => {
    const health = after(waiting, failed(0), ok(500))
    expect(resumed(health)).toEqual({ ...health, state: 'unknown', failing: undefined, passing: 0 })
  })

  it('joins no results of before with new ones', () => {
    expect(after(resumed(after(upHealth(), failed(0), failed(500))), failed(1_000)).state).toBe('unknown')
    expect(after(resumed(after(downHealth(), ok(2_000))), ok(2_500)).state).toBe('unknown')
  })

  it('goes on as before, once checks say so again', () => {
    expect(after(resumed(waiting), ...series('++', 6_000))).toMatchObject({ state: 'up', since: 7, readmitAt: 64_000 })
    expect(after(resumed(downHealth({ since: 7 })), ...series('---', 9_000))).toMatchObject({ state: 'down', since: 7, isFallUnseen: false })
    expect(after(resumed(downHealth({ isFallUnseen: true })), ...series('---', 9_000)).isFallUnseen).toBe(true)
  })

  it('falls and comes up over a restart as without one', () => {
    expect(after(resumed(waiting), ...series('---', 9_000))).toMatchObject({ state: 'down', since: 10_010, isFallUnseen: true, readmitAt: undefined })
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
