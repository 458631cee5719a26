import { expect, it } from 'vitest'
import type { CheckResult } from '../../src/core/result.ts'
import { createRecentResults } from '../../src/engine/recent-results.ts'
import { v4 } from '../core/samples.ts'

const [msk, ams] = [v4(1), v4(2)]
const ok = (startedAt: number): CheckResult => ({ kind: 'ok', startedAt, finishedAt: startedAt + 5, timing: { totalMs: 5 } })
const failed = (startedAt: number): CheckResult => ({ kind: 'failed', cause: 'timeout', detail: 'no answer', startedAt, finishedAt: startedAt + 2_000, timing: { totalMs: 2_000 } })
const lost = (startedAt: number): CheckResult => ({ kind: 'cannot-tell', cause: 'no-route', detail: 'ENETUNREACH', startedAt, finishedAt: startedAt, timing: { totalMs: 0 } })

it('has the last results of each address, oldest first', () => {
  const recent = createRecentResults(3)
  expect(recent.of(msk)).toEqual([])
  recent.add(msk, ok(1.5))
  recent.add(msk, failed(2))
  recent.add(ams, lost(3))
  expect(recent.of(msk)).toEqual([{ startedAt: 1.5, kind: 'ok', cause: undefined, ms: 5 }, { startedAt: 2, kind: 'failed', cause: 'timeout', ms: 2_000 }])
  expect(recent.of(ams)).toEqual([{ startedAt: 3, kind: 'cannot-tell', cause: 'no-route', ms: 0 }])
  for (let at = 3; at <= 10; at += 1) recent.add(msk, at % 2 === 0 ? ok(at) : failed(at))
  expect(recent.of(msk).map(({ startedAt, kind, cause }) => [startedAt, kind, cause])).toEqual([[8, 'ok', undefined], [9, 'failed', 'timeout'], [10, 'ok', undefined]])
})

it('forgets the addresses that it is not to keep', () => {
  const recent = createRecentResults(3)
  recent.add(msk, ok(1))
  recent.add(ams, ok(1))
  recent.keep((address) => address === ams)
  expect([recent.of(msk).length, recent.of(ams).length]).toEqual([0, 1])
})
