import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder of the demo's own. */
export interface TemporaryFolder {
  readonly path: string
  remove(): Promise<void>
  /** The same without waiting, for a program that crashes. */
  removeNow(): void
}

/** A write that is under way may still put a file there. */
const stubborn = { recursive: true, force: true, maxRetries: 5, retryDelay: 50 } as const

export const makeTemporaryFolder = async (): Promise<TemporaryFolder> => {
  const path = await mkdtemp(join(tmpdir(), 'dns-failover-demo-'))
  return { path, remove: () => rm(path, stubborn), removeNow: () => rmSync(path, stubborn) }
}
