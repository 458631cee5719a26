import type { HealthCheck } from './site.ts'

/** Milliseconds: no two results of a confirmation are ever further apart than this. */
export const longestPauseMs = (check: Pick<HealthCheck, 'bounds' | 'confirmSpanMs'>): number =>
  10_000 + 2 * (check.bounds.totalMs + check.confirmSpanMs)
