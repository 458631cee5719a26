import type { Timing } from '../core/result.ts'
import { type BodyReader, createBodyReader, rawLimit } from './body-reader.ts'
import { daysLeft } from './certificate.ts'
import type { Target } from './connection.ts'
import { codeOf, isAmbiguous, troubleOf } from './error-cause.ts'
import { hasRoute } from './kernel-route.ts'
import { type Line, type LineListener, openLine } from './line.ts'
import type { Phase, PhaseTimer } from './phase-timer.ts'
import { type HttpRequest, maxHeaderSize } from './request.ts'
import type { ResponseHead } from './response-head.ts'
import { cannotTell, failed, type Trouble } from './trouble.ts'

/** One request to one address. */
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
  /** Open, and good for another request; whoever gets it holds it or closes it. */
  readonly line: Line | undefined
  /** A kept line was closed before a byte of the answer, or with 408 (RFC 9110 section 15.5.9): it says nothing of the server. */
  readonly wasGone: boolean
}

const empty = Buffer.alloc(0)

/**
 * Asks over a line of its own, or over `kept`, which is idle. Never rejects. Timer and listeners are gone when it resolves, and so
 * is the connection unless it is handed back as `line`.
 */
export const exchange = (order: Order, { now, timer, onAbort }: Surroundings, kept: Line | undefined): Promise<Exchange> =>
  new Promise((resolve) => {
    const timing: { connectMs?: number; tlsMs?: number; headersMs?: number; bodyMs?: number } = {}
    let phase: Phase = kept === undefined ? 'connect' : 'headers'
    let since = now()
    let head: ResponseHead | undefined
    let reader: BodyReader | undefined
    let rawBytes = 0
    let isFinished = false
    let isComplete = false
    let isReusable = false

    const finish = (outcome: Exchange['outcome'], wasGone = false): void => {
      if (isFinished) return
      isFinished = true
      timer.stop()
      forgetAbort()
      reader?.stop()
      const isKept = outcome.kind === 'answer' && isReusable
      if (!isKept) line.close()
      resolve({ outcome, timing, status: head?.status, certificateDays: daysLeft(line.certificate(), Date.now()), line: isKept ? line : undefined, wasGone })
    }
    const leave = (): void => {
      timing[`${phase}Ms`] = now() - since
      since = now()
    }
    const enter = (next: Phase): void => {
      leave()
      phase = next
      timer.enter(next, finish)
    }
    const blameRoute = async (trouble: Trouble): Promise<void> => {
      finish((await hasRoute(order.address)) ? trouble : cannotTell('no-route', trouble.detail))
    }
    const fail = (error: unknown): void => {
      if (isFinished) return
      isReusable = false
      if (isComplete) return
      const trouble = troubleOf(error, { phase, address: order.address })
      if (kept !== undefined && rawBytes === 0) return finish(trouble, true)
      if (!isAmbiguous(codeOf(error), order.address)) return finish(trouble)
      void blameRoute(trouble)
    }
    const answer = (body: Buffer): void => {
      leave()
      if (head !== undefined) finish({ kind: 'answer', head, body })
    }
    const takeHead = (seen: ResponseHead): void => {
      if (isFinished) return
      if (kept !== undefined && seen.status === 408) return finish(failed('status', `${phase}: 408 on a connection that had been idle`), true)
      head = seen
      if (order.bodyBytes === 0 || !order.wantsBody(seen)) return answer(empty)
      enter('body')
      reader = createBodyReader(seen.contentEncoding, order.bodyBytes, (read) =>
        read.kind === 'read' ? answer(read.bytes) : finish(failed('protocol', read.detail)),
      )
    }
    // What separates header fields is not in llhttp's count of them. A body may come byte by byte in chunks of its own, six bytes for one.
    const headBytes = 2 * maxHeaderSize
    const wholeBytes = headBytes + 8 * rawLimit('', order.bodyBytes)
    const listener: LineListener = {
      onBytes: (bytes) => {
        // Nothing is owed any more: the line is not to be trusted with another question.
        if (isComplete) isReusable = false
        // These bytes are read after this: what they bring may still be within the bounds.
        const before = rawBytes
        rawBytes += bytes
        if (head === undefined && before > headBytes) finish(failed('headers-too-large', `${phase}: more than ${headBytes} bytes before the end of the headers`))
        else if (before > wholeBytes) finish(failed('protocol', `${phase}: more than ${wholeBytes} bytes of framing and body`))
      },
      // Whether the answer was whole by then is known to whoever reads it.
      onEnd: () => {},
      onError: fail,
    }
    const send = (): void => {
      try {
        line.ask(order, {
          onHead: takeHead,
          onData: (data) => {
            if (isFinished || isComplete || reader?.write(data) !== false) return
            // Enough has come; only the decoder may still be at work.
            isComplete = true
            line.close()
          },
          onEnd: (mayGoOn) => {
            if (isFinished || isComplete) return
            isComplete = true
            isReusable = mayGoOn
            reader?.end()
          },
          onError: fail,
          onNonsense: (detail) => finish(failed('protocol', `${phase}: ${detail}`)),
        })
      } catch (error) {
        fail(error)
      }
    }

    const line = kept ?? openLine(order, listener, {
      onConnect: () => enter('tls'),
      onReady: (seen) => {
        enter('headers')
        if (seen?.trouble !== undefined) finish(seen.trouble)
        else send()
      },
    }, now())
    const forgetAbort = onAbort(() => finish(cannotTell('aborted', `${phase}: stopped by the caller`)))
    timer.enter(phase, finish)
    if (kept === undefined) return
    kept.hear(listener)
    send()
  })
