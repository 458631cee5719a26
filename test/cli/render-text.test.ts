import { describe, expect, it } from 'vitest'
import { inText, whenText } from '../../src/cli/render/duration.ts'
import type { SiteReport } from '../../src/cli/render/json.ts'
import { siteText } from '../../src/cli/render/site-text.ts'

const [name, type] = ['a.example', 'A'] as const
const change = (applied: boolean | null): SiteReport['changes'][number] => ({
  name,
  type,
  before: { values: ['192.0.2.1', '192.0.2.2'], ttl: 60 },
  after: { values: ['192.0.2.1'], ttl: 60 },
  reasons: [{ address: '192.0.2.2', action: 'remove', rule: 'down', text: 'refused' }],
  guard: { allowed: true, code: null, text: null },
  applied,
})
const report = (facts: Partial<SiteReport>): SiteReport => ({ site: name, outcome: 'failed', addresses: [], unresolved: [], modes: [], holds: [], warnings: [], changes: [], verifications: [], ...facts })
const lines = (facts: Partial<SiteReport>): readonly string[] =>
  siteText(report(facts), { isDryRun: false, isColored: false, nowMs: 0 }).split('\n').filter((line) => /written|outcome|under way/.test(line))

describe('the end of a run, for people', () => {
  it.each([
    ['nothing was written', false, ['  a.example A: not written', '  interrupted: nothing was written']],
    ['something was', true, ['  a.example A: written', '  interrupted: nothing more was written; what was written is listed above']],
    ['nobody knows', null, ['  a.example A: sent, outcome unknown', '  interrupted: a write was under way; the next run reads what became of it']],
  ] as const)('tells apart that %s', (_, applied, expected) => expect(lines({ outcome: 'interrupted', changes: [change(applied)] })).toEqual(expected))
})

describe('moments', () => {
  const at = (text: string): number => new Date(`2026-11-${text}`).getTime()
  it.each([
    ['22T13:12:38', '22T00:00:00', '13:12:38'],
    ['23T13:12:38', '22T13:12:38', '2026-11-23 13:12:38'],
    ['21T23:59:59', '22T00:00:01', '2026-11-21 23:59:59'],
  ])('are shown with their date unless it is today: %s seen at %s', (when, now, text) => {
    expect(whenText(new Date(at(when)).toISOString(), at(now))).toBe(text)
  })

  it.each([
    [60_000, '60 s'],
    [300_000, '300 s'],
    [86_400_000, '24 h'],
  ])('lie so far ahead: %i ms', (ms, text) => expect(inText(ms)).toBe(text))
})
