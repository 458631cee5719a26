import type { Fqdn } from '../../core/fqdn.ts'
import { ProviderError } from '../provider-error.ts'
import type { Purpose } from './budget.ts'
import type { StoredRecord } from './envelope.ts'
import type { Records } from './records.ts'
import type { Zone } from './zones.ts'

interface Asker {
  readonly names: readonly Fqdn[]
  readonly purpose: Purpose
  readonly signal: AbortSignal
  give(records: readonly StoredRecord[]): void
  fail(error: unknown): void
}

interface Place {
  /** Of the latest readings, `crowd` at most. */
  begunAt: readonly number[]
  waiting: Asker[]
}

/** So many readings of a zone may begin within so many milliseconds. */
const burst = 4
const burstMs = 800
/** After so many within so many milliseconds one a second is enough: as many as Cloudflare takes for as long as it may last, beside writes. */
const crowd = 40
const crowdMs = 60_000
const crowdedGapMs = 1_000

/** Milliseconds until the next reading may begin, if at all above 0; `begunAt`: of the latest. */
export const waitFrom = (begunAt: readonly number[], at: number): number => {
  const [last, ofBurst, ofCrowd] = [begunAt.at(-1), begunAt.at(-burst), begunAt.at(-crowd)]
  if (last !== undefined && ofCrowd !== undefined && at - ofCrowd < crowdMs) return last + crowdedGapMs - at
  return ofBurst === undefined ? 0 : ofBurst + burstMs - at
}

/** As much as the most urgent of them may spend. */
const purposeOf = (askers: readonly Asker[]): Purpose =>
  (['withdrawal', 'read', 'write'] as const).find((purpose) => askers.some((asker) => asker.purpose === purpose)) ?? 'read'

const gaveUp = (zone: Zone): ProviderError =>
  new ProviderError(`cannot read the records of zone ${zone.name} at Cloudflare: given up before the answer had come`, { code: 'unavailable', outcome: 'unchanged' })

const readFor = async (records: Records, zone: Zone, askers: readonly Asker[]): Promise<void> => {
  const life = new AbortController()
  const onAbort = (): void => (askers.every(({ signal }) => signal.aborted) ? life.abort() : undefined)
  for (const { signal } of askers) signal.addEventListener('abort', onAbort)
  try {
    const read = await records.at(zone, [...new Set(askers.flatMap(({ names }) => names))], purposeOf(askers), life.signal)
    for (const { give } of askers) give(read)
  } catch (error) {
    for (const { fail } of askers) fail(error)
  } finally {
    for (const { signal } of askers) signal.removeEventListener('abort', onAbort)
  }
}

/**
 * A zone is read at once for whoever asks, but five times a second at most, and once a second when that goes on: then for all who have asked by
 * then. Hundreds of sites that start, or fail, together would otherwise spend on looking what Cloudflare takes of requests. What is given was
 * read after it was asked for; records at the others' names may be among it.
 */
export const createSharedRecords = (records: Records, now: () => number): Records => {
  const places = new Map<string, Place>()

  const begin = (zone: Zone, place: Place): void => {
    const askers = place.waiting.filter(({ signal }) => !signal.aborted)
    place.waiting = []
    if (askers.length === 0) return
    place.begunAt = [...place.begunAt, now()].slice(-crowd)
    void readFor(records, zone, askers)
  }

  return {
    at: (zone, names, purpose, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(gaveUp(zone))
        const place = places.get(zone.id) ?? { begunAt: [], waiting: [] }
        places.set(zone.id, place)
        const onAbort = (): void => reject(gaveUp(zone))
        const end = (): void => signal.removeEventListener('abort', onAbort)
        signal.addEventListener('abort', onAbort)
        place.waiting.push({
          names,
          purpose,
          signal,
          give: (read) => {
            end()
            resolve(read)
          },
          fail: (error) => {
            end()
            reject(error)
          },
        })
        if (place.waiting.length > 1) return
        const waitMs = waitFrom(place.begunAt, now())
        if (waitMs <= 0) begin(zone, place)
        else setTimeout(() => begin(zone, place), waitMs)
      }),
  }
}
