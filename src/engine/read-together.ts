import { type CurrentRRset, keyText, type RRsetKey } from '../core/rrset.ts'
import type { Provider } from '../providers/provider.ts'
import { allAborted } from './all-aborted.ts'
import type { Clock } from './ports.ts'

export interface TimedReading {
  readonly current: readonly CurrentRRset[]
  /** Engine milliseconds: what was there then, or later. */
  readonly startedAt: number
}

/** Undefined where it cannot be read, whatever the reason, and once the signal aborts. Never rejects. */
export type ReadTogether = (provider: Provider, keys: readonly RRsetKey[], signal: AbortSignal) => Promise<TimedReading | undefined>

interface Asker {
  readonly keys: readonly RRsetKey[]
  readonly signal: AbortSignal
  give(reading: TimedReading | undefined): void
}

const readOrNot = async (provider: Provider, keys: readonly RRsetKey[], signal: AbortSignal): Promise<readonly CurrentRRset[] | undefined> => {
  try {
    return await provider.read(keys, signal)
  } catch {
    return undefined
  }
}

const readFor = async (provider: Provider, askers: readonly Asker[], startedAt: number): Promise<void> => {
  const keys = new Map(askers.flatMap((asker) => asker.keys.map((key) => [keyText(key), key] as const)))
  const life = allAborted(askers.map(({ signal }) => signal))
  const read = await readOrNot(provider, [...keys.values()], life.signal)
  life.end()
  const byKey = new Map(read?.map((rrset) => [keyText(rrset.key), rrset]))
  for (const asker of askers) {
    const current = asker.keys.flatMap((key) => byKey.get(keyText(key)) ?? [])
    asker.give(current.length === asker.keys.length && !asker.signal.aborted ? { current, startedAt } : undefined)
  }
}

/** One reading of a provider at a time: whoever asks meanwhile shares the next, so that five hundred servers that fail at once cost two. */
export const createReadTogether = (clock: Pick<Clock, 'now'>): ReadTogether => {
  const waiting = new Map<Provider, Asker[]>()

  const serve = async (provider: Provider, queue: readonly Asker[]): Promise<void> => {
    for (let askers = queue; askers.length > 0; askers = waiting.get(provider) ?? []) {
      waiting.set(provider, [])
      // One after the other is the point.
      // oxlint-disable-next-line no-await-in-loop
      await readFor(provider, askers, clock.now())
    }
    waiting.delete(provider)
  }

  return (provider, keys, signal) =>
    new Promise((give) => {
      if (signal.aborted) return give(undefined)
      const asker = { keys, signal, give }
      const queue = waiting.get(provider)
      if (queue === undefined) void serve(provider, [asker])
      else queue.push(asker)
    })
}
