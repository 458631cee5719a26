import { readFile, rename } from 'node:fs/promises'
import { z } from 'zod'
import type { Fqdn } from '../../core/fqdn.ts'
import { replaceFile } from '../../files/replace-file.ts'
import { recordTypes } from './presentation.ts'
import { listRRsets, type Zone, type ZoneRRset } from './zone.ts'

const rrset = z.object({ name: z.string(), type: z.enum(recordTypes), ttl: z.number(), data: z.array(z.string()).readonly() })

/** What is kept across restarts. `base` are the configured RRsets as of the last start: see `mergeRecords`. */
const SavedZone = z.object({
  version: z.literal(1),
  origin: z.string(),
  serial: z.number().int().min(0).max(0xff_ff_ff_ff),
  base: z.array(rrset).readonly(),
  records: z.array(rrset).readonly(),
})
export type SavedZone = Readonly<z.infer<typeof SavedZone>>

export const savedForm = (zone: Zone, base: readonly ZoneRRset[]): SavedZone => ({
  version: 1,
  origin: zone.origin,
  serial: zone.serial,
  base,
  records: listRRsets(zone),
})

export type LoadedState =
  | { readonly kind: 'saved'; readonly state: SavedZone }
  | { readonly kind: 'none' }
  /** It was moved to `movedTo`. */
  | { readonly kind: 'damaged'; readonly movedTo: string; readonly reason: string }

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    return error
  }
}

/**
 * Reads the state of the zone `origin`. A file that is damaged, or of another zone, is moved aside, never overwritten.
 * @throws if the file cannot be read or moved, or was written by a newer version: that is no damage, and starting
 * over would lose it.
 */
export const loadState = async (file: string, origin: Fqdn, unixSeconds: number): Promise<LoadedState> => {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new Error(`cannot read the state of the zone ${origin} in ${file}: ${error.message}`, { cause: error })
  })
  if (text === undefined) return { kind: 'none' }
  const value = parse(text)
  const newer = z.object({ version: z.number().int().min(2) }).safeParse(value)
  if (newer.success) throw new Error(`${file} was written by a newer version of this program (format ${newer.data.version}, this one knows 1)`)
  const saved = SavedZone.safeParse(value)
  if (saved.success && saved.data.origin === origin) return { kind: 'saved', state: saved.data }
  const movedTo = `${file}.damaged-${Math.floor(unixSeconds)}`
  await rename(file, movedTo)
  const reason = value instanceof Error ? value.message : saved.success ? `it is of the zone ${saved.data.origin}` : z.prettifyError(saved.error)
  return { kind: 'damaged', movedTo, reason }
}

/** Replaces the file, and flushes it. Calls must not overlap. */
export const saveState = (file: string, state: SavedZone): Promise<void> => replaceFile(file, `${JSON.stringify(state, undefined, 2)}\n`, true)
