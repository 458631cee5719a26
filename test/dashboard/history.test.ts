import { expect, it } from 'vitest'
import type { IncidentView, SeriesPoint, StoredEvent } from '../../src/engine/history-port.ts'
import { columnsOf } from '../../src/dashboard/charts/columns.ts'
import { changesIn, decisionIn, plainFacts, serversIn } from '../../src/dashboard/format/event-details.ts'
import { isEchoed } from '../../src/dashboard/format/is-echoed.ts'
import { byDay, joinItems, mergeTimeline } from '../../src/dashboard/format/merge-timeline.ts'
import { milestones, offsetText } from '../../src/dashboard/format/story-steps.ts'

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 31, 12, minute)).toISOString()

const incident = (id: number, minute: number, more: Partial<IncidentView> = {}): IncidentView => ({
  id,
  site: 'a.example',
  region: 'ams',
  address: '198.51.100.20',
  kind: 'down',
  cause: 'timeout',
  startedAt: at(minute),
  endedAt: null,
  durationMs: 0,
  detectMs: null,
  withdrawMs: null,
  effectMs: null,
  ...more,
})

const event = (id: number, minute: number, more: Partial<StoredEvent> = {}): StoredEvent => ({ id, at: at(minute), site: 'a.example', region: 'ams', address: null, kind: 'drained', level: 'info', text: '', data: {}, ...more })

const ids = (entries: ReturnType<typeof mergeTimeline>): readonly string[] => entries.map((entry) => (entry.kind === 'incident' ? `i${entry.incident.id}` : `e${entry.event.id}`))

it('puts both lists in one, and holds back what a page to come may stand before', () => {
  const incidents = { items: [incident(1, 50), incident(2, 40)], isWhole: false }
  const events = { items: [event(3, 45), event(4, 10)], isWhole: true }
  expect(ids(mergeTimeline(incidents, events))).toEqual(['i1', 'e3', 'i2'])
  expect(ids(mergeTimeline({ ...incidents, isWhole: true }, events))).toEqual(['i1', 'e3', 'i2', 'e4'])
  expect(ids(mergeTimeline({ items: [], isWhole: false }, events))).toEqual([])
})

it('takes the newer word on an item, and each once', () => {
  const ended = incident(2, 40, { endedAt: at(55) })
  expect(joinItems([incident(1, 50), incident(2, 40)], [ended, incident(5, 55)], ({ startedAt }) => startedAt)).toEqual([incident(5, 55), incident(1, 50), ended])
})

it('goes by days', () => {
  const entries = mergeTimeline({ items: [incident(1, 50), incident(2, 40)], isWhole: true }, { items: [], isWhole: true })
  expect(byDay(entries, (iso) => (iso === at(50) ? 'today' : 'yesterday')).map(({ day, entries: all }) => [day, all.length])).toEqual([
    ['today', 1],
    ['yesterday', 1],
  ])
})

it('tells an order once: as it came into force', () => {
  const order = (action: string, outcome: string) => ({ kind: 'operator' as const, data: { actor: { name: 'anna' }, data: { action, outcome } } })
  expect([isEchoed(order('drain', 'done'), []), isEchoed(order('force up', 'done'), ['forced', 'operator'])]).toEqual([true, true])
  expect([isEchoed(order('drain', 'floor'), []), isEchoed(order('reconcile', 'done'), []), isEchoed(order('drain', 'done'), ['operator']), isEchoed({ kind: 'drained', data: {} }, []), isEchoed({ kind: 'operator', data: null }, [])]).toEqual([false, false, false, false, false])
})

it('knows the way from the first failed check until clients have moved', () => {
  const story = {
    incident: incident(1, 10, { detectMs: 2_104, withdrawMs: 2_400, effectMs: 3_500, endedAt: at(20), durationMs: 600_000 }),
    events: [event(1, 9, { kind: 'verified', data: { movedAt: at(9) } }), event(2, 11, { kind: 'verified', data: { movedAt: at(12) } })],
    isCut: false,
    points: [],
  }
  expect(milestones(story).map(({ word, afterMs }) => [word, afterMs])).toEqual([
    ['first failed check', null],
    ['verdict: down', 2_104],
    ['written', 296],
    ['name servers agree', 1_100],
    ['clients moved', 116_500],
    ['ended', 480_000],
  ])
  expect(milestones({ ...story, incident: incident(1, 10, { kind: 'blind' }) }).map(({ word }) => word)).toEqual(['began'])
  expect([offsetText(at(9), at(10)), offsetText(at(10), at(10)), offsetText(at(12), at(10))]).toEqual(['−1 min', '+0 ms', '+2 min'])
})

it('reads what an event carries, and takes nothing for granted', () => {
  const key = { name: 'a.example', type: 'AAAA' }
  expect(changesIn({ changes: [{ key, before: { values: ['::1'], ttl: 60 }, after: { values: [], ttl: 60 }, reasons: [{ address: '::1', action: 'withhold', rule: 'down', text: 'timeout' }] }] })).toEqual([
    { ...key, before: { values: ['::1'], ttl: 60 }, after: { values: [], ttl: 60 }, reasons: [{ address: '::1', action: 'withhold', rule: 'down', text: 'timeout' }] },
  ])
  expect(decisionIn({ key, entry: { address: '::1', action: 'withhold', rule: 'down', text: 'timeout' }, from: { action: 'publish', rule: 'up' } })).toEqual({
    key: 'a.example AAAA',
    address: '::1',
    action: 'withhold',
    rule: 'down',
    text: 'timeout',
    before: 'publish by the rule “up”',
  })
  expect(serversIn({ servers: [{ name: 'ns1', address: '192.0.2.53:53', standing: 'agrees', agreedAt: at(1), values: ['::1', 7], detail: null }] })).toEqual([
    { name: 'ns1', address: '192.0.2.53:53', standing: 'agrees', agreedAt: at(1), values: ['::1'], detail: null },
  ])
  expect(plainFacts({ by: 'anna', until: null, count: 3, more: {} })).toEqual([
    { name: 'by', value: 'anna' },
    { name: 'count', value: '3' },
  ])
  for (const data of [undefined, null, 'x', 7, [], {}, { changes: 'x', servers: {}, entry: null }]) expect([changesIn(data), serversIn(data), decisionIn(data)]).toEqual([[], [], undefined])
})

const point = (minute: number, more: Partial<SeriesPoint> = {}): SeriesPoint => ({
  at: at(minute),
  ok: 1,
  failed: 0,
  cannotTell: 0,
  causes: {},
  latency: { minMs: 1, meanMs: 2, p50Ms: 3, p95Ms: 4, maxMs: 5 },
  phases: { connect: 1, tls: 2, headers: 3 },
  certificateDays: null,
  ...more,
})

it('breaks a line where nothing is known, or nothing passed', () => {
  const points = [point(0), point(1, { latency: null, phases: {} }), point(5)]
  const times = [0, 1, 2, 5].map((minute) => Date.parse(at(minute)) / 1000)
  expect(columnsOf(points, 'latency', 60_000)).toEqual([times, [3, null, null, 3], [4, null, null, 4], [5, null, null, 5]])
  // Widest first: body ends where all do, connect where the first phase does.
  expect(columnsOf(points, 'phases', 60_000)).toEqual([times, [6, null, null, 6], [6, null, null, 6], [3, null, null, 3], [1, null, null, 1]])
})
