import { spawn } from 'node:child_process'

/** Does one thing when its parent is gone, however that went. */
export interface GuardProcess {
  /** Ends the guard without its deed. */
  dismiss(): void
}

/** Waits for the end of its input, which comes when whoever holds the other end dies. */
const script = 'trap "" INT TERM HUP QUIT; while read -r _; do :; done; "$@"'

/**
 * Nobody can do anything on being killed by SIGKILL: so a shell waits beside us, and then runs a command. It ends what
 * cannot end by itself (a frozen server hears nothing), and removes what we leave behind.
 */
export const startGuard = (...command: readonly [string, ...string[]]): GuardProcess => {
  const guard = spawn('/bin/sh', ['-c', script, 'guard', ...command], { stdio: ['pipe', 'ignore', 'ignore'] })
  guard.on('error', () => undefined)
  guard.stdin.on('error', () => undefined)
  return { dismiss: () => void guard.kill('SIGKILL') }
}
