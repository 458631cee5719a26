import { isFitToPlanOn, isReadingDue, isVerdictNear, turnsBegun } from '../core/early-reading.ts'
import type { Site } from '../core/site.ts'
import type { Monitor } from './monitor.ts'
import type { SitePorts } from './ports.ts'
import { createReadTogether, type ReadTogether, type TimedReading } from './read-together.ts'
import { keysOf } from './site-keys.ts'

/** A reading that is under way is waited for so long; then the records are read anew. Milliseconds. */
const longestWaitMs = 500

/** Gets ready for a write while what may call for it is still being confirmed. */
export interface EarlyReading {
  /** To be called whenever checks have said something. Never waits. */
  prepare(): void
  /** A reading that a plan may rest on, if there is one; none from before `since`. Never rejects. */
  take(since: number): Promise<TimedReading | undefined>
}

/**
 * Opens the provider's connection, and reads the records in the background, where the provider compares before it
 * writes: what somebody edits after the reading is then refused, and planned anew. A reading that fails is none. `readTogether`:
 * where there are other sites to share readings with.
 */
export const createEarlyReading = (
  site: Site,
  monitor: Pick<Monitor, 'state' | 'current'>,
  { provider, clock }: Pick<SitePorts, 'provider' | 'clock'>,
  readTogether: ReadTogether | undefined,
  signal: AbortSignal,
): EarlyReading => {
  const readSoon = readTogether ?? createReadTogether(clock)
  let startedAt: number | undefined
  let pending: Promise<void> | undefined
  let latest: TimedReading | undefined

  const warm = (): void => {
    try {
      provider.warm?.()
    } catch {
      // It promised not to, but others write providers too. The call that follows shows what is wrong.
    }
  }

  const read = async (): Promise<void> => {
    latest = await readSoon(provider, keysOf(site), signal)
    pending = undefined
  }

  return {
    prepare: () => {
      if (signal.aborted || !isVerdictNear(site, monitor.state())) return
      warm()
      if (!provider.capabilities.compareAndSet || pending !== undefined) return
      const now = clock.now()
      if (!isReadingDue(turnsBegun(site, monitor.state(), monitor.current()), startedAt, now)) return
      startedAt = now
      latest = undefined
      pending = read()
    },
    take: async (since) => {
      if (pending !== undefined && startedAt !== undefined && startedAt >= since) {
        const over = new AbortController()
        await Promise.race([pending, clock.sleep(longestWaitMs, over.signal)])
        over.abort()
      }
      const begun = turnsBegun(site, monitor.state(), monitor.current())
      return latest !== undefined && isFitToPlanOn(latest.startedAt, begun, since, clock.now()) ? latest : undefined
    },
  }
}
