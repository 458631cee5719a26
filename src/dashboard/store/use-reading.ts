import { useEffect, useRef, useState } from 'preact/hooks'
import type { StoredEvent } from '../../engine/history-port.ts'
import type { Answer, Failure } from '../api/problem.ts'
import { onEvent } from './live.ts'

export interface Reading<T> {
  /** The latest that was read. */
  readonly value: T | undefined
  /** Why the latest reading failed; what was read before still stands. */
  readonly failure: Failure | undefined
  readonly isReading: boolean
  readonly again: () => void
}

export interface ReadingOptions {
  /** Left out: once, and at events. */
  readonly everyMs?: number | undefined
  /** Which events make it read again. */
  readonly isNews?: ((event: StoredEvent) => boolean) | undefined
}

interface Kept<T> {
  readonly key: string
  readonly value: T | undefined
  readonly failure: Failure | undefined
}

/** Reads something whenever `key` changes, at news, and every now and then; one reading at a time. An empty key reads nothing. */
export const useReading = <T>(key: string, read: (signal: AbortSignal) => Promise<Answer<T>>, { everyMs, isNews }: ReadingOptions = {}): Reading<T> => {
  const [kept, keep] = useState<Kept<T>>({ key, value: undefined, failure: undefined })
  const [isReading, setReading] = useState(false)
  const latest = useRef({ read, isNews })
  latest.current = { read, isNews }
  const again = useRef<() => void>(() => undefined)

  useEffect(() => {
    if (key === '') return undefined
    const ending = new AbortController()
    let isUnderWay = false
    let isDueAgain = false
    const run = async (): Promise<void> => {
      if (isUnderWay) return void (isDueAgain = true)
      isUnderWay = true
      setReading(true)
      const answer = await latest.current.read(ending.signal)
      isUnderWay = false
      if (ending.signal.aborted) return
      setReading(false)
      keep((before) => (answer.kind === 'ok' ? { key, value: answer.value, failure: undefined } : { key, value: before.key === key ? before.value : undefined, failure: answer }))
      if (!isDueAgain) return
      isDueAgain = false
      void run()
    }
    again.current = () => void run()
    void run()
    const timer = everyMs === undefined ? undefined : setInterval(() => void (document.hidden || void run()), everyMs)
    const stop = onEvent((event) => {
      if (event === undefined || latest.current.isNews?.(event) === true) void run()
    })
    return () => {
      ending.abort()
      clearInterval(timer)
      stop()
    }
  }, [key, everyMs])

  const isCurrent = kept.key === key
  return { value: isCurrent ? kept.value : undefined, failure: isCurrent ? kept.failure : undefined, isReading, again: () => again.current() }
}
