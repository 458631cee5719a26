import { Agent, request } from 'undici'
import { fit, oneLine } from './fit.ts'
import { type Delivery, judgeAnswer } from './judge-answer.ts'

export interface SendRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  /** Besides the URL, what must not be told should the answer repeat it. */
  readonly secret: string | undefined
}

/** Sends single requests. No redirect is followed, for what is sent is for one place only. */
export interface Sender {
  /** Never rejects; ends within `timeoutMs`. */
  send(what: SendRequest, timeoutMs: number, signal: AbortSignal): Promise<Delivery>
  close(): Promise<void>
}

/** What a body may say in an error of ours, and what is read of it at all. Bytes. */
const toldBytes = 160
const readBytes = 4_096

/** `fetch failed` says little: what happened is in the innermost cause. */
const innermost = (error: unknown): unknown => (error instanceof Error && error.cause instanceof Error ? innermost(error.cause) : error)

const errorText = (error: unknown): string => {
  const cause = innermost(error)
  const inner = cause instanceof AggregateError ? cause.errors[0] : cause
  if (!(inner instanceof Error)) return 'the request failed'
  const code = (inner as NodeJS.ErrnoException).code
  return oneLine(code === undefined || inner.message.includes(code) ? inner.message : `${inner.message} (${code})`)
}

/** Whatever of a URL may be a key. */
const keysOf = ({ url, secret }: SendRequest): readonly string[] => {
  const { pathname, search, username, password, searchParams } = new URL(url)
  const parts = [pathname, search, ...pathname.split('/'), ...searchParams.values(), username, password, secret ?? '']
  return parts.flatMap((part) => [part, decode(part)]).filter((part) => part.length >= 4).toSorted((a, b) => b.length - a.length)
}

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const withoutKeys = (text: string, what: SendRequest): string => keysOf(what).reduce((rest, key) => rest.replaceAll(key, '[secret]'), text)

const readStart = async (body: AsyncIterable<Buffer>): Promise<string> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes >= readBytes) break
  }
  return Buffer.concat(chunks).subarray(0, readBytes).toString('utf8')
}

const first = (value: string | readonly string[] | undefined): string | undefined => (typeof value === 'string' ? value : value?.[0])

/** A page for people says nothing in one line. */
const isTellable = (type: string | undefined): boolean => type === undefined || /^(?:text\/plain|application\/(?:[\w.-]+\+)?json)\b/i.test(type)

/** `wallNow` reads a date to come back at. */
export const createSender = (wallNow: () => number): Sender => {
  // Our own signal bounds every part: undici's timers are coarse, and the body's never ends a drip.
  const agent = new Agent({ connect: { timeout: 0 }, headersTimeout: 0, bodyTimeout: 0 })

  const ask = async (what: SendRequest, signal: AbortSignal): Promise<Delivery> => {
    const { method, url, headers, body } = what
    const answer = await request(url, { dispatcher: agent, method, headers: { ...headers }, reset: true, signal, ...(body === undefined ? {} : { body }) })
    const isGood = answer.statusCode >= 200 && answer.statusCode < 300
    // Whoever has said yes need not be heard out, however long the answer is.
    const text = isGood ? '' : await readStart(answer.body).catch(() => '')
    if (isGood) answer.body.on('error', () => undefined).destroy()
    const saying = isTellable(first(answer.headers['content-type'])) ? fit(withoutKeys(oneLine(text), what), { limit: toldBytes }) : ''
    const [retryAfter, location] = [first(answer.headers['retry-after']), first(answer.headers['location'])]
    return judgeAnswer({ status: answer.statusCode, retryAfter, location, saying }, wallNow())
  }

  return {
    send: async (what, timeoutMs, signal) => {
      if (!URL.canParse(what.url)) return { kind: 'rejected', detail: 'its address is no URL' }
      const controller = new AbortController()
      const end = (): void => controller.abort()
      signal.addEventListener('abort', end)
      if (signal.aborted) end()
      let isLate = false
      const timer = setTimeout(() => {
        isLate = true
        end()
      }, timeoutMs)
      try {
        return await ask(what, controller.signal)
      } catch (error) {
        const detail = isLate ? `no answer within ${timeoutMs / 1000} s` : signal.aborted ? 'ended before an answer came' : withoutKeys(errorText(error), what)
        return { kind: 'failed', detail, retryAfterMs: undefined }
      } finally {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
      }
    },
    close: () => agent.destroy(),
  }
}
