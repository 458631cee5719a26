import { existsSync, readFileSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'

/** The machine's monotonic clock, the same in every process. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6

const kibibytesOf = (status: string, key: string): number => Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0)

/** Of a process, in MiB: what it has in memory now. */
export const residentMiB = (pid: number): number => kibibytesOf(readFileSync(`/proc/${pid}/status`, 'utf8'), 'VmRSS') / 1024

/** Linux counts in hundredths of a second (`USER_HZ`). */
const tickMs = 10

/** Milliseconds that a process, with all its threads, has worked. */
export const workedMs = (pid: number): number => {
  // The name in brackets may hold anything; user and system time are the 14th and 15th field.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /s, '').split(' ')
  return (Number(fields[11]) + Number(fields[12])) * tickMs
}

/** Milliseconds that its main thread was ready to run while others ran. Zero where the kernel does not count it. */
export const waitedMs = (pid: number): number => {
  const path = `/proc/${pid}/schedstat`
  return existsSync(path) ? Number(readFileSync(path, 'utf8').split(' ')[1]) / 1e6 : 0
}

/**
 * Lets this process, and those that it starts from now on, work before others, so that tests that run at the same time are
 * not measured; only root may. Returns how it ends.
 */
export const goFirst = (): (() => void) => {
  const before = getPriority()
  try {
    setPriority(-10)
  } catch {
    return () => undefined
  }
  return () => setPriority(before)
}
