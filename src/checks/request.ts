import type { Socket } from 'node:net'
import { Client } from 'undici'

/** What is asked over one connection. */
export interface HttpRequest {
  readonly url: URL
  readonly method: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
}

/** The head of the final response; informational ones are counted and passed over. */
export interface ResponseHead {
  readonly status: number
  readonly location: string | undefined
  /** `identity` if the response has none. */
  readonly contentEncoding: string
}

export interface ResponseEvents {
  readonly onHead: (head: ResponseHead) => void
  readonly onData: (chunk: Buffer) => void
  readonly onEnd: () => void
  readonly onError: (error: unknown) => void
  /** What comes may be HTTP, but no answer: endless framing or informational responses, another protocol. */
  readonly onNonsense: (cause: 'protocol' | 'headers-too-large', detail: string) => void
}

/** Bytes from the network that may come in all, framing included. */
export interface RawBytes {
  readonly head: number
  readonly whole: number
}

export const maxHeaderSize = 65_536

/** RFC 9110 section 15.2 sets no limit; a server that never comes to the point must not keep us busy. */
const maxInformational = 16

const text = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.join(', ')

/**
 * Sends the request over a socket that is ready for it, once. Nothing is bounded in time here; whoever calls ends it
 * by `stop`, which also destroys the socket. Events may still come during `stop`.
 */
export const sendRequest = (socket: Socket, request: HttpRequest, raw: RawBytes, events: ResponseEvents): { stop(): void } => {
  let used = false
  let informational = 0
  let gotHead = false
  const client = new Client(request.url.origin, {
    connect: (_, callback) => {
      // undici would connect again for a request it thinks it may repeat.
      if (used) return callback(new Error('the connection is used up'), null)
      used = true
      // Not at once: undici would take it for a nested call, and never send.
      queueMicrotask(() => callback(null, socket))
    },
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize,
  })
  const watchFlood = (): void => {
    if (!gotHead && socket.bytesRead > raw.head) {
      events.onNonsense('headers-too-large', `more than ${raw.head} bytes before the end of the headers`)
    } else if (socket.bytesRead > raw.whole) {
      events.onNonsense('protocol', `more than ${raw.whole} bytes of framing and body`)
    }
  }
  client.dispatch(
    { path: request.url.pathname + request.url.search, method: request.method, headers: { ...request.headers }, reset: true },
    {
      // Not earlier: undici relies on its own listener for `readable` being the first.
      onRequestStart: () => void socket.on('readable', watchFlood),
      onResponseStart: (_, status, headers) => {
        if (status < 200) {
          informational += 1
          if (status === 101) events.onNonsense('protocol', '101 switching protocols, which was not asked for')
          else if (informational > maxInformational) events.onNonsense('protocol', `more than ${maxInformational} informational responses`)
          return
        }
        gotHead = true
        const contentEncoding = text(headers['content-encoding'])?.trim().toLowerCase() || 'identity'
        events.onHead({ status, location: text(headers['location']), contentEncoding })
      },
      onResponseData: (_, chunk) => events.onData(chunk),
      onResponseEnd: () => events.onEnd(),
      onResponseError: (_, error) => events.onError(error),
    },
  )
  return {
    stop: () => {
      socket.destroy()
      client.destroy(() => {})
    },
  }
}
