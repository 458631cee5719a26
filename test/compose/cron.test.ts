import { afterEach, describe, expect, it, vi } from 'vitest'
import { createCron } from '../../src/compose/cron.ts'

/** Turns of a cron expression as they come, real time; only the wall clock is the test's. */
const everySecond = (act: () => Promise<void> | void = () => undefined) => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now(), shouldAdvanceTime: true, advanceTimeDelta: 10 })
  const lines: string[] = []
  const controller = new AbortController()
  const cron = createCron({ clock: { now: () => performance.now(), wallNow: () => Date.now() }, log: (level, message) => lines.push(`${level} ${message}`) })
  let turns = 0
  let wake: () => void = () => undefined
  cron.on(
    '* * * * * *',
    () => {
      turns += 1
      wake()
      return act()
    },
    controller.signal,
  )
  const turn = (): Promise<void> => new Promise((resolve) => (wake = resolve))
  return { lines, turn, turns: () => turns, stop: () => controller.abort() }
}

afterEach(() => {
  vi.useRealTimers()
})

describe('cron', () => {
  it.each([
    [3_600_000, 'forward'],
    [-3_600_000, 'back'],
  ])('turns on when the clock is set by %d ms, and says so once', async (byMs, where) => {
    const cron = everySecond()
    await cron.turn()
    vi.setSystemTime(Date.now() + byMs)
    const from = performance.now()
    await cron.turn()
    await cron.turn()
    expect(performance.now() - from).toBeLessThan(5_000)
    expect(cron.lines.filter((line) => line.startsWith('warn'))).toEqual([
      `warn the clock of this machine was set ${where} by 3600 s; schedules go by it from now on, checks with "every" do not`,
    ])
    cron.stop()
  })

  it('leaves turns out while the last one still runs, and turns no more once stopped', async () => {
    let end: () => void = () => undefined
    const cron = everySecond(() => new Promise<void>((resolve) => (end = resolve)))
    await cron.turn()
    await new Promise((resolve) => setTimeout(resolve, 2_200))
    expect(cron.turns()).toBe(1)
    end()
    await cron.turn()
    cron.stop()
    end()
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    expect(cron.turns()).toBe(2)
  })
})
