import { expect, it } from 'vitest'
import type { IncidentView, StoredEvent } from '../../src/engine/history-port.ts'
import { createIncidentFold } from '../../src/history/incidents.ts'
import { stored } from './samples.ts'

/** Seconds after ten. */
const at = (seconds: number): string => new Date(Date.parse('2026-03-01T10:00:00Z') + seconds * 1000).toISOString()
const address = '203.0.113.10'
const other = '198.51.100.20'
const key = { name: 'failover.example.com.', type: 'A' }
const www = { name: 'www.example.com.', type: 'A' }

type Happening = readonly [seconds: number, kind: StoredEvent['kind'], data?: unknown, more?: Partial<StoredEvent>]

const health = (seconds: number, to: string, data: object = {}, whose = address): Happening => [seconds, 'health', { from: 'x', to, text: 'text', ...data }, { region: 'msk', address: whose }]
const mode = (seconds: number, to: string, of = key): Happening => [seconds, 'mode', { key: of, to }]
const content = (...values: readonly string[]): object => ({ values, ttl: 60, owned: values })
const written = (seconds: number, before: readonly string[], after: readonly string[], ...keys: readonly (typeof key)[]): Happening => [
  seconds,
  'written',
  { changes: keys.map((each) => ({ key: each, before: content(...before), after: content(...after) })) },
]
const verified = (seconds: number, expected: readonly string[], outcome: string, more: object = {}, of = key): Happening => [seconds, 'verified', { key: of, expected, outcome, ...more }]
const decided = (seconds: number, rule: string, from?: object, more: Partial<StoredEvent> = {}): Happening => [seconds, 'decided', { key, entry: { rule }, from }, more]
const started = (seconds: number): Happening => [seconds, 'service', { event: 'started' }, { site: null }]

const both = [address, other]
const off = [other]

const incidentsOf = (happenings: readonly Happening[], nowSeconds = 1_000): readonly IncidentView[] => {
  const fold = createIncidentFold()
  for (const [index, [seconds, kind, data, more]] of happenings.entries()) fold.add(stored(index + 1, at(seconds), { kind, data, text: `text of ${kind}`, ...more }))
  return fold.incidents(0, Date.parse(at(nowSeconds)), Date.parse(at(nowSeconds)))
}

/** kind, cause, from and to in seconds after ten, times to detect, to withdraw, to effect. */
type Told = readonly [kind: string, cause: string, from: number, to: number | null, detect?: number | null, withdraw?: number | null, effect?: number | null]

const secondsOf = (text: string): number => (Date.parse(text) - Date.parse(at(0))) / 1000
const told = ({ kind, cause, startedAt, endedAt, detectMs, withdrawMs, effectMs }: IncidentView): Told => [
  kind,
  cause,
  secondsOf(startedAt),
  endedAt === null ? null : secondsOf(endedAt),
  detectMs,
  withdrawMs,
  effectMs,
]

