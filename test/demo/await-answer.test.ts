import { describe, expect, test } from 'vitest'
import { sameAddresses } from '../../src/core/address.ts'
import { awaitAnswer } from '../../src/demo/await-answer.ts'
import type { DnsAnswer } from '../../src/demo/dns-answer.ts'
import { address } from '../fakes/dns-names.ts'

const [a, b] = [address('127.0.1.1'), address('127.0.1.2')]
const both: DnsAnswer = { kind: 'answer', values: [a, b], ttl: 5 }
const onlyB: DnsAnswer = { kind: 'answer', values: [b], ttl: 5 }
const nothing: DnsAnswer = { kind: 'answer', values: [], ttl: 0 }
const silence: DnsAnswer = { kind: 'failed', detail: 'timeout' }

/** Asks cost nothing, pauses 20 ms of a clock that stands still otherwise. */
const watch = (answers: (ms: number) => DnsAnswer, boundMs = 100, controller = new AbortController()): ReturnType<typeof awaitAnswer> => {
  let now = 1000
  const clock = {
    now: () => now,
    sleep: async (ms: number) => void (now += ms),
  }
  const awaited = { expected: [b], isAllowed: (values: readonly (typeof a)[]) => sameAddresses(values, [a, b]), since: 1000, boundMs }
  return awaitAnswer(awaited, async () => answers(now - 1000), clock, controller.signal)
}

describe('waiting for an answer', () => {
  test.each([
    ['seen', (ms: number) => (ms < 60 ? both : onlyB), { kind: 'seen', afterMs: 60, answer: onlyB }],
    ['seen at the last moment', (ms: number) => (ms < 100 ? both : onlyB), { kind: 'seen', afterMs: 100, answer: onlyB }],
    ['seen after silence', (ms: number) => (ms < 60 ? silence : onlyB), { kind: 'seen', afterMs: 60, answer: onlyB }],
    ['late', (ms: number) => (ms < 400 ? both : onlyB), { kind: 'late', afterMs: 400, answer: onlyB }],
    ['never', () => both, { kind: 'late', afterMs: undefined, answer: both }],
    ['never any answer', () => silence, { kind: 'late', afterMs: undefined, answer: silence }],
    ['emptied on the way', (ms: number) => (ms < 40 ? both : ms < 60 ? nothing : onlyB), { kind: 'unexpected', afterMs: 40, answer: nothing }],
  ] as const)('%s', async (_, answers, sighting) => {
    expect(await watch(answers)).toEqual(sighting)
  })

  test('an abort ends it', async () => {
    const controller = new AbortController()
    controller.abort()
    expect(await watch(() => both, 100, controller)).toEqual({ kind: 'aborted' })
  })
})
