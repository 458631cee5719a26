import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { EventQuery, HistoryReader, StoredEvent } from '../engine/history-port.ts'

/** Which events a reader wants. */
export type EventFilter = Pick<EventQuery, 'site' | 'region' | 'kinds'>

export interface EventReader {
  readonly outgoing: ServerResponse
  /** As the rate limit knows it. */
  readonly client: string
  readonly filter: EventFilter
  /** The last one that it has; undefined: only new ones. */
  readonly after: number | undefined
  readonly mayStay: () => boolean
  /** When its session ends, in milliseconds from now; undefined: it has none. */
  readonly endsInMs?: number | undefined
}

/** Those who are told of events as they happen, as server-sent events. */
export interface EventStreams {
  hasRoomFor(client: string): boolean
  /** Writes the response until the reader goes, is too slow, may not stay, or all is closed. */
  open(reader: EventReader, headers: Readonly<Record<string, string>>): void
  /** Ends those who may not stay. */
  review(): void
  closeAll(): void
}

export interface EventStreamLimits {
  readonly heartbeatMs: number
  readonly mostReaders: number
  readonly mostOfOneClient: number
  /** Bytes that may wait for one reader. */
  readonly mostWaiting: number
}

export const usualStreamLimits: EventStreamLimits = { heartbeatMs: 15_000, mostReaders: 100, mostOfOneClient: 20, mostWaiting: 1_048_576 }

const pageSize = 500

const isWanted = ({ site, region, kinds }: EventFilter, event: StoredEvent): boolean =>
  (site === undefined || event.site === site) && (region === undefined || event.region === region) && (kinds === undefined || kinds.includes(event.kind))

const frame = (event: StoredEvent): string => `id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`

export const createEventStreams = (history: HistoryReader, limits: EventStreamLimits): EventStreams => {
  const open = new Map<AbortController, EventReader>()
  const ofClient = (client: string): number => [...open.values()].filter((reader) => reader.client === client).length

  /** What is kept, at the reader's own pace; then it follows. */
  const tell = async ({ outgoing, filter, after }: EventReader, signal: AbortSignal, send: (text: string) => void): Promise<void> => {
    let last = after
    let isMore = last !== undefined
    while (isMore) {
      // Page by page: each begins where the one before ended.
      // oxlint-disable-next-line no-await-in-loop
      const { events } = await history.events({ ...filter, after: last, limit: pageSize })
      for (const event of events) {
        if (signal.aborted) return
        // oxlint-disable-next-line no-await-in-loop
        if (outgoing.writableNeedDrain) await once(outgoing, 'drain', { signal })
        send(frame(event))
        last = event.id
      }
      isMore = events.length === pageSize && !signal.aborted
    }
    if (signal.aborted) return
    history.follow(last, (event) => void (isWanted(filter, event) && (last === undefined || event.id > last) && send(frame(event))), signal)
  }

  return {
    hasRoomFor: (client) => open.size < limits.mostReaders && ofClient(client) < limits.mostOfOneClient,
    open: (reader, headers) => {
      const { outgoing } = reader
      const ending = new AbortController()
      const send = (text: string): void => {
        if (ending.signal.aborted) return
        // Who reads more slowly than things happen comes again, and goes on where it was.
        if (outgoing.writableLength > limits.mostWaiting) return void outgoing.destroy()
        outgoing.write(text)
      }
      const heartbeat = setInterval(() => (reader.mayStay() ? send(': still here\n\n') : ending.abort()), limits.heartbeatMs)
      const end = reader.endsInMs === undefined ? undefined : setTimeout(() => ending.abort(), reader.endsInMs)
      open.set(ending, reader)
      ending.signal.addEventListener('abort', () => {
        clearInterval(heartbeat)
        clearTimeout(end)
        open.delete(ending)
        outgoing.end()
      })
      outgoing.on('close', () => ending.abort()).on('error', () => ending.abort())
      outgoing.writeHead(200, { ...headers, 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' })
      send('retry: 2000\n\n')
      tell(reader, ending.signal, send).catch(() => ending.abort())
    },
    review: () => {
      for (const [ending, reader] of open) if (!reader.mayStay()) ending.abort()
    },
    closeAll: () => {
      for (const ending of open.keys()) ending.abort()
    },
  }
}
