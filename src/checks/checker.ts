import type { CheckResult } from '../core/result.ts'
import type { HealthCheck } from '../core/site.ts'
import type { Checker } from '../engine/ports.ts'
import { type Asker, createAsker, headersOf } from './asker.ts'
import { type CompiledPattern, compilePattern } from './body-pattern.ts'
import { isExpectedStatus, judge } from './judge.ts'
import { cannotTell, type Trouble } from './trouble.ts'

/** What a check needs of its configuration, worked out once. */
interface Prepared {
  readonly headers: Readonly<Record<string, string>>
  readonly pattern: CompiledPattern | undefined
}

const prepare = (check: HealthCheck): Prepared => ({
  headers: headersOf(check.headers),
  pattern: check.expect.body?.kind === 'matches' ? compilePattern(check.expect.body.text) : undefined,
})

/** Judging runs patterns of the config's: what goes wrong in it is no fault of the target. */
const judged = (run: () => Trouble | undefined): Trouble | undefined => {
  try {
    return run()
  } catch (error) {
    return cannotTell('local-error', error instanceof Error ? error.message : String(error))
  }
}

/**
 * Health checks over undici, each on a fresh connection to the given address and nowhere else. `now` is monotonic
 * milliseconds and must run with real time. Needs no closing: what a check opens is gone when it ends.
 */
export const createChecker = ({ now, asker = createAsker(now) }: { readonly now: () => number; readonly asker?: Asker }): Checker => {
  const prepared = new WeakMap<HealthCheck, Prepared>()
  const preparedOf = (check: HealthCheck): Prepared => {
    const known = prepared.get(check) ?? prepare(check)
    prepared.set(check, known)
    return known
  }
  return {
    check: async ({ url, address, check }, signal): Promise<CheckResult> => {
      const startedAt = now()
      const { headers, pattern } = preparedOf(check)
      const { method, ca, bounds, maxRedirects } = check
      const wantsBody = (head: { readonly status: number }): boolean => isExpectedStatus(check, head.status)
      const { outcome, last } = await asker.ask({ url, address, method, headers, ca, bounds, maxRedirects, bodyBytes: check.expect.bodyBytes, wantsBody }, signal)
      const trouble = outcome.kind === 'answer' ? judged(() => judge(check, pattern, { ...outcome, certificateDays: last.certificateDays })) : outcome
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
