import { access, constants, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { emptyState, type SiteState } from '../core/site-state.ts'
import type { Moment } from '../core/moment.ts'
import type { StateStore } from '../engine/ports.ts'
import { replaceFile } from '../files/replace-file.ts'
import { momentOf, readBootId } from './boot.ts'
import { type DecodedState, decodeState, encodeState } from './document.ts'
import { giveTo, type Owner, ownerToBe } from './hand-over.ts'
import { createSaveTurns } from './save-turns.ts'
import { setAside } from './set-aside.ts'
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

/** What is asked for of one site, and not yet done. */
interface Pending {
  latest: SiteState
  saves: number
  underway: Promise<void> | undefined
}

/** Whom the state directory belongs to is looked up again after so long. Milliseconds. */
const ownerMs = 1_000

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * Keeps each site's state in a file of its own, `sites/<site>.json`, replaced as a whole. What is no state is set aside
 * as `<file>.damaged-<time>` (`.newer-version-<time>`, where a newer program wrote it), the newest five of them kept, and the
 * site starts as unknown, which changes no DNS. What may
 * be whole but cannot be read now (no right, no descriptor, a failing disk) stays where it is, and `load` rejects with a
 * `StateError`: only in a directory that takes no state at all does it count as unknown, and is said. Saves of one
 * site follow each other, and one that had to wait saves what was given last; `save` rejects with a `StateError`.
 */
export const createFileStore = (options: FileStoreOptions): StateStore => {
  const { now, wallNow, log, isReadOnly = false } = options
  const dir = join(options.dir, 'sites')
  const turns = createSaveTurns(now)
  const pending = new Map<string, Pending>()
  let making: Promise<unknown> | undefined
  let owner: { readonly at: number; readonly found: Promise<Owner | undefined> } | undefined
  let bootId: Promise<string | undefined> | undefined

  const moment = async (): Promise<Moment> => {
    bootId ??= readBootId()
    return momentOf(wallNow(), await bootId)
  }

  const startAnew = async (file: string, site: string, { kind, detail }: Exclude<DecodedState, { kind: 'state' }>): Promise<SiteState> => {
    const move = (): Promise<string> => setAside(file, kind === 'newer' ? 'newer-version' : 'damaged', wallNow()).then((aside) => `moved to ${aside}`, (error) => `could not be moved aside: ${textOf(error)}`)
    const moved = isReadOnly ? 'left there, for this is a dry run' : await move()
    const back = kind === 'newer' ? '. To go on with it, stop this program, put the file back under its name, and start the newer version' : ''
    log('warn', `the state of ${site} in ${file} cannot be used (${detail}); ${moved}. Its health counts as unknown until checks have said so again${back}`)
    return emptyState
  }

  const ownerNow = (): Promise<Owner | undefined> => {
    if (owner === undefined || now() - owner.at >= ownerMs) owner = { at: now(), found: ownerToBe(options.dir) }
    return owner.found
  }

  const makeDir = async (): Promise<void> => {
    making ??= mkdir(dir, { recursive: true, mode: 0o700 }).finally(() => {
      making = undefined
    })
    await making
  }

  const saveNow = async (site: string, state: SiteState, isFlushed: boolean): Promise<void> => {
    const text = encodeState(site, state, now(), await moment())
    const file = join(dir, siteFile(site))
    // A write to the zone waits for this: the directory is made only where it turns out not to be there.
    await replaceFile(file, text, isFlushed).catch(async (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      await makeDir()
      await replaceFile(file, text, isFlushed)
    })
    await giveTo(await ownerNow(), [dir, file])
  }

  /** One after the other of a site. */
  const saveLatest = async (site: string, wanted: Pending, isFlushed: boolean): Promise<void> => {
    while (wanted.underway !== undefined) await wanted.underway.catch(() => undefined)
    wanted.underway = saveNow(site, wanted.latest, isFlushed).finally(() => {
      wanted.underway = undefined
    })
    await wanted.underway
  }

  /** Whoever may not write there works without state, and has said so: a service goes on all the same. */
  const isWithoutState = async (): Promise<boolean> => !isReadOnly && (await access(options.dir, constants.W_OK | constants.X_OK).then(() => false, () => true))

  const read = async (file: string, site: string): Promise<string | undefined> => {
    try {
      return await readFile(file, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      const failure = stateError(`read the state of ${site}`, file, error)
      if (!(await isWithoutState())) throw failure
      log('warn', `${failure.message}. Its health counts as unknown until checks have said so again`)
      return undefined
    }
  }

  return {
    load: async (site) => {
      const file = join(dir, siteFile(site))
      const text = await read(file, site)
      if (text === undefined) return emptyState
      const decoded = decodeState(text, site, now(), await moment())
      return decoded.kind === 'state' ? decoded.state : startAnew(file, site, decoded)
    },
    save: async (site, state, isFlushed) => {
      if (isReadOnly) return
      const wanted = pending.get(site) ?? { latest: state, saves: 0, underway: undefined }
      pending.set(site, wanted)
      wanted.latest = state
      wanted.saves += 1
      try {
        await turns[isFlushed ? 'flushing' : 'urgent'](() => saveLatest(site, wanted, isFlushed))
      } catch (error) {
        throw stateError(`save the state of ${site}`, dir, error)
      } finally {
        wanted.saves -= 1
        if (wanted.saves === 0) pending.delete(site)
      }
    },
  }
}
