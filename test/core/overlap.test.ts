import { describe, expect, it } from 'vitest'
import { heardAnewAt, isUnheardOver, type Overlap } from '../../src/core/overlap.ts'
import type { CheckResult } from '../../src/core/result.ts'
import { v4, v6 } from './samples.ts'

const overlap: Overlap = { address: v4(1), firstAt: 1_000, secondAt: 1_500 }

describe('isUnheardOver', () => {
  it.each([
    ['answered before the first start, and then long after the second', 999, 1_526, true],
    ['answered at the first start', 1_000, 1_526, false],
    ['answered between the two', 1_400, 3_000, false],
    ['was asked right after the second start', 999, 1_525, false],
    ['answered twice before', 0, 999, false],
    ['answered after both', 2_000, 3_000, false],
  ])('of one that %s', (_, after, until, expected) => {
    expect(isUnheardOver([overlap], v4(2), after, until)).toBe(expected)
  })

  it('is not for the address itself, nor for another family', () => {
    expect(isUnheardOver([overlap], v4(1), 0, 9_000)).toBe(false)
    expect(isUnheardOver([overlap], v6(2), 0, 9_000)).toBe(false)
  })

  it('takes one such overlap of many', () => {
    const others = [{ ...overlap, firstAt: 100, secondAt: 150 }, overlap, { ...overlap, firstAt: 5_000, secondAt: 5_100 }]
    expect(isUnheardOver(others, v4(2), 200, 2_000)).toBe(true)
    expect(isUnheardOver(others, v4(2), 1_200, 5_000)).toBe(false)
  })
})

describe('heardAnewAt', () => {
  const passed = (startedAt: number, totalMs: number, connectMs?: number): CheckResult => ({
    kind: 'ok',
    startedAt,
    finishedAt: startedAt + totalMs,
    timing: { totalMs, ...(connectMs === undefined ? {} : { connectMs }) },
    status: 200,
  })
  const before = { passing: 4, observedAt: 500 }

  it.each<readonly [string, CheckResult, number | undefined]>([
    ['asked beside', passed(1_500, 20, 5), undefined],
    ['asked beside, on an open connection', passed(1_500, 20), undefined],
    ['under way from before the first start until long after the second', passed(900, 800, 5), 1_700],
    ['begun between the two', passed(1_200, 800, 5), undefined],
    ['not asked before all is over', passed(2_000, 20, 5), 2_000],
    ['asked beside, and let in at a second SYN', passed(1_500, 1_030, 1_010), 2_530],
    ['asked beside on an open connection, and answered after a second try', passed(1_500, 260), 1_760],
    ['asked beside, and slow', passed(1_500, 800, 5), undefined],
    ['failing', { kind: 'failed', cause: 'timeout', detail: '', startedAt: 2_000, finishedAt: 2_010, timing: { totalMs: 10 } }, undefined],
  ])('one %s', (_, result, expected) => {
    expect(heardAnewAt([overlap], v4(2), before, result)).toBe(expected)
  })

  it('is nothing of one that has not passed before: it begins with this check, or in it', () => {
    expect(heardAnewAt([overlap], v4(2), { passing: 0, observedAt: 500 }, passed(2_000, 20, 5))).toBeUndefined()
    expect(heardAnewAt([overlap], v4(2), { passing: 0, observedAt: 500 }, passed(900, 800, 5))).toBe(1_700)
  })

  it('is nothing where no checks overlapped', () => {
    expect(heardAnewAt([], v4(2), before, passed(2_000, 20, 5))).toBeUndefined()
  })
})
