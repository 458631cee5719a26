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

/**
 * Keeps the part of the heap where everything begins at the two megabytes that it has at the start of a process. By itself V8 lets it
 * grow to more than thirty while the program's own code is loaded, and never gives them back: to be called before that. A thread that begins
 * undoes it for all, so `history/worker.ts` says it again. What lives until the next check of its address becomes old at any size, and
 * what a check itself needs is gone before this is full: a check takes a few percent more processor time at most, and the process 35 MB less (measured at 600 checks a second).
 */
export const keepYoungHeapSmall = (): void => setFlagsFromString('--semi-space-growth-factor=1')
