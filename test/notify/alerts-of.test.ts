import { expect, it } from 'vitest'
import type { EngineEvent } from '../../src/engine/events.ts'
import { alertsOf, forgetSite, keepAddresses, newWatch } from '../../src/notify/alerts-of.ts'
import { ams, cycled, decided, down, health, key, mode, msk, otherKey, site, up, verified } from './happenings.ts'

/** Each alert as `key severity title: text`, an end as `END key title: text`; an event a second. */
const told = (events: readonly EngineEvent[]): readonly string[] => {
  let watch = newWatch
  return events.flatMap((event, at) => {
    const outcome = alertsOf(watch, event, at * 1000)
    watch = outcome.watch
    return outcome.alerts.map(({ key: of, severity, isResolved, title, text }) => `${isResolved ? `END ${of}` : `${of} ${severity}`} | ${title} | ${text}`)
  })
}
const keys = (events: readonly EngineEvent[]): readonly string[] => told(events).map((line) => line.split(' | ')[0] ?? '')

const downKey = `region-down/${site}/${msk}`
const drained: EngineEvent = { site, kind: 'drained', region: 'msk', origin: 'order', until: undefined, reason: 'kernel', by: 'ops' }
const undrained: EngineEvent = { site, kind: 'undrained', region: 'msk' }
const ending: EngineEvent = { site, kind: 'drain-ending', region: 'msk', until: 300_000 }
const refused: EngineEvent = { site, kind: 'refused', key, code: 'floor', text: 'it would be empty' }
const expiring = (days: number): EngineEvent => ({ site, kind: 'certificate-expiring', region: 'msk', address: msk, days })
const checked = (certificateDays: number): EngineEvent => ({ site, kind: 'checked', region: 'msk', address: msk, result: { kind: 'ok', startedAt: 0, finishedAt: 1, timing: { totalMs: 1 }, certificateDays } })
const failed: EngineEvent = { site, kind: 'provider-failed', text: 'HTTP 503' }
const recovered: EngineEvent = { site, kind: 'provider-recovered' }
const fault: EngineEvent = { site, kind: 'site-failed', text: 'boom', againMs: 1000 }
const stale: EngineEvent = { site, kind: 'stale', region: 'msk', writer: 'ams', lagMs: 40_000, ahead: 'ams', text: 'is 40 s behind ams' }
const suspected = (text: string): EngineEvent => ({ site, kind: 'replication-suspected', text })
const move = { site, region: 'msk', service: 'msk.example.com', from: [msk], to: ['203.0.113.77' as typeof msk] }
const promoted: EngineEvent = { ...move, kind: 'promoted', text: 'msk was down for 10 min' }
const unpromoted: EngineEvent = { site, kind: 'promotion-failed', region: 'msk', text: 'it fails the check' }

it('tells a region that goes down and comes up, with how long it lasted', () => {
  expect(told([down(), cycled(), up()])).toEqual([
    `${downKey} critical | msk (${msk}) of ${site} is down | timeout (no answer within 2 s)`,
    `degraded/${site} warning | ${site} is degraded | not serving: msk (${msk}): timeout (no answer within 2 s)`,
    `END ${downKey} | msk (${msk}) of ${site} is up again | it lasted 2 s`,
    `END degraded/${site} | ${site} is no longer degraded | it lasted 2 s`,
  ])
})

const degraded = `degraded/${site} warning`
it.each<[string, readonly EngineEvent[], readonly string[]]>([
  ['that comes up after a start is none', [health('msk', msk, 'unknown', 'up'), health('ams', ams, 'unknown', 'up')], []],
  ['that is down after a start is one', [health('msk', msk, 'unknown', 'down')], [`${downKey} critical`, degraded]],
  ['that becomes unknown is still down, until it is up', [down(), health('msk', msk, 'down', 'unknown'), health('msk', msk, 'unknown', 'up')], [`${downKey} critical`, degraded, `END ${downKey}`, `END degraded/${site}`]],
  ['that falls again without a rise is said once', [down(), health('msk', msk, 'unknown', 'down')], [`${downKey} critical`, degraded]],
  ['that nobody configured does not degrade the site', [health(undefined, msk, 'up', 'down')], [`${downKey} warning`]],
  ['that is drained does no harm', [drained, down()], [`${downKey} info`]],
  ['that is down when its drain ends does', [drained, down(), undrained], [`${downKey} info`, `${downKey} critical`, degraded]],
  ['to which nobody leads any more is over', [down(), decided('msk', msk, 'withhold', 'replaced')], [`${downKey} critical`, degraded, `END ${downKey}`, `END degraded/${site}`]],
  ['that was repointed is over', [down(), { ...move, kind: 'repointed', by: 'ops' }], [`${downKey} critical`, degraded, `END ${downKey}`, `END degraded/${site}`]],
])('an address %s', (_, events, expected) => expect(keys(events)).toEqual(expected))

