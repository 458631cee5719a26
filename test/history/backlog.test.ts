import { expect, it } from 'vitest'
import { createBacklog } from '../../src/history/backlog.ts'
import { noChecks } from '../../src/history/check-sums.ts'
import type { EventRow, HistoryRow } from '../../src/history/messages.ts'

const event = (id: number): EventRow => ({ kind: 'event', id, at: id, site: null, region: null, address: null, event: 'service', level: 'info', text: '', data: 'null' })
const place = (at: number): { readonly site: string; readonly region: string; readonly address: string; readonly at: number } => ({ site: 's', region: 'r', address: 'a', at })
const ok = (count: number): typeof noChecks => ({ ...noChecks, ok: count })
const told = (rows: readonly HistoryRow[]): readonly unknown[] => rows.map((row) => (row.kind === 'event' ? row.id : [row.at, row.kind === 'checks' ? row.sums.ok : row.sums.upMs]))

it('sums up what belongs together, and gives sums only when they are wanted', () => {
  const backlog = createBacklog(10)
  backlog.checks(place(0), ok(1))
  backlog.checks(place(0), ok(1))
  backlog.checks(place(60), ok(1))
  backlog.event(event(1))
  expect(told(backlog.take(10, false))).toEqual([1])
  expect(told(backlog.take(1, true))).toEqual([[0, 2]])
  backlog.checks(place(60), ok(1))
  expect(told(backlog.take(10, true))).toEqual([[60, 2]])
  expect(backlog.size()).toBe(0)
})

it('drops the oldest sums, then the oldest events, and counts them', () => {
  const backlog = createBacklog(3)
  backlog.event(event(1))
  for (const at of [0, 60, 120]) backlog.checks(place(at), ok(1))
  expect(backlog.takeDropped()).toBe(1)
  for (const id of [2, 3, 4]) backlog.event(event(id))
  expect(backlog.takeDropped()).toBe(3)
  expect(backlog.takeDropped()).toBe(0)
  expect(told(backlog.take(10, true))).toEqual([2, 3, 4])
})
