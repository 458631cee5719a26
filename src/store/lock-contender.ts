import { randomUUID } from 'node:crypto'
import { copyFile, constants, link, open, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { socketName } from './lock-liveness.ts'
import type { LockRecord } from './lock-record.ts'
import { listenForLife } from './lock-socket.ts'
import { type ProcessIdentity, readOwnIdentity } from './process-identity.ts'

/** One attempt to take the lock, in the directory of its files: its record in a file of its own, and its sign of life. */
export interface Contender {
  readonly dir: string
  readonly own: ProcessIdentity
  readonly record: LockRecord
  readonly file: string
  readonly text: string
  /** The file system's clock, when the attempt began. */
  readonly fileSystemNow: number
  stopLiving(): Promise<void>
}

export const holderFile = (dir: string): string => join(dir, 'holder.json')
export const claimFile = (dir: string, nonce: string): string => join(dir, `after-${nonce}.json`)

export const contend = async (dir: string, command: string): Promise<Contender> => {
  const own = await readOwnIdentity()
  const nonce = randomUUID()
  const stop = await listenForLife(dir, socketName({ nonce }))
  const record: LockRecord = { version: 1, nonce, command, since: new Date().toISOString(), ...own, hasSocket: stop !== undefined }
  const file = join(dir, `${nonce}.json`)
  const text = `${JSON.stringify(record, undefined, 2)}\n`
  const stopLiving = async (): Promise<void> => {
    await stop?.()
    await rm(join(dir, socketName({ nonce })), { force: true })
  }
  try {
    const handle = await open(file, 'wx', 0o600)
    await handle.writeFile(text).finally(() => handle.close())
    return { dir, own, record, file, text, fileSystemNow: (await stat(file)).mtimeMs, stopLiving }
  } catch (error) {
    await rm(file, { force: true }).catch(() => undefined)
    await stopLiving().catch(() => undefined)
    throw error
  }
}

const onTaken = (error: NodeJS.ErrnoException): false => {
  if (error.code !== 'EEXIST') throw error
  return false
}

/** Gives a file a second name unless that is taken; where there are no hard links, by an exclusive copy. */
export const placeFile = async (file: string, name: string): Promise<boolean> => {
  try {
    await link(file, name)
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const hasNoLinks = code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP' || code === 'ENOSYS' || code === 'EMLINK'
    if (!hasNoLinks) return onTaken(error as NodeJS.ErrnoException)
    return copyFile(file, name, constants.COPYFILE_EXCL).then(() => true, onTaken)
  }
}
