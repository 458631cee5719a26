import { describe, expect, it } from 'vitest'
import { eventLine, logEvents } from '../../src/cli/event-line.ts'
import { createLog } from '../../src/cli/log.ts'
import { keyA, main, rrset, v4 } from '../core/samples.ts'

const [msk, ams] = [v4(1), v4(2)]
const logged = (format: 'text' | 'json', level: 'info' | 'debug' = 'info'): { readonly lines: string[]; readonly log: ReturnType<typeof createLog> } => {
  const lines: string[] = []
  const log = createLog({ level, format, write: (text) => lines.push(text), redact: (text) => text.replaceAll('hunter2', '[secret]') })
  return { lines, log }
}
const written = {
  site: main,
  kind: 'written',
  changes: [
    {
      key: keyA,
      before: rrset(keyA, [msk, ams]),
      after: rrset(keyA, [msk]),
      reasons: [
        { address: msk, action: 'keep', rule: 'up', text: 'up' },
        { address: ams, action: 'remove', rule: 'down', text: 'refused (ECONNREFUSED), 3 failed checks while msk answered' },
      ],
    },
  ],
} as const

describe('an event', () => {
  it('is a line for people, with the cause and the rule', () => {
    const { lines, log } = logged('text')
    logEvents(log, 'info')(written)
    expect(lines.map((line) => line.replace(/^\S+ /, ''))).toEqual([
      `info  ${main}: written: ${main} A: ${msk}, ${ams} -> ${msk} (remove ${ams} by rule down: refused (ECONNREFUSED), 3 failed checks while msk answered)\n`,
    ])
  })

  it('is an object for programs', () => {
    const { lines, log } = logged('json')
    const entry = { address: ams, region: 'ams', action: 'withhold', rule: 'down', text: 'refused', wasPublished: true, isOwned: true } as const
    logEvents(log, 'info')({ site: main, kind: 'decided', key: keyA, entry, from: { action: 'publish', rule: 'up' } })
    expect(lines.map((line) => ({ ...JSON.parse(line), time: '' }))).toEqual([
      {
        time: '',
        level: 'warn',
        message: `${main}: ${main} A: withhold ams ${ams} by rule down, before by rule up: refused`,
        site: main,
        event: 'decided',
        name: main,
        type: 'A',
        region: 'ams',
        address: ams,
        action: 'withhold',
        rule: 'down',
        from: 'up',
        cause: 'refused',
      },
    ])
  })

  it('of a single check is for debugging only', () => {
    const result = { kind: 'failed', cause: 'refused', detail: 'ECONNREFUSED', startedAt: 0, finishedAt: 1, timing: { totalMs: 1 } } as const
    expect(eventLine({ site: main, kind: 'checked', address: msk, region: 'msk', result })).toEqual({
      level: 'debug',
      message: `${main}: msk ${msk}: refused (ECONNREFUSED), 1 ms`,
      facts: { site: main, event: 'checked', region: 'msk', address: msk, result: 'failed', cause: 'refused', ms: 1 },
    })
    const linesAt = (level: 'info' | 'debug'): number => {
      const { lines, log } = logged('text', level)
      logEvents(log, level)({ site: main, kind: 'checked', address: msk, region: 'msk', result })
      log('debug', 'a word')
      return lines.length
    }
    expect([linesAt('info'), linesAt('debug')]).toEqual([0, 2])
  })
})

it.each([
  ['', 'probe says of region msk that it is down (default): news'],
  ['HTTP 502', 'probe says of region msk that it is down (default: HTTP 502): news'],
])('tells what a monitor said, with its detail if it gave one (%j)', (detail, text) => {
  expect(eventLine({ site: main, kind: 'heard', region: 'msk', source: 'probe', monitor: 'default', opinion: 'down', detail, effect: 'news' })).toMatchObject({ message: `${main}: ${text}` })
})

it.each(['text', 'json'] as const)('shows no secret and no control characters (%s)', (format) => {
  const { lines, log } = logged(format)
  log('error', 'token hunter2\nforged \u001B[31mline', { cause: 'hunter2' })
  expect(lines).toHaveLength(1)
  expect(lines.join('')).not.toContain('hunter2')
  expect(lines.join('').trimEnd()).not.toMatch(/\p{Cc}/u)
})

it('leaves what programs find a line by as it is, whatever is redacted', () => {
  const lines: string[] = []
  const log = createLog({ level: 'info', format: 'json', write: (text) => lines.push(text), redact: (text) => text.replaceAll(/health|2026|time|warn|1/g, '[secret]') })
  log('warn', 'the health of 2026', { event: 'health', address: '203.0.113.1', rules: ['time'], cause: 'health 1', hints: ['1'], ms: 11 })
  const { time, ...rest } = JSON.parse(lines.join('')) as Readonly<Record<string, unknown>>
  expect(new Date(String(time)).getTime()).toBeGreaterThan(0)
  expect(rest).toEqual({
    level: 'warn',
    message: 'the [secret] of [secret]',
    event: 'health',
    address: '203.0.113.1',
    rules: ['time'],
    cause: '[secret] [secret]',
    hints: ['[secret]'],
    ms: 11,
  })
})
