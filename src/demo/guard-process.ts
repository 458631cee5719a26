import { spawn } from 'node:child_process'

/** Kills a process when its parent is gone, however that went. */
export interface GuardProcess {
  /** Ends the guard without harm to what it guards. */
  dismiss(): void
}

/** Waits for the end of its input, which comes when whoever holds the other end dies. */
const script = 'trap "" INT TERM HUP QUIT; while read -r _; do :; done; kill -KILL "$1"'

/**
 * A server that hears its parent leave ends by itself. A frozen one hears nothing, and nobody can do anything on being
 * killed by SIGKILL: so a shell waits beside each server.
 */
export const startGuard = (pid: number): GuardProcess => {
  const guard = spawn('/bin/sh', ['-c', script, 'guard', String(pid)], { stdio: ['pipe', 'ignore', 'ignore'] })
  guard.on('error', () => undefined)
  guard.stdin.on('error', () => undefined)
  return { dismiss: () => void guard.kill('SIGKILL') }
}
