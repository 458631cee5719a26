import type { Address } from '../core/address.ts'
import type { Bounds } from '../core/site.ts'
import { createAbortHub } from './abort-hub.ts'
import { type Exchange, exchange, type Surroundings } from './exchange.ts'
import type { Line } from './line.ts'
import { createPhaseTimer } from './phase-timer.ts'
import { headersFor, isRedirect, nextStep } from './redirect.ts'
import type { ResponseHead } from './response-head.ts'
import { createStallWatch } from './stall-watch.ts'
import { cannotTell } from './trouble.ts'
import { createTrust, type Trust } from './trust.ts'

/** What is asked of one address. */
export interface Question {
  readonly url: string
  readonly address: Address
  readonly method: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly ca: string | undefined
  readonly bounds: Bounds
  readonly maxRedirects: number
  /** How far into the decoded body to read, where it is wanted. */
  readonly bodyBytes: number
  readonly wantsBody: (head: ResponseHead) => boolean
}

/** A line that the first request may go over, and whether the last one's is wanted back. */
export interface Lines {
  /** Is used up, in any case. */
  readonly kept: Line | undefined
  readonly keepsOpen: boolean
}

/** The last answer, or why there is none. Timing and status are of the last request; of certificates the one with the fewest days. */
export interface Asked extends Pick<Exchange, 'outcome'> {
  readonly last: Pick<Exchange, 'timing' | 'status' | 'certificateDays'>
  /** Open, after a single answer that was read to its end, if that was asked for; the caller's to close. */
  readonly line?: Line | undefined
}

/** Asks over connections to the given address, and nowhere else: fresh ones, unless a kept one is handed in. Never rejects. */
export interface Asker {
  ask(question: Question, signal: AbortSignal, lines?: Lines): Promise<Asked>
}

const fewer = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b)

const freshAlone: Lines = { kept: undefined, keepsOpen: false }

/** Asks, and follows where that is allowed. */
const follow = async (question: Question, trust: Trust, around: Surroundings, { kept, keepsOpen }: Lines): Promise<Asked> => {
  const { address, maxRedirects, bodyBytes } = question
  const first = new URL(question.url)
  const secureContext = trust.contextFor(question.ca)
  let step: { readonly url: URL; readonly method: string } = { url: first, method: question.method }
  let certificateDays: number | undefined
  for (let followed = 0; ; followed += 1) {
    const order = {
      ...step,
      address,
      secureContext,
      headers: headersFor(question.headers, first, step.url),
      keepsOpen: keepsOpen && followed === 0,
      bodyBytes,
      wantsBody: (head: ResponseHead) => !isRedirect(head, maxRedirects) && question.wantsBody(head),
    }
    let seen = await exchange(order, around, followed === 0 ? kept : undefined)
    // What a server does with idle connections says nothing of how it answers.
    if (seen.wasGone) seen = await exchange(order, around, undefined)
    const { outcome, line, timing, status } = seen
    certificateDays = fewer(certificateDays, seen.certificateDays)
    const last = { timing, status, certificateDays }
    const next = outcome.kind === 'answer' ? nextStep(step, outcome.head, followed, maxRedirects) : undefined
    if (keepsOpen && followed === 0 && next?.kind === 'answer') return { outcome, last, line }
    line?.close()
    if (next === undefined || next.kind === 'answer') return { outcome, last }
    if (next.kind !== 'follow') return { outcome: next, last }
    step = next
  }
}

const nothingSeen: Asked['last'] = { timing: {}, status: undefined, certificateDays: undefined }

/**
 * `now` is monotonic milliseconds and must run with real time. Needs no closing: what a question opens is gone when it is
 * answered, or handed back.
 */
export const createAsker = (now: () => number): Asker => {
  const stalls = createStallWatch(now)
  const aborts = createAbortHub()
  const trust = createTrust()
  return {
    ask: async (question, signal, lines = freshAlone) => {
      if (signal.aborted) lines.kept?.close()
      if (signal.aborted) return { outcome: cannotTell('aborted', 'stopped by the caller'), last: nothingSeen }
      stalls.enter()
      try {
        const timer = createPhaseTimer(question.bounds, now, stalls.lostMs)
        return await follow(question, trust, { now, timer, onAbort: (run) => aborts.subscribe(signal, run) }, lines)
      } catch (error) {
        lines.kept?.close()
        return { outcome: cannotTell('local-error', error instanceof Error ? error.message : String(error)), last: nothingSeen }
      } finally {
        stalls.leave()
      }
    },
  }
}

/** The headers that every question has, and the check's own. */
export const headersOf = (own: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  accept: '*/*',
  'accept-encoding': 'identity',
  'user-agent': 'dns-failover',
  ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name.toLowerCase(), value])),
})
