import { access, constants, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { lockHolder } from '../../store/lock-status.ts'
import { stateError } from '../../store/state-error.ts'
import { type Finding, findingsOn } from './finding.ts'

const { ok, warn, fail } = findingsOn(null)

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT'

/** The nearest folder above that there is. */
const existing = async (dir: string): Promise<string> =>
  (await stat(dir).catch(() => undefined)) !== undefined || dirname(dir) === dir ? dir : existing(dirname(dir))

/** A write is tried, for a full disk or a read-only file system shows only then. */
const writability = async (dir: string): Promise<Finding> => {
  const probe = join(dir, `.doctor-${process.pid}`)
  try {
    await writeFile(probe, 'probe\n', { flag: 'wx', mode: 0o600 })
    return ok('state', `${dir} can be written`)
  } catch (error) {
    if (!isMissing(error)) return fail('state', stateError('write', dir, error).message)
    const above = await existing(dir)
    const canBeMade = await access(above, constants.W_OK | constants.X_OK).then(() => true, () => false)
    return canBeMade ? ok('state', `${dir} is not there yet, and can be made`) : fail('state', `${dir} is not there, and cannot be made in ${above}`, 'make it, for the user that runs this program')
  } finally {
    await rm(probe, { force: true }).catch(() => undefined)
  }
}

const damaged = async (dir: string): Promise<readonly Finding[]> => {
  const names = (await Promise.all(['sites', 'orders', 'zones'].map(async (folder) => (await readdir(join(dir, folder)).catch(() => [])).map((name) => join(dir, folder, name))))).flat()
  return names
    .flatMap((name) => {
      if (name.includes('.damaged-')) return [warn('state', `${name} was damaged and set aside`, 'what was in it is forgotten; find out why (a full disk, a crash of the machine), then delete it')]
      if (name.includes('.newer-version-')) return [warn('state', `${name} was written by a newer version of this program and set aside`, 'what is in it does not count here; with the newer version again, move it back under its old name while nothing runs')]
      return []
    })
}

const lock = async (dir: string, wallNow: number): Promise<Finding> => {
  try {
    const holder = await lockHolder(dir, wallNow)
    if (holder === undefined) return ok('lock', 'nobody works on the state directory at this moment')
    return ok('lock', `held by ${holder.command} (process ${holder.pid} on ${holder.host}, since ${holder.since})`)
  } catch (error) {
    return fail('lock', `who holds the state directory cannot be read: ${textOf(error)}`, 'run this as the user that the state directory belongs to')
  }
}

/** The state directory: may it be written, who holds it, what in it was damaged. */
export const stateFindings = async (dir: string, wallNow: number): Promise<readonly Finding[]> => [await writability(dir), await lock(dir, wallNow), ...(await damaged(dir))]