const cases: readonly (readonly [title: string, happenings: readonly Happening[], incidents: readonly Told[]])[] = [
  ['nothing', [], []],
  ['an address that comes up at the start', [health(0, 'up')], []],
  ['one that goes down and comes back', [health(10, 'down', { cause: 'status', failingSince: at(8) }), health(70, 'up')], [['down', 'status', 8, 70, 2_000, null, null]]],
  ['one that is still down', [health(10, 'down', { cause: 'status' })], [['down', 'status', 10, null, 0, null, null]]],
  ['a failing run that a wrong clock puts after its verdict', [health(10, 'down', { failingSince: at(99) })], [['down', 'text', 10, null, 0, null, null]]],
  ['the same said once more', [health(10, 'down', { cause: 'status' }), health(20, 'down', { cause: 'refused' }), health(30, 'up')], [['down', 'status', 10, 30, 0, null, null]]],
  [
    'withdrawn, and seen so everywhere',
    [health(10, 'down', { cause: 'refused', failingSince: at(8) }), written(11, both, off, key), verified(15, off, 'agreed', { timeToEffectMs: 3_000 }), health(60, 'up')],
    [['down', 'refused', 8, 60, 2_000, 3_000, 6_000]],
  ],
  ['seen so after it was back', [health(10, 'down'), written(11, both, off, key), health(12, 'up'), verified(15, off, 'agreed')], [['down', 'text', 10, 12, 0, 1_000, 5_000]]],
  [
    'its return is not taken for its withdrawal',
    [health(10, 'down'), written(11, both, off, key), verified(14, off, 'unconfirmed'), health(20, 'up'), written(21, off, both, key), verified(22, both, 'agreed')],
    [['down', 'text', 10, 20, 0, 1_000, null]],
  ],
  [
    'of two names the later counts',
    [health(10, 'down'), written(11, both, off, key, www), verified(13, off, 'agreed'), verified(19, off, 'agreed', { timeToEffectMs: 7_000 }, www)],
    [['down', 'text', 10, null, 0, 1_000, 8_000]],
  ],
  ['of two names one is not seen yet', [health(10, 'down'), written(11, both, off, key, www), verified(13, off, 'agreed')], [['down', 'text', 10, null, 0, 1_000, null]]],
  ['another address is withdrawn', [health(10, 'down'), written(11, both, [address], key)], [['down', 'text', 10, null, 0, null, null]]],
  ['a restart ends nothing', [health(10, 'down'), started(20), health(25, 'unknown')], [['down', 'text', 10, null, 0, null, null]]],
  ['down before a restart, up after it', [health(10, 'down'), started(20), health(40, 'up')], [['down', 'text', 10, 40, 0, null, null]]],
  ['still down after a restart', [health(10, 'down', { cause: 'tls' }), started(20), health(25, 'down', { cause: 'status' })], [['down', 'tls', 10, null, 0, null, null]]],
  ['repointed elsewhere', [health(10, 'down'), [50, 'repointed', { from: [address], to: [other] }]], [['down', 'text', 10, 50, 0, null, null]]],
  ['promoted', [health(10, 'down'), [50, 'promoted', { from: [address], to: [other] }]], [['down', 'text', 10, 50, 0, null, null]]],
  ['replaced, as its subdomain now says', [health(10, 'down'), decided(50, 'replaced', {}, { region: 'msk', address })], [['down', 'text', 10, 50, 0, null, null]]],
  [
    'two addresses',
    [health(10, 'down'), health(12, 'down', {}, other), health(30, 'up'), health(40, 'up', {}, other)],
    [['down', 'text', 10, 30, 0, null, null], ['down', 'text', 12, 40, 0, null, null]],
  ],
  ['flapping', [health(1, 'down'), health(2, 'up'), health(3, 'down'), health(4, 'up')], [['down', 'text', 1, 2, 0, null, null], ['down', 'text', 3, 4, 0, null, null]]],
  ['blind', [mode(5, 'blind'), mode(9, 'normal')], [['blind', 'failover.example.com. A: blind', 5, 9, null, null, null]]],
  ['blind in two names counts once, until both see', [mode(5, 'blind'), mode(6, 'blind', www), mode(9, 'normal'), mode(12, 'undecided', www)], [['blind', 'failover.example.com. A: blind', 5, 12, null, null, null]]],
  [
    'blind, then failing open',
    [mode(5, 'blind'), mode(9, 'fail-open'), mode(20, 'normal')],
    [['blind', 'failover.example.com. A: blind', 5, 9, null, null, null], ['fail-open', 'failover.example.com. A: fail-open', 9, 20, null, null, null]],
  ],
  ['failed closed still', [mode(5, 'fail-closed')], [['fail-closed', 'failover.example.com. A: fail-closed', 5, null, null, null, null]]],
  ['a mode that became normal unsaid over a restart', [mode(5, 'fail-open'), started(10), decided(14, 'up')], [['fail-open', 'failover.example.com. A: fail-open', 5, 14, null, null, null]]],
  ['a mode that goes on over a restart', [mode(5, 'blind'), started(10), decided(14, 'blind'), mode(15, 'blind')], [['blind', 'failover.example.com. A: blind', 5, null, null, null, null]]],
  ['a provider that fails and recovers', [[5, 'provider-failed'], [6, 'provider-failed'], [30, 'provider-recovered']], [['provider-failed', 'text of provider-failed', 5, 30, null, null, null]]],
  ['a provider that was written to after all', [[5, 'provider-failed'], written(9, both, off, key)], [['provider-failed', 'text of provider-failed', 5, 9, null, null, null]]],
  ['a provider that recovered while the program was gone', [[5, 'provider-failed'], started(20), decided(22, 'up')], [['provider-failed', 'text of provider-failed', 5, 22, null, null, null]]],
  ['a provider that still fails after a restart', [[5, 'provider-failed'], started(20), [21, 'provider-failed'], decided(22, 'up')], [['provider-failed', 'text of provider-failed', 5, null, null, null, null]]],
  [
    'name servers that disagree, then agree',
    [verified(5, off, 'disagreed', { servers: [{ name: 'ns1', standing: 'agrees' }, { name: 'ns2', standing: 'differs' }] }), verified(7, off, 'unconfirmed'), verified(9, off, 'agreed')],
    [['disagreed', 'failover.example.com. A: ns2 differs', 5, 9, null, null, null]],
  ],
  ['what no version of the program wrote', [[1, 'health', 'nonsense', { address }], [2, 'mode', null], [3, 'written', { changes: 5 }], [4, 'verified', {}], [5, 'service', 7]], []],
]

it.each(cases)('%s', (_title, happenings, incidents) => {
  expect(incidentsOf(happenings).map(told)).toEqual(incidents)
})

it('names the event that began it, where, and how long it has lasted', () => {
  expect(incidentsOf([started(0), health(10, 'down', { cause: 'status' })], 40)).toEqual([
    {
      id: 2,
      site: 'failover.example.com',
      region: 'msk',
      address,
      kind: 'down',
      cause: 'status',
      startedAt: at(10),
      endedAt: null,
      durationMs: 30_000,
      detectMs: 0,
      withdrawMs: null,
      effectMs: null,
    },
  ])
})

it('keeps sites apart', () => {
  const elsewhere: Happening = [20, 'health', { to: 'up' }, { site: 'else.example', region: 'msk', address }]
  expect(incidentsOf([health(10, 'down'), elsewhere]).map(({ endedAt }) => endedAt)).toEqual([null])
})

it('gives those that touch the period', () => {
  const fold = createIncidentFold()
  const all = [health(10, 'down'), health(20, 'up'), health(30, 'down'), health(40, 'up'), health(50, 'down')]
  for (const [index, [seconds, kind, data, more]] of all.entries()) fold.add(stored(index + 1, at(seconds), { kind, data, ...more }))
  const within = (from: number, to: number): readonly number[] => fold.incidents(Date.parse(at(from)), Date.parse(at(to)), Date.parse(at(60))).map(({ id }) => id)
  expect(within(0, 100)).toEqual([1, 3, 5])
  expect(within(21, 29)).toEqual([])
  expect(within(15, 31)).toEqual([1, 3])
  expect(within(55, 100)).toEqual([5])
})
