import { setFlagsFromString } from 'node:v8'

/** By how much what has become old may grow before it is looked through again, in percent of what was still of use then. */
const growthPercent = 80

/**
 * Keeps the memory of a process that runs for months near what it needs. By itself V8 lets it grow to several times that: thousands of checks
 * a second leave garbage that has lived for a second, and so counts as old. To look through it more often costs little. Nor is anything
 * made as old from the start because others like it grew old (pretenuring): the little that lives until the next check would drag
 * along what it refers to, and half of what a check leaves behind counted as old. A later V8 that does not know a flag says so on stderr, and goes on.
 */
export const keepHeapLean = (): void => {
  setFlagsFromString(`--heap-growing-percent=${growthPercent}`)
  setFlagsFromString('--no-allocation-site-pretenuring')
}
