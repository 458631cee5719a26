import { ProviderError } from '../provider-error.ts'

/** Looks things up once for all who ask at the same time, and keeps what was found for a while. */
export interface Memo<T> {
  /** @throws whatever `load` throws, unless an older value is known; ProviderError if the signal aborts first. */
  get(key: string, load: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>
  forget(): void
  /** Ends what is still being looked up. */
  close(): void
}

const gaveUp = (): ProviderError =>
  new ProviderError('cannot find the zone at Cloudflare: given up before the answer had come', { code: 'unavailable', outcome: 'unchanged' })

const given = async <T>(promise: Promise<T>, signal: AbortSignal): Promise<T> => {
  if (signal.aborted) throw gaveUp()
  const stop = new AbortController()
  try {
    return await Promise.race([
      promise,
      new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(gaveUp()), { once: true, signal: stop.signal })),
    ])
  } finally {
    stop.abort()
  }
}

export const createMemo = <T>(keptMs: number, now: () => number): Memo<T> => {
  const closed = new AbortController()
  const found = new Map<string, { readonly value: T; readonly at: number }>()
  const pending = new Map<string, Promise<T>>()

  const lookUp = async (key: string, load: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const known = found.get(key)
    try {
      const value = await load(closed.signal)
      found.set(key, { value, at: now() })
      return value
    } catch (error) {
      // What was so some minutes ago is better than nothing while Cloudflare cannot be asked.
      if (known !== undefined && error instanceof ProviderError && error.code !== 'auth' && error.code !== 'rejected') return known.value
      throw error
    } finally {
      pending.delete(key)
    }
  }

  return {
    get: (key, load, signal) => {
      const known = found.get(key)
      if (known !== undefined && now() - known.at < keptMs) return Promise.resolve(known.value)
      const loading = pending.get(key) ?? lookUp(key, load)
      if (!pending.has(key)) pending.set(key, loading)
      return given(loading, signal)
    },
    forget: () => found.clear(),
    close: () => closed.abort(),
  }
}
