import { readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** So many files are kept of each file and kind: enough to find out what happens, too few to fill a disk. */
const kept = 5

/** Why a file cannot be used: it is no whole one, or of a program that is newer than this. */
export type Unusable = 'damaged' | 'newer-version'

/** Sets a file aside as `<file>.<why>-<time>`; older ones beyond the newest five go. Rejects with the system's error. */
export const setAside = async (file: string, why: Unusable, wallMs: number): Promise<string> => {
  const prefix = `${file}.${why}-`
  const aside = `${prefix}${new Date(wallMs).toISOString().replaceAll(':', '')}`
  await rename(file, aside)
  const dir = dirname(file)
  const names = (await readdir(dir).catch(() => [])).filter((name) => name.startsWith(basename(prefix)))
  // The times in the names sort as text; the one of just now stays even where the clock went back.
  const older = names.toSorted().filter((name) => name !== basename(aside))
  for (const name of older.slice(0, Math.max(0, older.length - (kept - 1)))) await rm(join(dir, name), { force: true }).catch(() => undefined)
  return aside
}
