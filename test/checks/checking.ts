import { performance } from 'node:perf_hooks'
import { createChecker } from '../../src/checks/checker.ts'
import type { Address } from '../../src/core/address.ts'
import type { CheckResult } from '../../src/core/result.ts'
import type { Bounds, Expectation, HealthCheck } from '../../src/core/site.ts'
import type { Checker } from '../../src/engine/ports.ts'

export const now = (): number => performance.now()

export const generous: Bounds = { connectMs: 5000, tlsMs: 5000, headersMs: 5000, bodyMs: 5000, totalMs: 6000 }

/** A check with sound defaults for a server on this machine. */
export const aCheck = (
  changes: Partial<Omit<HealthCheck, 'bounds' | 'expect'>> & { readonly bounds?: Partial<Bounds>; readonly expect?: Partial<Expectation> } = {},
): HealthCheck => ({
  identity: 'test',
  url: 'http://{site}/',
  method: 'GET',
  headers: {},
  ca: undefined,
  minCertDays: undefined,
  maxRedirects: 0,
  everyMs: 1000,
  schedule: undefined,
  fall: 3,
  rise: 2,
  confirmSpanMs: 0,
  tripwire: 'off',
  connection: 'fresh',
  ...changes,
  expect: { status: [{ from: 200, to: 299 }], body: undefined, bodyBytes: 65_536, ...changes.expect },
  bounds: { ...generous, ...changes.bounds },
})

/** Checks again while this busy machine, and not the server, is to blame for a timeout. */
export const checkSurely = async (checker: Checker, url: string, address: Address, check: HealthCheck): Promise<CheckResult> => {
  const never = new AbortController().signal
  for (let left = 10; ; left -= 1) {
    const result = await checker.check({ url, address, check }, never)
    if (left === 0 || result.kind !== 'cannot-tell' || result.cause !== 'late') return result
  }
}

export const aChecker = (): Checker => createChecker({ now })

/** What a result says, without its times. */
export const gist = (result: CheckResult): object => ({
  kind: result.kind,
  ...(result.kind === 'ok' ? {} : { cause: result.cause }),
  ...(result.status === undefined ? {} : { status: result.status }),
})
