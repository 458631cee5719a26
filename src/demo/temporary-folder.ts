import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startGuard } from './guard-process.ts'

/** A folder of the demo's own; gone with its process, even where that is killed by force. */
export interface TemporaryFolder {
  readonly path: string
  remove(): Promise<void>
  /** The same without waiting, for a program that crashes. */
  removeNow(): void
}

/** A write that is under way may still put a file there. */
const stubborn = { recursive: true, force: true, maxRetries: 5, retryDelay: 50 } as const

/** Linux's folder in memory: nothing here is to outlive the demo, so no disk that others keep busy need be waited for. */
const inMemory = '/dev/shm'

const prefix = 'dns-failover-demo-'

export const makeTemporaryFolder = async (): Promise<TemporaryFolder> => {
  const path = await mkdtemp(join(inMemory, prefix)).catch(() => mkdtemp(join(tmpdir(), prefix)))
  const guard = startGuard('rm', '-rf', '--', path)
  return {
    path,
    remove: async () => {
      guard.dismiss()
      await rm(path, stubborn)
    },
    removeNow: () => {
      guard.dismiss()
      rmSync(path, stubborn)
    },
  }
}
