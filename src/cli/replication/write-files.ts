import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { RenderedFile } from '../../replication/rendered-file.ts'

/** Writes rendered files below a directory, as they are to stand below "/" on the server. */
export const writeFiles = async (directory: string, files: readonly RenderedFile[]): Promise<void> => {
  for (const { path, mode, text } of files) {
    const file = join(directory, path)
    try {
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, text, { mode })
      // The mode that it is made with is cut by the umask, and left alone where it was there.
      await chmod(file, mode)
    } catch (error) {
      const { code = 'internal', message } = error as NodeJS.ErrnoException
      throw Object.assign(new Error(`cannot write ${file}: ${message}; give another directory with --out, or clear what is in the way`, { cause: error }), { code })
    }
  }
}
