import { performance } from 'node:perf_hooks'
import { expect, it } from 'vitest'
import { systemClock } from '../../src/engine/clock.ts'

it('acts once, and never before its time', async () => {
  const begun = performance.now()
  const fired: number[] = []
  await new Promise<void>((resolve) => {
    for (const ms of [0, 0.4, 3.7, 12.2]) {
      systemClock.after(ms, () => {
        fired.push(performance.now() - begun - ms)
        if (fired.length === 4) resolve()
      })
    }
  })
  expect(fired.filter((late) => late < 0)).toEqual([])
})

it('does not act once it is told not to', async () => {
  const acted: string[] = []
  const cancel = systemClock.after(5, () => void acted.push('cancelled'))
  cancel()
  await new Promise<void>((resolve) => void systemClock.after(20, resolve))
  expect(acted).toEqual([])
})

it('ends a sleep at once when the signal aborts', async () => {
  const controller = new AbortController()
  const slept = systemClock.sleep(3_600_000, controller.signal)
  controller.abort()
  await slept
  await systemClock.sleep(3_600_000, controller.signal)
})
