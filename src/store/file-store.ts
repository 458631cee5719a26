import { mkdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { emptyState, type SiteState } from '../core/site-state.ts'
import type { StateStore } from '../engine/ports.ts'
import { momentOf, readBootId } from './boot.ts'
import { decodeState, encodeState } from './document.ts'
import { replaceFile } from './replace-file.ts'
import { siteFile } from './site-file.ts'
import { stateError } from './state-error.ts'

export interface FileStoreOptions {
  /** The state directory. */
  readonly dir: string
  /** Monotonic milliseconds: the clock of the states' times. */
  readonly now: () => number
  /** Milliseconds since the epoch. */
  readonly wallNow: () => number
  /** One line for people. */
  readonly log: (level: 'warn', message: string) => void
  /** Touches nothing, damaged files included: for a dry run. `save` then does nothing. */
  readonly isReadOnly?: boolean
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * Keeps each site's state in a file of its own, `sites/<site>.json`, replaced as a whole. What cannot be read is set
 * aside as `<file>.damaged-<time>` and the site starts as unknown, which changes no DNS. Saves of one site follow each
 * other; `save` rejects with a `StateError`.
 */
export const createFileStore = (options: FileStoreOptions): StateStore => {
  const { now, wallNow, log, isReadOnly = false } = options
  const dir = join(options.dir, 'sites')
  const saving = new Map<string, Promise<void>>()

  const setAside = async (file: string, site: string, detail: string): Promise<SiteState> => {
    const aside = `${file}.damaged-${new Date(wallNow()).toISOString().replaceAll(':', '')}`
    const moved = isReadOnly ? 'left there, for this is a dry run' : await rename(file, aside).then(() => `moved to ${aside}`, (error) => `could not be moved aside: ${textOf(error)}`)
    log('warn', `the state of ${site} in ${file} cannot be used (${detail}); ${moved}. Its health counts as unknown until checks have said so again; drains in it are forgotten`)
    return emptyState
  }

  const saveNow = async (site: string, state: SiteState, isFlushed: boolean): Promise<void> => {
    const text = encodeState(site, state, now(), momentOf(wallNow(), await readBootId()))
    await mkdir(dir, { recursive: true, mode: 0o700 })
    await replaceFile(join(dir, siteFile(site)), text, isFlushed)
  }

  return {
    load: async (site) => {
      const file = join(dir, siteFile(site))
      try {
        const decoded = decodeState(await readFile(file, 'utf8'), site, now(), momentOf(wallNow(), await readBootId()))
        return decoded.kind === 'state' ? decoded.state : await setAside(file, site, decoded.detail)
      } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'ENOENT' ? emptyState : await setAside(file, site, textOf(error))
      }
    },
    save: async (site, state, isFlushed) => {
      if (isReadOnly) return
      const previous = saving.get(site) ?? Promise.resolve()
      const mine = previous.catch(() => undefined).then(() => saveNow(site, state, isFlushed))
      saving.set(site, mine)
      try {
        await mine
      } catch (error) {
        throw stateError(`save the state of ${site}`, dir, error)
      } finally {
        if (saving.get(site) === mine) saving.delete(site)
      }
    },
  }
}
