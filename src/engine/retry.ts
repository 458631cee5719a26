import { backoffMs } from '../core/backoff.ts'
import type { SitePorts } from './ports.ts'

/** When a provider that has failed may be asked again. */
export interface Retry {
  isDue(): boolean
  /** Engine milliseconds; undefined: now. */
  notBefore(): number | undefined
  failed(retryAfterMs: number | undefined): void
  succeeded(): void
}

export const createRetry = (ports: Pick<SitePorts, 'clock' | 'random'>): Retry => {
  let failures = 0
  let notBefore = Number.NEGATIVE_INFINITY
  return {
    notBefore: () => (Number.isFinite(notBefore) ? notBefore : undefined),
    isDue: () => ports.clock.now() >= notBefore,
    failed: (retryAfterMs) => {
      failures += 1
      notBefore = ports.clock.now() + backoffMs(failures, ports.random(), retryAfterMs)
    },
    succeeded: () => {
      failures = 0
      notBefore = Number.NEGATIVE_INFINITY
    },
  }
}
