import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'

/**
 * The path of a socket that needs no file, for a state directory that takes none: Linux's abstract names, which the kernel
 * takes back when their holder ends. One name for one directory of one file system, within one network namespace; any
 * local user might take it first. Undefined elsewhere.
 */
export const unseenSocket = async (dir: string, purpose: string): Promise<string | undefined> => {
  if (process.platform !== 'linux') return undefined
  const facts = await stat(dir).catch(() => undefined)
  const which = facts === undefined ? resolve(dir) : `${facts.dev}:${facts.ino}`
  return `\0dns-failover-${purpose}-${createHash('sha256').update(which).digest('hex').slice(0, 32)}`
}
