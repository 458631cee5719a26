import { expect, it } from 'vitest'
import { createPhaseTimer } from '../../src/checks/phase-timer.ts'
import type { Trouble } from '../../src/checks/trouble.ts'
import { generous } from './checking.ts'

/** A clock that reads as told: first when the check starts, when the part starts, and when the timer fires. */
const clockOf = (...readings: readonly number[]): (() => number) => {
  const left = [...readings]
  return () => left.shift() ?? readings.at(-1) ?? 0
}

const expiry = (bounds: { readonly headersMs: number; readonly totalMs: number }, now: () => number, lost: readonly number[]): Promise<Trouble> =>
  new Promise((resolve) => createPhaseTimer({ ...generous, ...bounds }, now, clockOf(...lost)).enter('headers', resolve))

it.each<readonly [string, number, number, readonly number[], readonly number[], string, string]>([
  ['in time', 30, 1000, [0, 10, 40], [0], 'headers-timeout', 'headers: not done within 30 ms'],
  ['a little late', 30, 1000, [0, 10, 90], [0], 'headers-timeout', 'headers: not done within 30 ms'],
  ['late', 30, 1000, [0, 10, 91], [0], 'late', 'headers: this process stood still for 0 of 30 ms, and woke 51 ms late'],
  ['late for the total', 1000, 30, [0, 10, 81], [0], 'late', 'headers: this process stood still for 0 of 30 ms, and woke 51 ms late'],
  ['for the total', 1000, 30, [0, 10, 30], [0], 'timeout', 'no whole answer within 30 ms, waiting for headers'],
  ['for both at once', 20, 30, [0, 10, 30], [0], 'headers-timeout', 'headers: not done within 20 ms'],
  ['after standing still before the part', 30, 1000, [0, 10, 40], [0, 500, 500], 'headers-timeout', 'headers: not done within 30 ms'],
  ['after standing still within the part', 30, 1000, [0, 10, 40], [0, 500, 551], 'late', 'headers: this process stood still for 51 of 30 ms, and woke 0 ms late'],
  ['for the total, after standing still before the part', 1000, 30, [0, 10, 30], [0, 51], 'late', 'headers: this process stood still for 51 of 30 ms, and woke 0 ms late'],
])('a timer that fires %s', async (_, headersMs, totalMs, readings, lost, cause, detail) => {
  expect(await expiry({ headersMs, totalMs }, clockOf(...readings), lost)).toMatchObject({ cause, detail })
})
