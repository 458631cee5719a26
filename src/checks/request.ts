import { type ClientRequest, type IncomingMessage, request as startRequest } from 'node:http'
import type { Socket } from 'node:net'
import { headOf, type ResponseHead } from './response-head.ts'

/** What is asked over a connection. */
export interface HttpRequest {
  readonly url: URL
  readonly method: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  /** Whether the connection may serve further requests. */
  readonly keepsOpen: boolean
}

/** Some may still come after the socket was destroyed. */
export interface ResponseEvents {
  /** The final head; informational ones are counted and passed over (RFC 9110 section 15.2), whether or not one was to be expected. */
  readonly onHead: (head: ResponseHead) => void
  /** A part of the body. */
  readonly onData: (data: Buffer) => void
  /** All of it is there. `isReusable`: the connection may serve another request. */
  readonly onEnd: (isReusable: boolean) => void
  /** The connection broke before that, or what came is no HTTP (`HPE_*`, from llhttp). */
  readonly onError: (error: unknown) => void
  /** What came is HTTP, but no answer. */
  readonly onNonsense: (detail: string) => void
}

/** Of a status line and its header fields, as llhttp counts them: without what separates them. */
export const maxHeaderSize = 65_536

/** RFC 9110 section 15.2 sets no limit; a server that never comes to the point must not keep us busy. */
const maxInformational = 16

/**
 * Node's client leaves an idle socket its last request, and only Node's own agent takes it away again, like this. With thousands of lines it would live
 * from check to check, and be garbage of the dear kind by then. A Node that keeps it elsewhere would only keep it.
 */
const forget = (socket: Socket, asking: ClientRequest): void => {
  if (!socket.destroyed && Reflect.get(socket, '_httpMessage') === asking) Reflect.set(socket, '_httpMessage', null)
}

/**
 * Sends a request over a socket that is ready for it, and no other: Node's client, without an agent, connects nowhere and repeats nothing.
 * Neither time nor bytes are bounded here; destroying the socket ends it. Node destroys it itself once it cannot serve another request.
 * @throws Error if a header cannot be sent
 */
export const sendRequest = (socket: Socket, { url, method, headers, keepsOpen }: HttpRequest, events: ResponseEvents): void => {
  let informational = 0
  // Let go of once all is there, whoever may still hold the request.
  let told: ResponseEvents | undefined = events
  let response: IncomingMessage | undefined
  const asking = startRequest({
    createConnection: () => socket,
    method,
    path: url.pathname + url.search,
    headers: { host: url.host, ...headers, connection: keepsOpen ? 'keep-alive' : 'close' },
    maxHeaderSize,
    insecureHTTPParser: false,
    joinDuplicateHeaders: true,
  })
  const onError = (error: unknown): void => {
    // What follows a whole answer does not belong to it: a reset, or bytes that nobody asked for.
    if (response?.complete !== true) told?.onError(error)
  }
  asking.on('error', onError)
  asking.on('close', () => forget(socket, asking))
  asking.on('information', () => {
    informational += 1
    if (informational > maxInformational) told?.onNonsense(`more than ${maxInformational} informational responses`)
  })
  asking.on('upgrade', () => told?.onNonsense('101 switching protocols, which was not asked for'))
  asking.on('response', (incoming) => {
    response = incoming
    incoming.on('error', onError)
    incoming.on('data', (data: Buffer) => told?.onData(data))
    incoming.on('end', () => {
      const last = told
      told = undefined
      last?.onEnd(socket.writable)
    })
    const head = headOf(incoming)
    // llhttp takes any three digits; RFC 9110 section 15 does not.
    if (head.status < 200) told?.onNonsense(`the status ${head.status}, which is none of an answer`)
    else told?.onHead(head)
  })
  asking.end()
}