it.each<[string, readonly EngineEvent[], readonly string[]]>([
  ['withheld because it flaps', [decided('msk', msk, 'withhold', 'waiting'), decided('msk', msk, 'publish', 'up')], [degraded, `END degraded/${site}`]],
  ['withheld in one of two names', [decided('msk', msk, 'withhold', 'down'), decided('msk', msk, 'withhold', 'down', otherKey), decided('msk', msk, 'publish', 'up'), decided('msk', msk, 'publish', 'up', otherKey)], [degraded, `END degraded/${site}`]],
  ['a second one', [down(), down('ams', ams), up(), up('ams', ams)], [`${downKey} critical`, degraded, `region-down/${site}/${ams} critical`, `END ${downKey}`, `END region-down/${site}/${ams}`, `END degraded/${site}`]],
  ['withheld by order', [decided('msk', msk, 'withhold', 'drained')], []],
  ['withheld as a standby', [decided('msk', msk, 'withhold', 'standby')], []],
  ['not decided', [decided('msk', msk, 'withhold', 'undecided')], []],
])('degraded: %s', (_, events, expected) => expect(keys(events)).toEqual(expected))

it.each<[string, readonly EngineEvent[], readonly string[]]>([
  ['blind', [mode('blind'), mode('normal')], [`blind/${site}/v4 critical`, `END blind/${site}/v4`]],
  ['blind in two names', [mode('blind'), mode('blind', otherKey), mode('normal'), mode('normal', otherKey)], [`blind/${site}/v4 critical`, `END blind/${site}/v4`]],
  ['from blind to open', [mode('blind'), mode('fail-open'), mode('normal')], [`blind/${site}/v4 critical`, `fail-open/${site}/v4 critical`, `END blind/${site}/v4`, `END fail-open/${site}/v4`]],
  ['closed', [mode('fail-closed'), mode('normal')], [`fail-closed/${site}/v4 critical`, `END fail-closed/${site}/v4`]],
  ['undecided', [mode('undecided'), mode('normal')], []],
  ['a family that is down', [mode('family-down')], []],
  ['provider', [failed, { ...failed, text: 'HTTP 500' }, recovered, recovered], [`provider-failing/${site} warning`, `END provider-failing/${site}`]],
  ['name servers', [verified('disagreed'), verified('unconfirmed'), verified('agreed')], [`name-servers-disagree/${site}/${site} A warning`, `END name-servers-disagree/${site}/${site} A`]],
  ['name servers that cannot be asked', [verified('unconfirmed'), verified('agreed')], []],
  ['guard', [refused, cycled('refused', ['floor']), cycled('read-failed'), cycled()], [`guard-refused/${site}/${site} A warning`, `END guard-refused/${site}/${site} A`]],
  ['guard, and then a write', [refused, { site, kind: 'written', changes: [{ key, before: { key, values: [], ttl: 0, owned: [] }, after: { values: [], ttl: 0, owned: [] }, reasons: [] }] }], [`guard-refused/${site}/${site} A warning`, `END guard-refused/${site}/${site} A`]],
  ['certificate', [expiring(29), checked(29), expiring(6), expiring(2), checked(89), checked(88)], ['info', 'warning', 'critical'].map((level) => `certificate-expiring/${site}/${msk} ${level}`).concat(`END certificate-expiring/${site}/${msk}`)],
  ['drain that ends', [drained, ending, undrained], [`drain-ending/${site}/msk info`, `END drain-ending/${site}/msk`]],
  ['drain that is prolonged', [drained, ending, drained], [`drain-ending/${site}/msk info`, `END drain-ending/${site}/msk`]],
  ['promotion', [down(), promoted], [`${downKey} critical`, degraded, `promotion/${site}/msk warning`, `END ${downKey}`, `END degraded/${site}`]],
  ['promotion that fails, then not', [unpromoted, promoted], [`promotion-failed/${site}/msk critical`, `promotion/${site}/msk warning`, `END promotion-failed/${site}/msk`]],
  ['promotion that is no longer needed', [unpromoted, up()], [`promotion-failed/${site}/msk critical`, `END promotion-failed/${site}/msk`]],
  ['stale', [stale, { ...stale, text: 'is 99 s behind ams' }, { site, kind: 'fresh', region: 'msk', text: '' }], [`stale/${site}/msk critical`, `END stale/${site}/msk`]],
  ['replication', [suspected('ams is 40 s behind'), suspected('ams is 45 s behind'), suspected('fra is 45 s behind'), { site, kind: 'replication-mended' }], [`replication/${site} warning`, `replication/${site} warning`, `END replication/${site}`]],
  ['content', [{ site, kind: 'content-differs', path: '/a', text: '' }, { site, kind: 'content-agrees', path: '/a' }], [`content/${site}//a warning`, `END content/${site}//a`]],
  ['fault', [fault, fault, cycled()], [`site-failed/${site} critical`, `END site-failed/${site}`]],
])('%s', (_, events, expected) => expect(keys(events)).toEqual(expected))

