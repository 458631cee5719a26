import type { ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** By now, without waiting in between: whoever froze a server goes on as soon as this returns. */
const mostMs = 5_000

/** The letter after the command's name, which may hold anything (proc_pid_stat(5)). */
const stateOf = (stat: string): string => stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3)

const isFrozen = (pid: number): boolean => {
  try {
    return readdirSync(`/proc/${pid}/task`).every((task) => /[TtZX]/.test(stateOf(readFileSync(`/proc/${pid}/task/${task}/stat`, 'utf8'))))
  } catch {
    return true
  }
}

/** Sends a signal. SIGSTOP only tells a process to stop: its other threads may do something yet, so that is waited for where it can be seen. */
export const sendSignal = (child: ChildProcess, name: NodeJS.Signals): void => {
  child.kill(name)
  if (name !== 'SIGSTOP' || child.pid === undefined || process.platform !== 'linux') return
  for (const until = Date.now() + mostMs; !isFrozen(child.pid) && Date.now() < until; );
}
