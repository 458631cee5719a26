import type { Fqdn } from '../../core/fqdn.ts'
import { mergeRecords } from './merge-records.ts'
import { nextSerial } from './serial.ts'
import { loadState, savedForm, saveState } from './state-file.ts'
import { emptyZone, listRRsets, parseRRset, sameRRsets, type StoredRRset, withRRsets, type Zone, type ZoneRRset } from './zone.ts'

const build = (origin: Fqdn, serial: number, records: readonly ZoneRRset[]): Zone => {
  const put: StoredRRset[] = []
  for (const rrset of records) {
    const parsed = parseRRset(origin, rrset)
    if (typeof parsed === 'string') throw new Error(parsed)
    if (put.some(({ name, type }) => name === parsed.name && type === parsed.type)) throw new Error(`${parsed.name} ${parsed.type} is listed twice; list all its records in one entry`)
    put.push(parsed)
  }
  const zone = withRRsets(emptyZone(origin, serial), { remove: [], put })
  if (typeof zone === 'string') throw new Error(zone)
  return zone
}

/**
 * The zone to start with: as saved, brought up to the config, and saved again before anybody is answered. `base` comes
 * back in the one spelling that is compared at the next start.
 */
export const openZone = async (options: {
  readonly origin: Fqdn
  readonly base: readonly ZoneRRset[]
  readonly stateFile: string | undefined
  readonly wallNow: () => number
  readonly log: (level: 'info' | 'warn', message: string) => void
}): Promise<{ readonly zone: Zone; readonly base: readonly ZoneRRset[] }> => {
  const { origin, stateFile: file } = options
  const now = options.wallNow() / 1000
  const fresh = build(origin, Math.floor(now) >>> 0, options.base)
  const base = listRRsets(fresh)
  if (file === undefined) return { zone: fresh, base }
  const loaded = await loadState(file, origin, now)
  if (loaded.kind === 'damaged') {
    options.log('warn', `the state of the zone ${origin} in ${file} cannot be used and was moved to ${loaded.movedTo} (${loaded.reason}): the zone starts with its configured records only`)
  }
  const zone = loaded.kind === 'saved' ? build(origin, loaded.state.serial, mergeRecords(base, loaded.state)) : fresh
  const isAsSaved = loaded.kind === 'saved' && sameRRsets(zone, build(origin, loaded.state.serial, loaded.state.records))
  const first = loaded.kind === 'saved' && !isAsSaved ? { ...zone, serial: nextSerial(zone.serial, now) } : zone
  try {
    await saveState(file, savedForm(first, base))
  } catch (error) {
    throw new Error(`cannot save the zone ${origin} to ${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
  return { zone: first, base }
}
