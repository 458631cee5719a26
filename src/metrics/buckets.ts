/*
 * Upper bounds of histograms, seconds.
 */

/** What an answer takes: from one in the same rack to the longest that a check waits. */
export const answerBuckets: readonly number[] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** What a failover takes: from a short `confirmSpan` to name servers that are slow to follow. */
export const failoverBuckets: readonly number[] = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30, 60, 120, 300, 600]
