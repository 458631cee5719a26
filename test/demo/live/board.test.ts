import { describe, expect, test } from 'vitest'
import { type Address } from '../../../src/core/address.ts'
import type { Mode } from '../../../src/core/decision.ts'
import type { CheckResult } from '../../../src/core/result.ts'
import type { Change } from '../../../src/core/rrset.ts'
import { content } from '../../../src/core/rrset.ts'
import { type Board, emptyBoard, withDeed, withEvent } from '../../../src/demo/live/board.ts'
import { renderScene } from '../../../src/demo/live/render.ts'
import { stateText } from '../../../src/demo/server-state.ts'
import { settingsFor } from '../../../src/demo/settings.ts'
import { styleOf } from '../../../src/cli/render/style.ts'
import type { EngineEvent } from '../../../src/engine/events.ts'
import { address, fqdn } from '../../fakes/dns-names.ts'

const site = 'failover.example.test'
const key = { name: fqdn(site), type: 'A' } as const
const addresses: Readonly<Record<string, Address>> = { msk: address('127.0.1.1'), ams: address('127.0.1.2'), fra: address('127.0.1.3') }
const all = Object.values(addresses)

const facts = { startedAt: 0, finishedAt: 5, timing: { totalMs: 5 } }
const ok: CheckResult = { kind: 'ok', ...facts }
const failed = (cause: 'refused' | 'status' | 'body' | 'timeout'): CheckResult => ({ kind: 'failed', cause, detail: '', ...facts, ...(cause === 'status' ? { status: 500 } : {}) })

const checked = (region: string, result: CheckResult): EngineEvent => ({ site, kind: 'checked', address: addresses[region] ?? address('127.0.0.1'), region, result })
const health = (region: string, from: 'unknown' | 'up' | 'down', to: 'up' | 'down'): EngineEvent => ({ site, kind: 'health', address: addresses[region] ?? address('127.0.0.1'), region, from, to, text: '' })
const mode = (from: Mode, to: Mode): EngineEvent => ({ site, kind: 'mode', key, family: 'v4', from, to })

/** Written, and then seen at the name server. */
const published = (before: readonly Address[], after: readonly Address[], rule = 'up'): readonly EngineEvent[] => {
  const reasons = after.map((each) => ({ address: each, action: 'add' as const, rule, text: '' }))
  const change: Change = { key, before: { key, ...content(before, 5, before) }, after: content(after, 5, after), reasons }
  return [
    { site, kind: 'written', changes: [change] },
    { site, kind: 'verified', verification: { key, expected: after, source: 'name-servers', servers: [], outcome: 'agreed', timeToEffectMs: 3, movedAt: undefined } },
  ]
}

const told = (board: Board, events: readonly EngineEvent[], now: number): Board => events.reduce((next, event) => withEvent(next, event, now, 0), board)
const texts = (board: Board): readonly string[] => board.notes.map((note) => note.text)

describe('what the live view tells', () => {
  test.each([
    ['killed', 'refused', 'connection refused'],
    ['frozen', 'timeout', 'no answer in time'],
    ['answers-500', 'status', 'status 500'],
    ['wrong-page', 'body', 'wrong page'],
  ] as const)('%s: why it was withdrawn, and how long after', (state, cause, words) => {
    const events = [...Array.from({ length: 3 }, () => checked('ams', failed(cause))), health('ams', 'up', 'down')]
    const board = told(withDeed(emptyBoard, 'ams', state, 1000, 0), [...events, ...published(all, all.filter((each) => each !== addresses['ams']))], 1700)
    expect(texts(board).slice(1)).toEqual([`ams withdrawn: ${words}, 3 failures, in DNS after 700 ms`])
  })

  test('healed: how long after; what was done the other way round explains nothing', () => {
    const healed = withDeed(emptyBoard, 'ams', 'serving', 1000, 0)
    const events = [checked('ams', ok), checked('ams', ok), health('ams', 'down', 'up'), ...published(all.slice(2), all.slice(1))]
    expect(texts(told(healed, events, 2100))).toEqual(['ams healed', 'ams published: 2 passes, in DNS after 1.1 s'])
    const broken = withDeed(emptyBoard, 'ams', 'killed', 1000, 0)
    expect(texts(told(broken, events, 2100))).toEqual(['ams killed (SIGKILL)', 'ams published: 2 passes'])
  })

  test('fail open, and its end', () => {
    const board = told(emptyBoard, [mode('normal', 'fail-open'), ...published(all.slice(2), all, 'fail-open'), mode('fail-open', 'normal')], 0)
    expect(texts(board)).toEqual([
      'none is up: fail open, for any address is better than none',
      'msk published again (fail open)',
      'ams published again (fail open)',
      'one is up again: fail open ends',
    ])
  })

  test('a name server that does not follow is said', () => {
    const [written, verified] = published([], all)
    const disagreed = verified?.kind === 'verified' ? [{ ...verified, verification: { ...verified.verification, outcome: 'disagreed' as const } }] : []
    expect(texts(told(emptyBoard, [...(written === undefined ? [] : [written]), ...disagreed], 0))).toEqual(['the name server does not answer with what was written: disagreed'])
  })

  test.each([
    [24, 80],
    [10, 40],
    [1, 1],
  ])('fits into %i rows of %i columns, with its longest words, in colours or not', (rows, columns) => {
    const down = told(emptyBoard, all.flatMap((_, at) => Array.from({ length: 40 }, () => checked(['msk', 'ams', 'fra'][at] ?? '', failed('timeout')))), 0)
    const noted = told(withDeed(down, 'msk', 'frozen', 0, 0), Array.from({ length: 30 }, () => published(all, all.slice(1))).flat(), 29_999)
    const board: Board = { ...noted, answer: { kind: 'answer', values: all, ttl: 5 } }
    const servers = all.map(() => ({ state: 'answers-500' as const, pid: 4_194_304 }))
    const scene = { board, servers, nameServer: { address: address('127.0.0.1'), port: 65_535 }, dashboard: { url: 'http://127.0.0.1:65535/', token: 'demo-0123456789ab' }, webPort: 8080, settings: settingsFor(1000) }
    for (const isColored of [false, true]) {
      const lines = renderScene(scene, { rows, columns }, styleOf(isColored))
      const plain = lines.map((line) => line.replaceAll(new RegExp(String.raw`\u001B\[\d+m`, 'g'), ''))
      expect(lines.length).toBeLessThanOrEqual(rows)
      expect(Math.max(...plain.map((line) => line.length))).toBeLessThanOrEqual(columns)
      if (columns === 80) {
        expect(plain.filter((line) => /(?:456789ab|play on\.|\+short|wrong page|DNS|no|yes|TTL 5 s|in DNS after 30 s)$/.test(line)).length).toBeGreaterThanOrEqual(15)
        expect(plain.find((line) => line.includes('1 msk'))).toBe(`> 1 msk     127.0.1.1  ${stateText['answers-500']}  4194304 failing 3/3: no answer in time  yes`)
      }
    }
  })
})
