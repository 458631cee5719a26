import { onTestFinished } from 'vitest'
import { createChecker } from '../../src/checks/checker.ts'
import type { CheckResult } from '../../src/core/result.ts'
import type { HealthCheck } from '../../src/core/site.ts'
import type { Checker } from '../../src/engine/ports.ts'
import type { RegionServer } from '../fakes/region-server.ts'
import { now } from './checking.ts'

/** How long a test waits for what must come, on however busy a machine. Milliseconds. */
export const patienceMs = 30_000

export interface Watched {
  readonly checker: Checker
  check(): Promise<CheckResult>
  /** How often the wire has asked for a check. */
  wanted(): number
  /** Settles once it has done so that often. */
  wantedTimes(count: number): Promise<void>
  /** Ends the watch. */
  end(): void
}

/** One address that is checked again and again, as the engine does it. `answersWires`: a check follows at once whenever the wire wants one. */
export const watching = (server: Pick<RegionServer, 'address' | 'port'>, check: HealthCheck, options: { readonly answersWires?: boolean; readonly scheme?: string; readonly checker?: Checker } = {}): Watched => {
  const checker = options.checker ?? createChecker({ now })
  const life = new AbortController()
  let count = 0
  const waiting: { readonly count: number; readonly done: () => void }[] = []
  const url = `${options.scheme ?? 'http'}://failover.test:${server.port}/`
  const ask = (): Promise<CheckResult> => checker.check({ url, address: server.address, check, watch }, life.signal)
  const watch = {
    signal: life.signal,
    checkNow: () => {
      count += 1
      for (const each of waiting) if (count >= each.count) each.done()
      if (options.answersWires === true) void ask()
    },
  }
  onTestFinished(async () => {
    life.abort()
    await checker.close?.()
  })
  return {
    checker,
    check: ask,
    wanted: () => count,
    wantedTimes: (wanted) =>
      count >= wanted
        ? Promise.resolve()
        : new Promise((resolve, reject) => {
            const timer = setTimeout(() => reject(new Error(`the wire asked for ${count} checks, not ${wanted}`)), patienceMs)
            waiting.push({ count: wanted, done: () => (clearTimeout(timer), resolve()) })
          }),
    end: () => life.abort(),
  }
}
