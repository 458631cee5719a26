import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** What was renamed or removed in a directory reaches the disk with it. A file system that cannot flush one refuses it harmlessly. */
export const flushDirectory = async (directory: string): Promise<void> => {
  const handle = await open(directory, 'r').catch(() => undefined)
  await handle?.sync().catch(() => undefined)
  await handle?.close().catch(() => undefined)
}

/**
 * Replaces a file as a whole: after a crash or on a full disk it holds the old text or the new one, and once this has
 * resolved, the new one: with `isFlushed` whatever happens to the machine, otherwise whatever happens to this process
 * (flushing takes as long as a busy disk pleases). Calls for one file must not overlap. Own code, since write-file-atomic flushes no directory
 * and takes a short write for a whole one. Rejects with the system's error, the old file untouched.
 */
export const replaceFile = async (file: string, text: string, isFlushed: boolean): Promise<void> => {
  const draft = `${file}.new`
  try {
    const handle = await open(draft, 'w', 0o600)
    try {
      await handle.writeFile(text)
      if (isFlushed) await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined)
    throw error
  }
  if (isFlushed) await flushDirectory(dirname(file))
}
