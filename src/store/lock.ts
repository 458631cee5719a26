import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Contender, contend, holderFile, placeFile } from './lock-contender.ts'
import { beatEveryMs, isGone } from './lock-liveness.ts'
import { readRecord } from './lock-record.ts'
import { succeed, tidy } from './lock-succession.ts'
import { stateError } from './state-error.ts'

/** Who holds a lock, for people. */
export interface LockHolder {
  readonly pid: number
  readonly command: string
  /** ISO 8601. */
  readonly since: string
  readonly host: string
}

export type LockOutcome =
  | {
      readonly kind: 'held'
      /** Aborts if somebody else has taken the lock: this process seemed dead for long. It must not write any more. */
      readonly lost: AbortSignal
      release(): Promise<void>
    }
  | { readonly kind: 'busy'; readonly holder: LockHolder }

/** Gives signs of life until the lock is released, and notices if it is no longer ours. */
const hold = async (me: Contender): Promise<Extract<LockOutcome, { kind: 'held' }>> => {
  const file = holderFile(me.dir)
  const lost = new AbortController()
  const isOurs = async (): Promise<boolean> => (await readRecord(file))?.record.nonce === me.record.nonce
  const beat = async (): Promise<void> => {
    if (!(await isOurs())) return lost.abort()
    // The same bytes again: only the time of the change is meant, and that by the file system's clock.
    const handle = await open(file, 'r+')
    await handle.write(me.text, 0).finally(() => handle.close())
  }
  const timer = setInterval(() => void beat().catch(() => undefined), beatEveryMs)
  timer.unref()
  await tidy(me).catch(() => undefined)
  return {
    kind: 'held',
    lost: lost.signal,
    release: async () => {
      clearInterval(timer)
      // The record goes first: while it stands, its socket must answer.
      if (await isOurs().catch(() => false)) await rm(file, { force: true })
      await me.stopLiving()
    },
  }
}

const attempt = async (me: Contender): Promise<LockOutcome> => {
  for (let tries = 1; ; tries += 1) {
    if (await placeFile(me.file, holderFile(me.dir))) return hold(me)
    const found = await readRecord(holderFile(me.dir))
    if (found === undefined) continue
    const { pid, command, since, host } = found.record
    const busy: LockOutcome = { kind: 'busy', holder: { pid, command, since, host } }
    if (!(await isGone(me.dir, found, me.own, me.fileSystemNow))) return busy
    if (await succeed(me, found.record)) return hold(me)
    if (tries === 200) return busy
    await pause(5)
  }
}

/**
 * Takes the state directory for this process, or says who has it. Released by the holder's end too, however it comes.
 * The directory is made if it is missing. `command` names the holder to others: `dns-reconcile`, `serve`.
 * @throws StateError if the directory cannot be used.
 */
export const acquireLock = async (dir: string, holder: { readonly command: string }): Promise<LockOutcome> => {
  const folder = join(dir, 'lock')
  let me: Contender | undefined
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    me = await contend(folder, holder.command)
    const outcome = await attempt(me)
    await rm(me.file, { force: true })
    if (outcome.kind === 'busy') await me.stopLiving()
    return outcome
  } catch (error) {
    if (me !== undefined) {
      await rm(me.file, { force: true }).catch(() => undefined)
      await me.stopLiving().catch(() => undefined)
    }
    throw stateError('lock the state directory', dir, error)
  }
}
