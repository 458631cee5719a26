import { ProviderError } from '../provider-error.ts'
import { savedForm, saveState } from './state-file.ts'
import { nextSerial } from './serial.ts'
import { sameRRsets, type Zone, type ZoneRRset } from './zone.ts'

/** The one zone of a server, changed one step at a time. */
export interface ZoneStore {
  current(): Zone
  /**
   * Replaces the zone at once by what `edit` makes of it, with the next serial, and resolves when that is saved; if nothing changed,
   * nothing happens. It is answered with before it is saved: a dead server must not stay for as long as a disk takes. For the same
   * reason a disk that does not take it is only said, and the zone goes on in memory. Changes that come while one is being saved are saved together.
   * What `edit` throws is thrown, and nothing has changed.
   * @throws ProviderError `unavailable`: `unchanged` if the signal had aborted before, `unknown` if it aborted while saving.
   */
  update(edit: (zone: Zone) => Zone, signal: AbortSignal): Promise<void>
  /** Resolves when everything begun is done, and what could not be saved was tried once more. */
  idle(): Promise<void>
}

/** The work, unless the signal aborts before it is done: then the error, while the work goes on. */
const raceAbort = async (work: Promise<void>, signal: AbortSignal, error: () => ProviderError): Promise<void> => {
  const settled = new AbortController()
  const aborted = new Promise<never>((_, reject) => {
    const abort = (): void => reject(error())
    signal.addEventListener('abort', abort, { once: true, signal: settled.signal })
    if (signal.aborted) abort()
  })
  await Promise.race([work, aborted]).finally(() => settled.abort())
}

/** `base` is saved beside the zone, see `SavedZone`. Without a file the zone lives and dies with the process. */
export const createZoneStore = (
  first: Zone,
  options: { readonly stateFile: string | undefined; readonly base: readonly ZoneRRset[]; readonly wallNow: () => number; readonly log: (level: 'info' | 'warn', message: string) => void },
): ZoneStore => {
  let zone = first
  /** The saving that was begun last, and the one that will follow it. */
  let saving: Promise<void> = Promise.resolve()
  let following: Promise<void> | undefined
  let trouble: string | undefined

  const save = async (next: Zone): Promise<void> => {
    const file = options.stateFile
    if (file === undefined) return
    try {
      await saveState(file, savedForm(next, options.base))
      if (trouble !== undefined) options.log('info', `the zone ${next.origin} is saved again`)
      trouble = undefined
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      if (trouble !== reason) options.log('warn', `the zone ${next.origin} could not be saved to ${file}, and goes on in memory: ${reason}. A restart would serve it as it was saved last, until it has been checked anew`)
      trouble = reason
    }
  }

  /** Resolves when the zone as it is now has been saved. */
  const saved = (): Promise<void> => {
    following ??= saving.then(() => {
      following = undefined
      saving = save(zone)
      return saving
    })
    return following
  }

  const aborted = (outcome: 'unchanged' | 'unknown', signal: AbortSignal): ProviderError =>
    new ProviderError(`the change of the zone ${zone.origin} was aborted`, { code: 'unavailable', outcome, cause: signal.reason })

  return {
    current: () => zone,
    update: async (edit, signal) => {
      if (signal.aborted) throw aborted('unchanged', signal)
      const edited = edit(zone)
      const isSame = edited === zone || sameRRsets(edited, zone)
      if (!isSame) zone = { ...edited, serial: nextSerial(zone.serial, options.wallNow() / 1000) }
      await raceAbort(isSame ? (following ?? saving) : saved(), signal, () => aborted('unknown', signal))
    },
    idle: async () => {
      await (following ?? saving)
      if (trouble !== undefined) await save(zone)
    },
  }
}
