import { afterAll, beforeAll, expect, onTestFinished, vi } from 'vitest'
import type { StoredEvent } from '../../src/engine/history-port.ts'
import { createHistory } from '../../src/history/create-history.ts'
import type { History, HistoryOptions } from '../../src/history/history.ts'
import { openHistory } from '../../src/history/open-history.ts'
import { bundle } from './bundled.ts'
import { lineOf } from './samples.ts'

export interface Running {
  readonly history: History
  /** What was logged, with its level. */
  readonly lines: readonly string[]
}

const dayMs = 86_400_000

export interface Start {
  (file: string, options?: Partial<HistoryOptions>): Running
  workerUrl(): URL
}

/** Histories with their real worker, for the tests of one file. */
export const useHistories = (): Start => {
  let workerUrl: URL | undefined
  let remove: (() => Promise<void>) | undefined
  beforeAll(async () => {
    const bundled = await bundle('src/history/worker.ts')
    workerUrl = bundled.urls[0]
    remove = bundled.remove
  })
  afterAll(async () => remove?.())
  const start = (file: string, options: Partial<HistoryOptions> = {}): Running => {
    const lines: string[] = []
    const history = createHistory({
      file,
      retention: { eventsMs: 90 * dayMs, minutesMs: 7 * dayMs, hoursMs: 400 * dayMs },
      now: () => performance.now(),
      wallNow: () => Date.now(),
      toWall: (ms) => performance.timeOrigin + ms,
      log: (level, message) => void lines.push(`${level} ${message}`),
      lineOf,
      ...(workerUrl === undefined ? {} : { workerUrl }),
      ...options,
    })
    onTestFinished(() => history.close())
    return { history, lines }
  }
  return Object.assign(start, {
    workerUrl: (): URL => {
      if (workerUrl === undefined) throw new Error('the worker is not built yet')
      return workerUrl
    },
  })
}

/** A clock that can be put forward to the next attempt. */
export const skippingClock = (): { readonly options: Partial<HistoryOptions>; skip(ms: number): void } => {
  let skipped = 0
  return { options: { now: () => performance.now() + skipped }, skip: (ms) => void (skipped += ms) }
}

export const kindsIn = async (file: string): Promise<readonly StoredEvent['kind'][]> => {
  const reader = openHistory(file, () => Date.now())
  onTestFinished(() => reader.close())
  const { events, trouble } = await reader.events({ after: 0, limit: 1000 })
  expect(trouble).toBeNull()
  return events.map(({ kind }) => kind)
}

export const soon = { timeout: 30_000, interval: 50 }

export const untilLogged = ({ lines }: Running, count: number): Promise<void> => vi.waitFor(() => expect(lines).toHaveLength(count), soon)