it('counts from the first fall, not from one that is told once more', () => {
  const again = [down(), health('msk', msk, 'unknown', 'down'), undrained, up()]
  expect(told(again).at(-2)).toBe(`END ${downKey} | msk (${msk}) of ${site} is up again | it lasted 3 s`)
  const facts = [drained, down(), health('msk', msk, 'unknown', 'down'), undrained].reduce<{ watch: typeof newWatch; since: (string | undefined)[] }>(
    ({ watch, since }, event, at) => {
      const outcome = alertsOf(watch, event, at * 1000)
      return { watch: outcome.watch, since: [...since, ...outcome.alerts.map((each) => each.facts['since'])] }
    },
    { watch: newWatch, since: [] },
  )
  expect(facts.since.filter((each) => each !== undefined)).toEqual(['1970-01-01T00:00:01.000Z', '1970-01-01T00:00:01.000Z'])
})

it('says of what is told again that it was told', () => {
  const first = alertsOf(newWatch, expiring(29), 0)
  const second = alertsOf(first.watch, expiring(6), 1)
  expect([...first.alerts, ...second.alerts].map(({ isAgain }) => isAgain)).toEqual([false, true])
})

it('keeps what it knows as it is while nothing changes, and sites apart', () => {
  const { watch } = alertsOf(newWatch, down(), 0)
  expect(alertsOf(watch, cycled(), 1).watch).toBe(watch)
  expect(alertsOf(watch, { ...up(), site: 'other.example.com' }, 1).alerts).toEqual([])
})

it('ends what was wrong with a site that is no longer watched', () => {
  const { watch } = alertsOf(newWatch, down(), 0)
  const { alerts, watch: after } = forgetSite(watch, site, 5000)
  expect(alerts.map(({ key: of, isResolved, title }) => [of, isResolved, title])).toEqual([
    [downKey, true, `${site} is no longer watched: msk (${msk}) of ${site} is down`],
    [`degraded/${site}`, true, `${site} is no longer watched: ${site} is degraded`],
  ])
  expect(after).toEqual(newWatch)
  expect(forgetSite(after, site, 0).alerts).toEqual([])
})

it('ends what was wrong with an address that the site no longer has', () => {
  const { watch } = alertsOf(newWatch, down(), 0)
  expect(keepAddresses(watch, site, new Set([msk, ams]), 1000)).toEqual({ watch, alerts: [] })
  expect(keepAddresses(watch, site, new Set([ams]), 1000).alerts.map(({ key: of, isResolved, title }) => [of, isResolved, title])).toEqual([
    [downKey, true, `msk (${msk}) of ${site} is no longer in use`],
    [`degraded/${site}`, true, `${site} is no longer degraded`],
  ])
})
