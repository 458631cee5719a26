import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { readBootId } from './boot.ts'

/** One process, told apart from every other that ever had its number. `undefined` where the system does not say. */
export interface ProcessIdentity {
  readonly pid: number
  readonly host: string
  readonly machineId: string | undefined
  readonly bootId: string | undefined
  /** The numbering that `pid` belongs to: differs between containers. */
  readonly pidNamespace: string | undefined
  /** Clock ticks from boot to the process's start. */
  readonly startTicks: number | undefined
}

/** State and start of a process of our own pid namespace; undefined if there is none or the system does not say. */
const readStat = async (pid: number): Promise<{ readonly state: string; readonly startTicks: number } | undefined> => {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  // The program's name, second field, may hold spaces and parentheses: fields are counted from behind it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { state: fields[0] ?? '', startTicks: Number(fields[19]) }
}

const readText = async (file: string): Promise<string | undefined> => {
  const text = (await readFile(file, 'utf8').catch(() => '')).trim()
  return text === '' ? undefined : text
}

const readPidNamespace = (): Promise<string | undefined> => readlink('/proc/self/ns/pid').catch(() => undefined)

export const readOwnIdentity = async (): Promise<ProcessIdentity> => ({
  pid: process.pid,
  host: hostname(),
  machineId: await readText('/etc/machine-id'),
  bootId: await readBootId(),
  pidNamespace: await readPidNamespace(),
  startTicks: (await readStat(process.pid))?.startTicks,
})

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Whether a process that `own` can see by its number still runs; a reused number and a zombie do not count. */
export const isRunning = async (identity: ProcessIdentity): Promise<boolean> => {
  if (identity.startTicks === undefined) return exists(identity.pid)
  const stat = await readStat(identity.pid)
  return stat !== undefined && stat.startTicks === identity.startTicks && !['Z', 'X'].includes(stat.state)
}

/** Whether both run, or ran, under the same start of the same kernel, in whatever containers. */
export const isSameKernel = (a: ProcessIdentity, b: ProcessIdentity): boolean =>
  a.bootId === b.bootId && (a.bootId !== undefined || a.host === b.host)

/** Whether `a` can judge `b` by its process number. */
export const sharesPids = (a: ProcessIdentity, b: ProcessIdentity): boolean => isSameKernel(a, b) && a.pidNamespace === b.pidNamespace

/** Whether the machine that `b` ran on is the one that `a` runs on, started anew since. */
export const isEarlierBoot = (a: ProcessIdentity, b: ProcessIdentity): boolean =>
  a.host === b.host && a.machineId !== undefined && a.machineId === b.machineId && a.bootId !== undefined && b.bootId !== undefined && a.bootId !== b.bootId
