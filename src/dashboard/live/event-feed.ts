import type { StoredEvent } from '../../engine/history-port.ts'
import { firstWaitMs, nextWait } from './retry-wait.ts'
import { sseReader } from './sse-reader.ts'

/*
 * Events as they happen. Not by EventSource: that neither shows the heartbeats, by which a dead connection is known, nor
 * the status of a refusal, by which an ended session is.
 */

export interface FeedListener {
  /** The connection is there: what came before the first event must be read otherwise. */
  readonly onOpen: () => void
  readonly onEvent: (event: StoredEvent) => void
  readonly onLost: () => void
  /** The session has ended, or does not allow it. */
  readonly onRefused: () => void
}

export interface EventFeed {
  /** Tries at once, if it is waiting or has been silent: the network is back, or the page is looked at again. */
  nudge(): void
  close(): void
}

/** Almost three of the service's heartbeats. */
const silentAfterMs = 40_000
/** On a page that is looked at again: one heartbeat and something. */
const doubtfulAfterMs = 18_000

export const openEventFeed = ({ onOpen, onEvent, onLost, onRefused }: FeedListener): EventFeed => {
  const closing = new AbortController()
  let after: string | undefined
  let heardAt = 0
  let breakOff: (() => void) | undefined
  let wake: (() => void) | undefined

  const readOnce = async (): Promise<'refused' | 'lost' | 'ended'> => {
    const attempt = new AbortController()
    breakOff = () => attempt.abort()
    heardAt = performance.now()
    const watchdog = setInterval(() => void (performance.now() - heardAt > silentAfterMs && attempt.abort()), 1_000)
    try {
      const response = await fetch(`api/v1/events${after === undefined ? '' : `?after=${after}`}`, {
        headers: { accept: 'text/event-stream' },
        cache: 'no-store',
        credentials: 'same-origin',
        signal: AbortSignal.any([attempt.signal, closing.signal]),
      })
      if (response.status === 401 || response.status === 403) return 'refused'
      if (!response.ok || response.body === null) return 'lost'
      onOpen()
      const read = sseReader()
      const decoder = new TextDecoder()
      const reader = response.body.getReader()
      for (;;) {
        // oxlint-disable-next-line no-await-in-loop
        const { done, value } = await reader.read()
        if (done) return 'ended'
        heardAt = performance.now()
        for (const { id, data } of read(decoder.decode(value, { stream: true }))) {
          after = id ?? after
          onEvent(JSON.parse(data) as StoredEvent)
        }
      }
    } catch {
      return 'lost'
    } finally {
      clearInterval(watchdog)
      attempt.abort()
    }
  }

  const run = async (): Promise<void> => {
    let waitMs = firstWaitMs
    while (!closing.signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop
      const outcome = await readOnce()
      if (closing.signal.aborted) return
      // Who it was refused to may still come back, by another session or without one: whoever may not read closes the feed.
      if (outcome === 'refused') onRefused()
      onLost()
      waitMs = outcome === 'ended' ? firstWaitMs : nextWait(waitMs)
      // oxlint-disable-next-line no-await-in-loop
      await new Promise<void>((resolve) => {
        wake = resolve
        setTimeout(resolve, waitMs)
      })
    }
  }

  void run()
  return {
    nudge: () => {
      wake?.()
      if (performance.now() - heardAt > doubtfulAfterMs) breakOff?.()
    },
    close: () => {
      closing.abort()
      wake?.()
    },
  }
}
