import { expect, it } from 'vitest'
import type { CheckResult } from '../../src/core/result.ts'
import { type Round, runRound } from '../../src/engine/check-round.ts'
import { createVirtualTime, processClock } from '../simulation/virtual-time.ts'

/** How a check ends, and after how many milliseconds. */
type End = readonly ['ok' | 'failed' | 'cannot-tell', number]

interface Played {
  readonly started: readonly number[]
  /** `end@when` in the order in which they joined. */
  readonly joined: readonly string[]
  readonly looks: number
  readonly round: Pick<Round, 'beside'> & { readonly first: string; readonly last: string }
}

/** A round whose checks end like this, one after the other; another is due so long after the one before, `most` in all. */
const play = async (ends: readonly End[], everyMs: number, most = ends.length, stallAt?: readonly [number, number]): Promise<Played> => {
  const time = createVirtualTime()
  const clock = processClock(time, 0, () => 0)
  const controller = new AbortController()
  const [started, joined]: [number[], string[]] = [[], []]
  let looks = 0
  const late = (ms: number): number => (stallAt !== undefined && time.now() < stallAt[0] && time.now() + ms >= stallAt[0] ? Math.max(ms, stallAt[1] - time.now()) : ms)
  const ask = async (): Promise<CheckResult> => {
    const [kind, ms] = ends[started.length] ?? ['ok', 0]
    const startedAt = time.now()
    started.push(startedAt)
    await new Promise<void>((resolve) => void time.at(startedAt + late(ms), resolve))
    const facts = { startedAt, finishedAt: time.now(), timing: { totalMs: ms } }
    return kind === 'ok' ? { kind, ...facts } : kind === 'failed' ? { kind, cause: 'timeout', detail: '', ...facts } : { kind, cause: 'late', detail: '', ...facts }
  }
  const playing = runRound(
    {
      ask,
      join: (result) => void joined.push(`${result.kind}@${time.now()}`),
      besideAt: ({ started: count, lastAt }) => (count < most ? lastAt + everyMs : Number.POSITIVE_INFINITY),
      onBeside: () => void (looks += 1),
    },
    { ...clock, after: (ms, act) => clock.after(late(ms), act) },
    controller.signal,
  )
  await time.runUntil(60_000)
  const round = await playing
  return { started, joined, looks, round: { first: round.first.kind, last: round.last.kind, beside: round.beside } }
}

it('is one check where that ends in time', async () => {
  expect(await play([['ok', 30]], 40, 3)).toEqual({ started: [0], joined: ['ok@30'], looks: 0, round: { first: 'ok', last: 'ok', beside: 0 } })
})

it('costs one timeout and the pauses where all are silent', async () => {
  const silent: End = ['failed', 1_000]
  expect(await play([silent, silent, silent], 40)).toEqual({
    started: [0, 40, 80],
    joined: ['failed@1000', 'failed@1040', 'failed@1080'],
    looks: 2,
    round: { first: 'failed', last: 'failed', beside: 2 },
  })
})

it('takes results in in the order of the starts, and starts no more after one that passes', async () => {
  const played = await play([['failed', 1_000], ['ok', 25], ['failed', 1_000]], 40, 5)
  expect(played).toEqual({ started: [0, 40], joined: ['failed@1000', 'ok@1000'], looks: 1, round: { first: 'failed', last: 'ok', beside: 1 } })
})

it('starts no more once the latest fails at once: the checks go on one after the other', async () => {
  expect((await play([['failed', 1_000], ['failed', 5], ['failed', 5]], 40)).joined).toEqual(['failed@1000', 'failed@1000'])
})

it('starts others beside the second when the first has failed meanwhile', async () => {
  expect((await play([['failed', 1_000], ['failed', 1_000], ['failed', 1_000]], 900)).joined).toEqual(['failed@1000', 'failed@1900', 'failed@2800'])
})

it('is over when the check that took long passes after all, once those beside it have ended', async () => {
  expect(await play([['ok', 60], ['ok', 200]], 40, 3)).toEqual({ started: [0, 40], joined: ['ok@60', 'ok@240'], looks: 1, round: { first: 'ok', last: 'ok', beside: 1 } })
})

it('starts nothing because this process stood still: the answer may be there, and is read first', async () => {
  // From 20 ms on nothing runs until 500 ms; the answer of 30 ms is then read.
  expect(await play([['ok', 30]], 25, 3, [20, 500])).toEqual({ started: [0], joined: ['ok@500'], looks: 0, round: { first: 'ok', last: 'ok', beside: 0 } })
  // It takes longer still: the others start a little later.
  expect((await play([['failed', 900], ['failed', 900]], 40, 2, [20, 500])).started).toEqual([0, 525])
})

it('joins nothing after an abort, and ends', async () => {
  const time = createVirtualTime()
  const clock = processClock(time, 0, () => 0)
  const controller = new AbortController()
  const joined: CheckResult[] = []
  const ask = async (): Promise<CheckResult> => {
    const startedAt = time.now()
    await clock.sleep(1_000, controller.signal)
    return { kind: 'cannot-tell', cause: 'aborted', detail: '', startedAt, finishedAt: time.now(), timing: { totalMs: 0 } }
  }
  const parts = { ask, join: (result: CheckResult) => void joined.push(result), besideAt: () => (time.now() < 40 ? 40 : Number.POSITIVE_INFINITY), onBeside: () => undefined }
  const round = runRound(parts, clock, controller.signal)
  await time.runUntil(100)
  controller.abort()
  expect(await round).toMatchObject({ beside: 1, last: { cause: 'aborted' } })
  expect(joined).toEqual([])
})

it('throws what went wrong with the program itself, though it waits for others', async () => {
  const time = createVirtualTime()
  const clock = processClock(time, 0, () => 0)
  let asked = 0
  const ask = async (): Promise<CheckResult> => {
    asked += 1
    await new Promise<void>((resolve) => void time.at(time.now() + 100, resolve))
    throw new TypeError('a bug')
  }
  const round = runRound({ ask, join: () => undefined, besideAt: ({ started }) => (started < 3 ? 10 * started : Number.POSITIVE_INFINITY), onBeside: () => undefined }, clock, new AbortController().signal)
  const thrown = round.catch((error: unknown) => error)
  await time.runUntil(1_000)
  expect(await thrown).toEqual(new TypeError('a bug'))
  expect(asked).toBe(3)
})
