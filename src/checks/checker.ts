import type { CheckResult } from '../core/result.ts'
import type { HealthCheck } from '../core/site.ts'
import type { Checker } from '../engine/ports.ts'
import { type Asked, type Asker, createAsker, headersOf } from './asker.ts'
import { type CompiledPattern, compilePattern } from './body-pattern.ts'
import { descriptorLimit } from './descriptor-limit.ts'
import { isExpectedStatus, judge } from './judge.ts'
import { cannotTell, type Trouble } from './trouble.ts'
import { createWires } from './wires.ts'

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

const isOutOfDescriptors = ({ outcome }: Asked): boolean => outcome.kind === 'cannot-tell' && outcome.cause === 'no-descriptors'

const saysMs = ({ outcome }: Asked): number | undefined =>
  outcome.kind !== 'answer' || outcome.head.keepAliveSeconds === undefined ? undefined : outcome.head.keepAliveSeconds * 1000

export interface CheckerOptions {
  readonly now: () => number
  readonly asker?: Asker
  readonly wallNow?: () => number
  /** How many files and sockets the process may have open. Default: what the system allows it now. */
  readonly descriptors?: number
}

/**
 * Health checks over connections to the given address and nowhere else: fresh ones, and kept ones where the check says so. `now` is
 * monotonic milliseconds and must run with real time. What a check opens is gone when it ends, but for the one connection that is held for its
 * watch; `close` ends those.
 */
export const createChecker = ({ now, asker = createAsker(now), wallNow = Date.now, descriptors = descriptorLimit() ?? Number.POSITIVE_INFINITY }: CheckerOptions): Checker => {
  const prepared = new WeakMap<HealthCheck, Prepared>()
  const wires = createWires({ now, wallNow, descriptors })
  const preparedOf = (check: HealthCheck): Prepared => {
    const known = prepared.get(check) ?? prepare(check)
    prepared.set(check, known)
    return known
  }
  return {
    check: async ({ url, address, check, watch }, signal): Promise<CheckResult> => {
      const startedAt = now()
      const { headers, pattern } = preparedOf(check)
      const { method, ca, bounds, maxRedirects } = check
      const wantsBody = (head: { readonly status: number }): boolean => isExpectedStatus(check, head.status)
      const question = { url, address, method, headers, ca, bounds, maxRedirects, bodyBytes: check.expect.bodyBytes, wantsBody }
      const wire = wires.of(watch, check, address)
      const keepsOpen = wire !== undefined
      let asked = await asker.ask(question, signal, { kept: wire?.take(check), keepsOpen })
      // Descriptors are for checks first: what is only held makes room.
      if (isOutOfDescriptors(asked) && wires.makeRoom()) asked = await asker.ask(question, signal, { kept: undefined, keepsOpen: false })
      const { outcome, last, line } = asked
      const trouble = outcome.kind === 'answer' ? judged(() => judge(check, pattern, { ...outcome, certificateDays: last.certificateDays })) : outcome
      if (trouble === undefined && !signal.aborted) wire?.passed(startedAt, line, saysMs(asked))
      else {
        line?.close()
        wire?.notPassed(startedAt)
      }
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
    close: async () => wires.close(),
  }
}
