import { setMaxListeners } from 'node:events'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { handOver } from './hand-over.ts'
import { type Contender, contend, holderFile, placeFile } from './lock-contender.ts'
import { beatEveryMs, isGone, socketName } from './lock-liveness.ts'
import { type LockRecord, readRecord } from './lock-record.ts'
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

/** What a process says of itself when it takes a lock. */
export interface LockTaker {
  /** Names the holder to others: `dns-reconcile`, `serve`. */
  readonly command: string
  /** Is told what goes wrong at the release. */
  readonly log?: (level: 'warn', message: string) => void
}

export type LockOutcome =
  | {
      readonly kind: 'held'
      /**
       * Aborts if somebody else has taken the lock: this process seemed dead for long. It must not write any more. Its
       * reason is the `LockHolder` who has it now, unless the record is gone.
       */
      readonly lost: AbortSignal
      /** Never rejects: what goes wrong is logged, and the lock is free once this process has ended. */
      release(): Promise<void>
    }
  | { readonly kind: 'busy'; readonly holder: LockHolder }

const holderIn = ({ pid, command, since, host }: LockRecord): LockHolder => ({ pid, command, since, host })

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Gives signs of life until the lock is released, and notices if it is no longer ours. */
const hold = async (me: Contender, log: LockTaker['log']): Promise<Extract<LockOutcome, { kind: 'held' }>> => {
  const file = holderFile(me.dir)
  const lost = new AbortController()
  setMaxListeners(0, lost.signal)
  const beat = async (): Promise<void> => {
    const found = await readRecord(file)
    if (found?.record.nonce !== me.record.nonce) return lost.abort(found === undefined ? undefined : holderIn(found.record))
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
      try {
        // The record goes first: while it stands, its socket must answer.
        if ((await readRecord(file))?.record.nonce === me.record.nonce) await rm(file, { force: true })
      } catch (error) {
        log?.('warn', `cannot release the lock of the state directory (${textOf(error)}); it is free once this process has ended`)
      }
      await me.stopLiving().catch(() => undefined)
    },
  }
}

const attempt = async (me: Contender, log: LockTaker['log']): Promise<LockOutcome> => {
  for (let tries = 1; ; tries += 1) {
    if (await placeFile(me.file, holderFile(me.dir))) return hold(me, log)
    const found = await readRecord(holderFile(me.dir))
    if (found === undefined) continue
    const busy: LockOutcome = { kind: 'busy', holder: holderIn(found.record) }
    if (!(await isGone(me.dir, found, me.own, me.fileSystemNow))) return busy
    if (await succeed(me, found.record)) return hold(me, log)
    if (tries === 200) return busy
    await pause(5)
  }
}

/**
 * Takes the state directory for this process, or says who has it. Released by the holder's end too, however it comes.
 * The directory is made if it is missing.
 * @throws StateError if the directory cannot be used.
 */
export const acquireLock = async (dir: string, taker: LockTaker): Promise<LockOutcome> => {
  const folder = join(dir, 'lock')
  let me: Contender | undefined
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    me = await contend(folder, taker.command)
    await handOver(dir, [folder, me.file, join(folder, socketName(me.record))])
    const outcome = await attempt(me, taker.log)
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
