import { describe, expect, it } from 'vitest'
import type { FreshnessRules } from '../../src/core/freshness.ts'
import { staleRegions } from '../../src/core/freshness-state.ts'
import type { Copy } from '../../src/core/heartbeat.ts'
import { type Answers, isSetUp, looksFrom, noLooks, withAnswers } from '../../src/core/heartbeat-looks.ts'
import { staleNow } from '../../src/core/stale-regions.ts'
import { confirmedSuspicions } from '../../src/core/suspicion.ts'

const rules: FreshnessRules = { mode: 'single-writer', writer: 'msk', regions: ['msk', 'ams', 'fra'], everyMs: 5_000, maxLagMs: 30_000, onLag: 'alarm', fall: 3 }

type What = number | 'missing' | 'failed'
const copy = (what: What): Copy =>
  typeof what === 'number' ? { kind: 'found', askedAt: 0, heartbeat: { region: 'msk', counter: what, boot: 'b', writtenAt: 0, content: `c${what}` } } : { kind: what, askedAt: 0, detail: what === 'missing' ? 'status 404' : 'status 403' }
const answers = (has: Readonly<Record<string, What>>): Answers => Object.fromEntries(Object.entries(has).map(([region, what]) => [region, { msk: copy(what) }]))
const run = (all: readonly Readonly<Record<string, What>>[]) =>
  all.reduce((looks, has, at) => withAnswers(looks, answers(has), { returned: [], published: rules.regions }, rules, at * 5_000), noLooks)
const from = (count: number, has: (n: number) => Readonly<Record<string, What>>) => Array.from({ length: count }, (_, n) => has(n + 20))

describe('who is stale', () => {
  it.each<[string, readonly Readonly<Record<string, What>>[], readonly string[]]>([
    ['one that has lost its copy', [...from(3, (n) => ({ msk: n, ams: n, fra: n })), ...from(3, (n) => ({ msk: n + 3, ams: n + 3, fra: 'missing' }))], ['fra']],
    ['not one that never had any', from(9, (n) => ({ msk: n, ams: n, fra: 'missing' })), []],
    ['not one that refuses', [...from(3, (n) => ({ msk: n, ams: n, fra: n })), ...from(9, (n) => ({ msk: n + 3, ams: n + 3, fra: 'failed' }))], []],
  ])('%s', (_, all, expected) => expect(staleRegions(run(all).state, rules).map(({ region }) => region)).toEqual(expected))
})

describe('what is suspicious', () => {
  it.each<[string, readonly Readonly<Record<string, What>>[], readonly string[]]>([
    ['nothing, all being in step', from(9, (n) => ({ msk: n, ams: n, fra: n })), []],
    ['not what is seen twice only', from(2, (n) => ({ msk: n, ams: 1, fra: 1 })), []],
    ['all are behind', from(3, (n) => ({ msk: n, ams: 1, fra: n })).map((has) => ({ ...has, fra: 1 })), ['ams is 105 s behind msk, and the fault may be that of whoever sends', 'fra is 105 s behind msk, and the fault may be that of whoever sends']],
    ['a region never had any', from(3, (n) => ({ msk: n, ams: n, fra: 'missing' })), ['fra has never had a heartbeat of msk: status 404']],
    ['a region refuses', from(3, (n) => ({ msk: n, ams: n, fra: 'failed' })), ['the heartbeats that fra has cannot be read: status 403']],
    ['the writer has none', from(3, () => ({ msk: 'missing', ams: 3, fra: 3 })), ['msk has no heartbeat of its own: status 404']],
    ['the writer stands still', from(9, () => ({ msk: 3, ams: 3, fra: 3 })), ['the heartbeat of msk stands still: it tells nothing of how fresh the others are']],
    ['not that it does while it is off', from(9, () => ({ ams: 3, fra: 3 })), []],
    ['what was is, while it cannot be seen', [...from(3, (n) => ({ msk: n, ams: n, fra: 'failed' })), { msk: 23, ams: 23 }], ['the heartbeats that fra has cannot be read: status 403']],
    ['and is over once it can', [...from(3, (n) => ({ msk: n, ams: n, fra: 'failed' })), { msk: 23, ams: 23, fra: 23 }], []],
  ])('%s', (_, all, expected) => expect(confirmedSuspicions(run(all).suspicions, rules).map(([, { text }]) => text)).toEqual(expected))
})

it('takes what has shown no heartbeat at so many looks for not set up, and never again once it has', () => {
  const nothing = (count: number) => from(count, () => ({ msk: 'missing', ams: 'failed' }))
  expect([nothing(2), nothing(3), [...nothing(2), { ams: 1 }, ...nothing(5)]].map((all) => isSetUp(run(all), rules))).toEqual([true, false, true])
})

it('goes on from who was stale before', () => {
  const stale = { fra: { looks: 5, since: -100, detail: '', ahead: 'ams', writer: 'msk', lagMs: 99_000 } }
  const one = withAnswers(looksFrom({ stale }), answers({ msk: 20, ams: 20, fra: 1 }), { returned: [], published: [] }, rules, 0)
  expect(staleNow(one, {}, new Set(), rules, 0)).toEqual({ fra: { looks: 6, since: -100, detail: 'is 95 s behind ams in what msk writes', ahead: 'ams', writer: 'msk', lagMs: 95_000 } })
  expect(staleNow(one, {}, new Set(['fra']), rules, 0)).toEqual({})
})
