import { chown, stat } from 'node:fs/promises'

/** Whoever root gives files to. */
export interface Owner {
  readonly uid: number
  readonly gid: number
}

/** Whom what is written into a state directory is to belong to; undefined: to whoever wrote it. Never rejects. */
export const ownerToBe = async (dir: string): Promise<Owner | undefined> => {
  if (process.getuid?.() !== 0) return undefined
  const owner = await stat(dir).catch(() => undefined)
  return owner === undefined || owner.uid === 0 ? undefined : owner
}

/** As well as may be: where root may not give files away, they stay root's. */
export const giveTo = async (owner: Owner | undefined, paths: readonly string[]): Promise<void> => {
  if (owner === undefined) return
  for (const path of paths) await chown(path, owner.uid, owner.gid).catch(() => undefined)
}

/**
 * What root writes belongs to whoever the state directory belongs to: a service that runs as that user must be able to
 * read it and to replace it.
 */
export const handOver = async (dir: string, paths: readonly string[]): Promise<void> => giveTo(await ownerToBe(dir), paths)
