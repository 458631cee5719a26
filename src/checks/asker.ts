import type { Address } from '../core/address.ts'
import type { Bounds } from '../core/site.ts'
import { createAbortHub } from './abort-hub.ts'
import { type Exchange, exchange, type Surroundings } from './exchange.ts'
import { createPhaseTimer } from './phase-timer.ts'
import { headersFor, isRedirect, nextStep } from './redirect.ts'
import type { ResponseHead } from './request.ts'
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

/** The last answer, or why there is none. Timing and status are of the last request; of certificates the one with the fewest days. */
export type Asked = Pick<Exchange, 'outcome'> & { readonly last: Omit<Exchange, 'outcome'> }

/** Asks over fresh connections to the given address, and nowhere else. Never rejects. */
export interface Asker {
  ask(question: Question, signal: AbortSignal): Promise<Asked>
}

const fewer = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b)

/** Asks, and follows where that is allowed. */
const follow = async (question: Question, trust: Trust, around: Surroundings): Promise<Asked> => {
  const { address, maxRedirects, bodyBytes } = question
  const first = new URL(question.url)
  const secureContext = trust.contextFor(question.ca)
  let step: { readonly url: URL; readonly method: string } = { url: first, method: question.method }
  let certificateDays: number | undefined
  for (let followed = 0; ; followed += 1) {
    const { outcome, ...seen } = await exchange(
      {
        ...step,
        address,
        secureContext,
        headers: headersFor(question.headers, first, step.url),
        bodyBytes,
        wantsBody: (head) => !isRedirect(head, maxRedirects) && question.wantsBody(head),
      },
      around,
    )
    certificateDays = fewer(certificateDays, seen.certificateDays)
    const last = { ...seen, certificateDays }
    if (outcome.kind !== 'answer') return { outcome, last }
    const next = nextStep(step, outcome.head, followed, maxRedirects)
    if (next.kind === 'answer') return { outcome, last }
    if (next.kind !== 'follow') return { outcome: next, last }
    step = next
  }
}

const nothingSeen: Asked['last'] = { timing: {}, status: undefined, certificateDays: undefined }

/**
 * `now` is monotonic milliseconds and must run with real time. Needs no closing: what a question opens is gone when it is
 * answered.
 */
export const createAsker = (now: () => number): Asker => {
  const stalls = createStallWatch(now)
  const aborts = createAbortHub()
  const trust = createTrust()
  return {
    ask: async (question, signal) => {
      if (signal.aborted) return { outcome: cannotTell('aborted', 'stopped by the caller'), last: nothingSeen }
      stalls.enter()
      try {
        const timer = createPhaseTimer(question.bounds, now, stalls.lostMs)
        return await follow(question, trust, { now, timer, onAbort: (run) => aborts.subscribe(signal, run) })
      } catch (error) {
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
