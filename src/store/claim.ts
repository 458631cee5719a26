import { once } from 'node:events'
import { access, constants } from 'node:fs/promises'
import { createServer } from 'node:net'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { acquireLock, type LockOutcome, type LockTaker } from './lock.ts'
import { isGone } from './lock-liveness.ts'
import { readRecord } from './lock-record.ts'
import { readOwnIdentity } from './process-identity.ts'
import { StateError, stateError } from './state-error.ts'
import { unseenSocket } from './unseen-socket.ts'

export type Claim =
  | LockOutcome
  /** The directory takes no lock, and so no state either. What guards against a second writer instead is said in `guardedBy`. */
  | { readonly kind: 'without'; readonly error: StateError; readonly guardedBy: 'socket' | 'nothing'; release(): Promise<void> }

/** Whether somebody took the lock before the directory became what it is now. */
const holderOf = async (dir: string): Promise<Extract<LockOutcome, { kind: 'busy' }> | undefined> => {
  try {
    const folder = join(dir, 'lock')
    const found = await readRecord(join(folder, 'holder.json'))
    if (found === undefined || (await isGone(folder, found, await readOwnIdentity(), found.beatAt))) return undefined
    const { pid, command, since, host } = found.record
    return { kind: 'busy', holder: { pid, command, since, host } }
  } catch {
    return undefined
  }
}

const claimSocket = async (path: string): Promise<(() => Promise<void>) | 'taken' | undefined> => {
  const server = createServer((socket) => socket.destroy())
  try {
    server.listen({ path, exclusive: true })
    await once(server, 'listening')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'taken' : undefined
  }
  server.unref()
  return async () => {
    server.close()
    await once(server, 'close')
  }
}

/** Node's recursive mkdir says ENOENT on a read-only file system; whether we may write says more. */
const reasonOf = async (dir: string, error: StateError): Promise<StateError> => {
  if (error.code !== 'io') return error
  try {
    await access(dir, constants.W_OK)
    return error
  } catch (why) {
    return stateError('lock the state directory', dir, why)
  }
}

/**
 * Takes the state directory for a service. One that is read-only, full or not ours does not keep failover from running: it
 * then goes on without state and without the lock, guarded by an abstract socket where there are such, which other
 * services on the directory heed within the same network namespace (dns-reconcile cannot run there either way).
 * @throws StateError if the directory is no directory: the config is wrong.
 */
export const claimStateDir = async (dir: string, taker: LockTaker): Promise<Claim> => {
  try {
    return await acquireLock(dir, taker)
  } catch (error) {
    if (!(error instanceof StateError) || error.code === 'not-a-directory') throw error
    const busy = await holderOf(dir)
    if (busy !== undefined) return busy
    const path = await unseenSocket(dir, 'lock')
    const socket = path === undefined ? undefined : await claimSocket(path)
    if (socket === 'taken') return { kind: 'busy', holder: { pid: 0, command: 'another service', since: 'unknown', host: hostname() } }
    return { kind: 'without', error: await reasonOf(dir, error), guardedBy: socket === undefined ? 'nothing' : 'socket', release: async () => void (await socket?.()) }
  }
}
