import { ProviderError } from '../providers/provider-error.ts'
import type { Provider } from '../providers/provider.ts'
import type { Clock } from './ports.ts'

/** After a stop the write that is under way gets so long, in milliseconds. */
export const writeGraceMs = 1_500
/** A provider that does not heed its signal is left behind so much later. */
const leaveMs = 50

const refused = (): ProviderError => new ProviderError('stopping: nothing more is written', { code: 'unavailable', outcome: 'unchanged' })
const abandoned = (): ProviderError =>
  new ProviderError(`stopped while a write was under way: no reply within ${writeGraceMs / 1000} s`, { code: 'unavailable', outcome: 'unknown' })

/**
 * A provider for one cycle that heeds a stop: no new write after it; the one under way, and the readings that settle it,
 * get 1.5 s more. `end` must be called when the cycle is over.
 */
export const boundWrites = (provider: Provider, stop: AbortSignal, clock: Pick<Clock, 'sleep'>): { readonly provider: Provider; end(): void } => {
  const grace = new AbortController()
  const over = new AbortController()
  let hasWritten = false
  let leave: (() => void) | undefined
  const left = new Promise<never>((_, reject) => {
    leave = () => reject(abandoned())
  })
  left.catch(() => undefined)
  const onStop = async (): Promise<void> => {
    await clock.sleep(writeGraceMs, over.signal)
    if (over.signal.aborted) return
    grace.abort()
    await clock.sleep(leaveMs, over.signal)
    leave?.()
  }
  const listener = (): void => void onStop()
  stop.addEventListener('abort', listener, { once: true })
  return {
    provider: {
      ...provider,
      read: (keys, signal) => (hasWritten ? Promise.race([provider.read(keys, grace.signal), left]) : provider.read(keys, signal)),
      apply: async (changes) => {
        if (stop.aborted) throw refused()
        hasWritten = true
        await Promise.race([provider.apply(changes, grace.signal), left])
      },
    },
    end: () => {
      stop.removeEventListener('abort', listener)
      over.abort()
    },
  }
}
