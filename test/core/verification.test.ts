import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import type { AnswerOutcome, NameServer } from '../../src/core/answer.ts'
import { serialsOf, type ServerReport, standingOf, verificationOf } from '../../src/core/verification.ts'
import { keyA, v4 } from './samples.ts'

const server = (number: number): NameServer => ({ name: `ns${number}.example.com`, endpoint: { address: v4(number), port: 53 } })
const answer = (values: readonly Address[], serial: number | undefined = 1): AnswerOutcome => ({ kind: 'answer', values, ttl: 60, serial })
const absent: AnswerOutcome = { kind: 'absent', rcode: 'NOERROR', serial: 1 }
const asked = (outcome: AnswerOutcome) => ({ server: server(1), askedAt: 0, answeredAt: 1, outcome })

it.each<readonly [string, AnswerOutcome, readonly Address[], string]>([
  ['the same in another order', answer([v4(2), v4(1)]), [v4(1), v4(2)], 'agrees'],
  ['fewer', answer([v4(1)]), [v4(1), v4(2)], 'differs'],
  ['more', answer([v4(1), v4(2)]), [v4(1)], 'differs'],
  ['nothing, as written', absent, [], 'agrees'],
  ['no such name, as written', { kind: 'absent', rcode: 'NXDOMAIN', serial: undefined }, [], 'agrees'],
  ['nothing', absent, [v4(1)], 'differs'],
  ['something, where nothing was written', answer([v4(1)]), [], 'differs'],
  ['an alias', { kind: 'alias', target: 'cdn.example.net' }, [v4(1)], 'differs'],
  ['it is lame', { kind: 'lame', detail: 'REFUSED' }, [v4(1)], 'lame'],
  ['it is unreachable', { kind: 'unreachable', detail: 'no answer in 2 s' }, [v4(1)], 'unreachable'],
])('%s', (_, outcome, values, expected) => {
  expect(standingOf(asked(outcome), { values })).toBe(expected)
})

const report = (number: number, standing: ServerReport['standing'], agreedAt: number | undefined, otherTtl = 0): ServerReport => ({
  server: server(number),
  standing,
  answer: { server: server(number), askedAt: 0, answeredAt: 1, outcome: answer([v4(1)]) },
  agreedAt,
  otherTtl,
})

describe('verificationOf', () => {
  it.each<readonly [string, readonly ServerReport[], string, number | undefined, number | undefined]>([
    ['all agree', [report(1, 'agrees', 1_100), report(2, 'agrees', 1_300)], 'agreed', 300, 61_300],
    ['one handed out a longer TTL', [report(1, 'agrees', 1_100, 300), report(2, 'agrees', 1_300)], 'agreed', 300, 301_100],
    ['one handed out a shorter TTL', [report(1, 'agrees', 1_100, 5)], 'agreed', 100, 61_100],
    ['one differs', [report(1, 'agrees', 1_100), report(2, 'differs', undefined)], 'disagreed', undefined, undefined],
    ['one is unreachable', [report(1, 'agrees', 1_100), report(2, 'unreachable', undefined)], 'agreed', 100, undefined],
    ['one is lame', [report(1, 'agrees', 1_100), report(2, 'lame', undefined)], 'agreed', 100, undefined],
    ['all are unreachable', [report(1, 'unreachable', undefined)], 'unconfirmed', undefined, undefined],
    ['one differs, one is unreachable', [report(1, 'differs', undefined), report(2, 'unreachable', undefined)], 'disagreed', undefined, undefined],
    ['there are no servers', [], 'unconfirmed', undefined, undefined],
  ])('%s', (_, servers, outcome, timeToEffectMs, movedAt) => {
    expect(verificationOf(keyA, [v4(1)], servers, 1_000, 60)).toEqual({ key: keyA, expected: [v4(1)], source: 'name-servers', servers, outcome, timeToEffectMs, movedAt })
  })
})

it('lists serials, each once, lowest first', () => {
  const of = (outcome: AnswerOutcome): ServerReport => ({ ...report(1, 'agrees', 1), answer: asked(outcome) })
  const servers = [answer([v4(1)], 12), answer([v4(1)], 9), answer([v4(1)], 12), absent, { kind: 'absent', rcode: 'NOERROR', serial: undefined } as const, { kind: 'lame', detail: 'REFUSED' } as const]
  expect(serialsOf(servers.map(of))).toEqual([1, 9, 12])
  expect(serialsOf([])).toEqual([])
})

it('asks for the TTL only where it is all that was changed', () => {
  const sixty: AnswerOutcome = { kind: 'answer', values: [v4(1)], ttl: 60, serial: 1 }
  expect(standingOf(asked(sixty), { values: [v4(1)] })).toBe('agrees')
  expect(standingOf(asked(sixty), { values: [v4(1)], ttl: 60 })).toBe('agrees')
  expect(standingOf(asked(sixty), { values: [v4(1)], ttl: 300 })).toBe('differs')
})

it('does not say when clients have moved where there was no set before', () => {
  expect(verificationOf(keyA, [v4(1)], [], 0, undefined)).toMatchObject({ movedAt: undefined })
})
