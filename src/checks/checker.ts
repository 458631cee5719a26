import type { CheckResult } from '../core/result.ts'
import type { HealthCheck } from '../core/site.ts'
import type { Checker, CheckRequest } from '../engine/ports.ts'
import { createAbortHub } from './abort-hub.ts'
import { type CompiledPattern, compilePattern } from './body-pattern.ts'
import { type Exchange, exchange, type Surroundings } from './exchange.ts'
import { isExpectedStatus, judge } from './judge.ts'
import { createPhaseTimer } from './phase-timer.ts'
import { headersFor, isRedirect, nextStep } from './redirect.ts'
import { createStallWatch } from './stall-watch.ts'
import { cannotTell, type Trouble } from './trouble.ts'
import { createTrust, type Trust } from './trust.ts'

/** What a check needs of its configuration, worked out once. */
interface Prepared {
  readonly headers: Readonly<Record<string, string>>
  readonly pattern: CompiledPattern | undefined
}

const prepare = (check: HealthCheck): Prepared => ({
  headers: {
    accept: '*/*',
    'accept-encoding': 'identity',
    'user-agent': 'dns-failover',
    ...Object.fromEntries(Object.entries(check.headers).map(([name, value]) => [name.toLowerCase(), value])),
  },
  pattern: check.expect.body?.kind === 'matches' ? compilePattern(check.expect.body.text) : undefined,
})

interface Seen {
  readonly trouble: Trouble | undefined
  /** Of the last request; its timing too. */
  readonly last: Omit<Exchange, 'outcome'>
}

const fewer = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b)

/** Asks, follows where that is allowed, and judges the last answer. */
const follow = async ({ url: asked, address, check }: CheckRequest, prepared: Prepared, trust: Trust, around: Surroundings): Promise<Seen> => {
  const first = new URL(asked)
  const secureContext = trust.contextFor(check.ca)
  let step: { readonly url: URL; readonly method: string } = { url: first, method: check.method }
  let certificateDays: number | undefined
  for (let followed = 0; ; followed += 1) {
    const { outcome, ...seen } = await exchange(
      {
        ...step,
        address,
        secureContext,
        headers: headersFor(prepared.headers, first, step.url),
        bodyBytes: check.expect.bodyBytes,
        wantsBody: (head) => !isRedirect(head, check.maxRedirects) && isExpectedStatus(check, head.status),
      },
      around,
    )
    certificateDays = fewer(certificateDays, seen.certificateDays)
    const last = { ...seen, certificateDays }
    if (outcome.kind !== 'answer') return { trouble: outcome, last }
    const next = nextStep(step, outcome.head, followed, check.maxRedirects)
    if (next.kind === 'answer') return { trouble: judge(check, prepared.pattern, { ...outcome, certificateDays }), last }
    if (next.kind !== 'follow') return { trouble: next, last }
    step = next
  }
}

const nothingSeen: Seen['last'] = { timing: {}, status: undefined, certificateDays: undefined }

/**
 * Health checks over undici, each on a fresh connection to the given address and nowhere else. `now` is monotonic
 * milliseconds and must run with real time. Needs no closing: what a check opens is gone when it ends.
 */
export const createChecker = ({ now }: { readonly now: () => number }): Checker => {
  const stalls = createStallWatch(now)
  const aborts = createAbortHub()
  const trust = createTrust()
  const prepared = new WeakMap<HealthCheck, Prepared>()
  const preparedOf = (check: HealthCheck): Prepared => {
    const known = prepared.get(check) ?? prepare(check)
    prepared.set(check, known)
    return known
  }
  const look = async (request: CheckRequest, signal: AbortSignal): Promise<Seen> => {
    if (signal.aborted) return { trouble: cannotTell('aborted', 'stopped by the caller'), last: nothingSeen }
    stalls.enter()
    try {
      const timer = createPhaseTimer(request.check.bounds, now, stalls.lostMs)
      return await follow(request, preparedOf(request.check), trust, { now, timer, onAbort: (run) => aborts.subscribe(signal, run) })
    } catch (error) {
      return { trouble: cannotTell('local-error', error instanceof Error ? error.message : String(error)), last: nothingSeen }
    } finally {
      stalls.leave()
    }
  }
  return {
    check: async (request, signal): Promise<CheckResult> => {
      const startedAt = now()
      const { trouble, last } = await look(request, signal)
      const finishedAt = now()
      const facts = {
        startedAt,
        finishedAt,
        timing: { ...last.timing, totalMs: finishedAt - startedAt },
        ...(last.status === undefined ? {} : { status: last.status }),
        ...(last.certificateDays === undefined ? {} : { certificateDays: last.certificateDays }),
      }
      return trouble === undefined ? { kind: 'ok', ...facts } : { ...trouble, ...facts }
    },
  }
}
