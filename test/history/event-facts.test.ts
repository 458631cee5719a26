import { expect, it } from 'vitest'
import type { EngineEvent } from '../../src/engine/events.ts'
import { boundedJson, boundedText, mostBytes } from '../../src/history/bounded-json.ts'
import { factsOf, type KeptEvent } from '../../src/history/event-facts.ts'
import { ams, down, key, msk, site } from './samples.ts'

const toWall = (ms: number): number => Date.parse('2026-03-01T10:00:00Z') + ms
const same = (text: string): string => text
const content = (...values: readonly (typeof msk)[]): { readonly values: readonly (typeof msk)[]; readonly ttl: number; readonly owned: readonly (typeof msk)[] } => ({ values, ttl: 60, owned: [] })

const written: EngineEvent = {
  site,
  kind: 'written',
  changes: [{ key, before: { key, ...content(msk, ams), version: { secret: 'record id' } }, after: content(ams), reasons: [{ address: msk, action: 'remove', rule: 'down', text: 'status: 500' }] }],
}

const verified: EngineEvent = {
  site,
  kind: 'verified',
  verification: {
    key,
    expected: [ams],
    source: 'name-servers',
    outcome: 'agreed',
    timeToEffectMs: 900,
    movedAt: 61_000,
    servers: [
      {
        server: { name: 'ns1', endpoint: { address: msk, port: 53 } },
        standing: 'agrees',
        agreedAt: 1_000,
        otherTtl: 0,
        answer: { server: { name: 'ns1', endpoint: { address: msk, port: 53 } }, askedAt: 0, answeredAt: 1, outcome: { kind: 'answer', values: [ams], ttl: 60, serial: 7 } },
      },
    ],
  },
}

const cases: readonly (readonly [EngineEvent['kind'], EngineEvent, unknown])[] = [
  ['health', down(2_000), { region: 'msk', address: msk, data: { from: 'up', to: 'down', text: 'status: 500, 3 failed checks', cause: 'status', failingSince: '2026-03-01T10:00:02.000Z' } }],
  ['health', down(), { region: 'msk', address: msk, data: { failingSince: null } }],
  ['written', written, { data: { changes: [{ key, before: content(msk, ams), after: content(ams), reasons: [{ rule: 'down' }] }] } }],
  [
    'verified',
    verified,
    { data: { outcome: 'agreed', movedAt: '2026-03-01T10:01:01.000Z', servers: [{ name: 'ns1', address: '203.0.113.10:53', standing: 'agrees', agreedAt: '2026-03-01T10:00:01.000Z', values: [ams], detail: null }] } },
  ],
  ['drained', { site, kind: 'drained', region: 'msk', origin: 'order', until: 0, reason: 'kernel', by: 'anna' }, { region: 'msk', data: { origin: 'order', until: '1970-01-01T00:00:00.000Z', reason: 'kernel', by: 'anna' } }],
  ['drained', { site, kind: 'drained', region: 'msk', origin: 'order', until: undefined, reason: 'kernel', by: 'anna' }, { data: { until: null } }],
  ['mode', { site, kind: 'mode', key, family: 'v4', from: undefined, to: 'blind' }, { region: undefined, data: { key, family: 'v4', to: 'blind' } }],
  ['unresolved', { site, kind: 'unresolved', region: 'msk', detail: 'SERVFAIL' }, { region: 'msk', data: { detail: 'SERVFAIL' } }],
]

it.each(cases)('keeps the facts of %s', (_kind, event, facts) => {
  const kept = factsOf(event as KeptEvent, toWall)
  expect(kept).toMatchObject(facts as object)
  expect(JSON.stringify(kept)).not.toContain('record id')
})

it('keeps a long event without its reasons, and of one that is longer the beginning', () => {
  const long = { address: msk, action: 'remove' as const, rule: 'down', text: 'x'.repeat(mostBytes) }
  const event = { ...written, changes: written.changes.map((each) => ({ ...each, reasons: [long] })) } as KeptEvent
  const { data, short } = factsOf(event, toWall)
  expect(JSON.parse(boundedJson([data, short], same))).toEqual({ changes: [{ key, before: content(msk, ams), after: content(ams) }] })
  const cut = JSON.parse(boundedJson([{ text: '€'.repeat(6_000) }], same)) as unknown
  expect(cut).toMatchObject({ isCut: true, text: expect.stringMatching(/^\{"text":"€+$/) })
  expect(boundedText('x'.repeat(5_000))).toHaveLength(2_000)
})

it('makes JSON of what is none', () => {
  const round: { self?: unknown } = {}
  round.self = round
  expect(boundedJson([round], same)).toBe('null')
  expect(boundedJson([undefined], same)).toBe('null')
  expect(boundedJson([{ a: new Set([1]), b: new Map([[1, 2]]), c: 5n, d: undefined }], same)).toBe('{"a":[1],"b":[[1,2]],"c":"5"}')
})
