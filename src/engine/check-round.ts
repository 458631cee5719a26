import type { Underway } from '../core/pacing.ts'
import type { CheckResult } from '../core/result.ts'
import type { Clock } from './ports.ts'

/** How a round is done. */
export interface RoundParts {
  /** Starts one check. Settles soon after an abort. */
  ask(): Promise<CheckResult>
  /** Takes a result in: in the order of the starts, one at a time, whichever check ended first. */
  join(result: CheckResult): void
  /** When another is to start if the latest still runs; infinite: none. */
  besideAt(underway: Underway): number
  /** Another has been started beside those that run: when the one before it started, and when this one did. Engine milliseconds. */
  onBeside(firstAt: number, secondAt: number): void
}

export interface Round {
  readonly first: CheckResult
  readonly last: CheckResult
  /** How many were started while another ran. */
  readonly beside: number
}

interface Started {
  readonly answer: Promise<CheckResult>
  /** Settles with the same once it has joined. */
  readonly joined: Promise<CheckResult>
}

/** A timer this much late is ordinary; one that is later shows that this process stood still, and may not have read an answer yet. Milliseconds. */
const slackMs = 25

/**
 * One check of an address; when it runs too long, others beside it. Ends when all have ended, and joined. One that passes shows that the
 * address is not silent: after it, no more are started. The results come in exactly as if the checks had been made one after the other.
 */
export const runRound = async ({ ask, join, besideAt, onBeside }: RoundParts, clock: Clock, signal: AbortSignal): Promise<Round> => {
  let hasPassed = false
  let ended = 0

  const start = (before: Promise<CheckResult> | undefined): Started => {
    const answer = ask()
    const inTurn = async (): Promise<CheckResult> => {
      const result = await answer
      if (result.kind === 'ok') hasPassed = true
      if (before !== undefined) await before
      if (!signal.aborted) join(result)
      ended += 1
      return result
    }
    const joined = inTurn()
    // A fault of the program's own is thrown at the end of the round, which may be later.
    joined.catch(() => undefined)
    return { answer, joined }
  }

  const isStillRunning = (check: Promise<CheckResult>, ms: number): Promise<boolean> =>
    new Promise((resolve) => {
      const cancel = clock.after(ms, () => resolve(true))
      const end = (): void => {
        cancel()
        resolve(false)
      }
      check.then(end, end)
    })

  const first = start(undefined)
  // Read after the start: a check has begun by then, and what is to span a time from it on does.
  const firstAt = clock.now()
  let latest = first
  let [started, lastAt] = [1, firstAt]
  for (let notBefore = Number.NEGATIVE_INFINITY; ; ) {
    const dueAt = Math.max(notBefore, besideAt({ count: started - ended, started, firstAt, lastAt }))
    if (dueAt === Number.POSITIVE_INFINITY || !(await isStillRunning(latest.answer, dueAt - clock.now()))) break
    if (signal.aborted || hasPassed) break
    const now = clock.now()
    if (now - dueAt > slackMs) {
      notBefore = now + slackMs
      continue
    }
    const beforeAt = lastAt
    latest = start(latest.joined)
    lastAt = clock.now()
    started += 1
    onBeside(beforeAt, lastAt)
  }
  return { first: await first.joined, last: await latest.joined, beside: started - 1 }
}
