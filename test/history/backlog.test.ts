import { expect, it } from 'vitest'
import type { CheckResult } from '../../src/core/result.ts'
import { createBacklog } from '../../src/history/backlog.ts'
import type { EventRow, HistoryRow } from '../../src/history/messages.ts'

const event = (id: number): EventRow => ({ kind: 'event', id, at: id, site: null, region: null, address: null, event: 'service', level: 'info', text: '', data: 'null' })
const place = (at: number, region = 'r'): { readonly site: string; readonly region: string; readonly address: string; readonly at: number } => ({ site: 's', region, address: 'a', at })
const ok: CheckResult = { kind: 'ok', startedAt: 0, finishedAt: 1, timing: { totalMs: 1 } }
const told = (rows: readonly HistoryRow[]): readonly unknown[] => rows.map((row) => (row.kind === 'event' ? row.id : [row.at, row.kind === 'checks' ? row.sums.ok : row.sums.upMs]))
const all = { most: 10, begunBy: Number.POSITIVE_INFINITY }

it('sums up what belongs together, and gives sums only when they are wanted', () => {
  const backlog = createBacklog(10, () => 0)
  for (const at of [0, 0, 60]) backlog.check(place(at), ok)
  backlog.event(event(1))
  expect(told(backlog.take(10))).toEqual([1])
  expect(told(backlog.take(1, all))).toEqual([[0, 2]])
  backlog.check(place(60), ok)
  expect(told(backlog.take(10, all))).toEqual([[60, 2]])
  expect(backlog.size()).toBe(0)
})

it('gives no more sums than are wanted, and none that were begun later', () => {
  let now = 0
  const backlog = createBacklog(10, () => now)
  for (const at of [0, 60, 120]) {
    now = at
    backlog.check(place(at), ok)
  }
  now = 130
  backlog.check(place(120), ok)
  backlog.event(event(1))
  expect(told(backlog.take(10, { most: 1, begunBy: 60 }))).toEqual([1, [0, 1]])
  expect(told(backlog.take(10, { most: 10, begunBy: 60 }))).toEqual([[60, 1]])
  expect(told(backlog.take(10, { most: 10, begunBy: 119 }))).toEqual([])
  expect(told(backlog.take(10, { most: 10, begunBy: 120 }))).toEqual([[120, 2]])
})

it('begins a sum anew once it was given away, and leaves what was given as it is', () => {
  const backlog = createBacklog(10, () => 0)
  backlog.check(place(0), ok)
  const taken = backlog.take(10, all)
  backlog.check(place(0), ok)
  expect([told(taken), told(backlog.take(10, all))]).toEqual([[[0, 1]], [[0, 1]]])
})

it('keeps apart what an address was to each region that led to it within a minute', () => {
  const backlog = createBacklog(10, () => 0)
  for (const region of ['r', 'q', 'r']) backlog.check(place(0, region), ok)
  expect(backlog.take(10, all).map((row) => (row.kind === 'checks' ? [row.region, row.sums.ok] : row))).toEqual([
    ['r', 2],
    ['q', 1],
  ])
})

it('drops the oldest sums, then the oldest events, and counts them', () => {
  const backlog = createBacklog(3, () => 0)
  backlog.event(event(1))
  for (const at of [0, 60, 120]) backlog.check(place(at), ok)
  expect(backlog.takeDropped()).toBe(1)
  for (const id of [2, 3, 4]) backlog.event(event(id))
  expect(backlog.takeDropped()).toBe(3)
  expect(backlog.takeDropped()).toBe(0)
  expect(told(backlog.take(10, all))).toEqual([2, 3, 4])
})
