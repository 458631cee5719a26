import type { Timing } from '../core/result.ts'
import type { CertificateSeen } from './certificate.ts'
import { type BodyReader, createBodyReader, rawLimit } from './body-reader.ts'
import { openConnection, type Target } from './connection.ts'
import { codeOf, isAmbiguous, troubleOf } from './error-cause.ts'
import { hasRoute } from './kernel-route.ts'
import type { Phase, PhaseTimer } from './phase-timer.ts'
import { type HttpRequest, maxHeaderSize, type ResponseHead, sendRequest } from './request.ts'
import { cannotTell, failed, type Trouble } from './trouble.ts'

/** One request to one address over a connection of its own. */
export interface Order extends Target, HttpRequest {
  /** How far into the decoded body to read. */
  readonly bodyBytes: number
  /** Whether the body matters once the head is known. */
  readonly wantsBody: (head: ResponseHead) => boolean
}

/** What an exchange needs of the check it is part of. */
export interface Surroundings {
  readonly now: () => number
  readonly timer: PhaseTimer
  /** Calls back on abort; returns how to stop that. */
  readonly onAbort: (run: () => void) => () => void
}

export interface Exchange {
  readonly outcome: { readonly kind: 'answer'; readonly head: ResponseHead; readonly body: Buffer } | Trouble
  readonly timing: Omit<Timing, 'totalMs'>
  readonly status: number | undefined
  readonly certificateDays: number | undefined
}

/** RFC 9112 section 6.3; undici would wait for the content-length that such an answer may state all the same. */
const mayHaveBody = (method: string, status: number): boolean => method !== 'HEAD' && status !== 204 && status !== 304

const empty = Buffer.alloc(0)

/** Never rejects. Connection, timer and listeners are gone when it resolves. */
export const exchange = (order: Order, { now, timer, onAbort }: Surroundings): Promise<Exchange> =>
  new Promise((resolve) => {
    const timing: { connectMs?: number; tlsMs?: number; headersMs?: number; bodyMs?: number } = {}
    let phase: Phase = 'connect'
    let since = now()
    let head: ResponseHead | undefined
    let certificate: CertificateSeen | undefined
    let reader: BodyReader | undefined
    let finished = false
    let ended = false
    let complete = false
    let sent: { stop(): void } | undefined

    const finish = (outcome: Exchange['outcome']): void => {
      if (finished) return
      finished = true
      timer.stop()
      forgetAbort()
      reader?.stop()
      sent?.stop()
      socket.destroy()
      resolve({ outcome, timing, status: head?.status, certificateDays: certificate?.days })
    }
    const enter = (next: Phase): void => {
      if (next !== phase) timing[`${phase}Ms`] = now() - since
      phase = next
      since = now()
      timer.enter(next, finish)
    }
    const blameRoute = async (trouble: Trouble): Promise<void> => {
      finish((await hasRoute(order.address)) ? trouble : cannotTell('no-route', trouble.detail))
    }
    const fail = (error: unknown): void => {
      if (finished || complete) return
      const trouble = troubleOf(error, { phase, address: order.address, ended })
      if (!isAmbiguous(codeOf(error), order.address)) return finish(trouble)
      void blameRoute(trouble)
    }
    const answer = (body: Buffer): void => {
      timing[`${phase}Ms`] = now() - since
      if (head !== undefined) finish({ kind: 'answer', head, body })
    }
    const takeHead = (seen: ResponseHead): void => {
      if (finished) return
      head = seen
      if (order.bodyBytes === 0 || !mayHaveBody(order.method, seen.status) || !order.wantsBody(seen)) return answer(empty)
      enter('body')
      reader = createBodyReader(seen.contentEncoding, order.bodyBytes, (read) =>
        read.kind === 'read' ? answer(read.bytes) : finish(failed('protocol', read.detail)),
      )
    }
    const send = (): void => {
      // A header block with its framing; a body that comes byte by byte in chunks of its own, six bytes for one.
      const headBytes = 2 * maxHeaderSize
      const raw = { head: headBytes, whole: headBytes + 8 * rawLimit('', order.bodyBytes) }
      sent = sendRequest(socket, order, raw, {
        onHead: takeHead,
        onData: (chunk) => {
          if (reader?.write(chunk) !== false) return
          complete = true
          sent?.stop()
        },
        onEnd: () => {
          complete = true
          reader?.end()
        },
        onError: fail,
        onNonsense: (cause, detail) => finish(failed(cause, `${phase}: ${detail}`)),
      })
      if (finished) sent.stop()
    }

    const socket = openConnection(order, {
      onConnect: () => enter('tls'),
      onReady: (seen) => {
        certificate = seen
        enter('headers')
        if (seen?.trouble !== undefined) return finish(seen.trouble)
        try {
          send()
        } catch (error) {
          fail(error)
        }
      },
    })
    // A reset that comes together with the last bytes looks like an end (libuv reports EOF): it is seen where the answer
    // states its length or is chunked, and not where the body ends with the connection.
    socket.on('error', fail)
    socket.once('end', () => (ended = true))
    socket.once('close', () => fail(Object.assign(new Error('the connection closed'), { code: 'ECONNRESET' })))
    const forgetAbort = onAbort(() => finish(cannotTell('aborted', `${phase}: stopped by the caller`)))
    timer.enter('connect', finish)
  })
