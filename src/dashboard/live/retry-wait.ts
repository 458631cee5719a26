/** A service that restarts is there again within seconds. */
export const firstWaitMs = 500
const longestWaitMs = 5_000

/** After a try that failed. */
export const nextWait = (waitMs: number): number => Math.min(longestWaitMs, waitMs * 2)
