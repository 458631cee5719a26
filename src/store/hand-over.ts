import { chown, stat } from 'node:fs/promises'

/**
 * What root writes belongs to whoever the state directory belongs to: a service that runs as that user must be able to
 * read it and to replace it. As well as may be: where root may not give files away, they stay root's.
 */
export const handOver = async (dir: string, paths: readonly string[]): Promise<void> => {
  if (process.getuid?.() !== 0) return
  const owner = await stat(dir).catch(() => undefined)
  if (owner === undefined || owner.uid === 0) return
  for (const path of paths) await chown(path, owner.uid, owner.gid).catch(() => undefined)
}
