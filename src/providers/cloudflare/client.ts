import type { z } from 'zod'
import { ProviderError } from '../provider-error.ts'
import type { Budget, Purpose } from './budget.ts'
import { replyError } from './reply-error.ts'
import type { Lost, Reply, Sdk } from './sdk.ts'
import { TransportError } from './transport-error.ts'

/** One request to the API. */
export interface Call<T> {
  /** Completes "cannot ... at Cloudflare". */
  readonly what: string
  readonly isWrite: boolean
  readonly purpose: Purpose
  readonly schema: z.ZodType<T>
  readonly ask: (sdk: Sdk, signal: AbortSignal) => Promise<Reply>
}

/** Makes one request: within the budget and the time, once, and with every answer but a success as an error. */
export interface Client {
  /** @throws ProviderError */
  call<T>(call: Call<T>, signal: AbortSignal): Promise<T>
}

export interface ClientOptions {
  readonly sdk: Sdk
  readonly budget: Budget
  /** Milliseconds for one request, its whole body included. */
  readonly timeoutMs: number
  readonly wallNow: () => number
  /** Takes secrets out of texts of others. */
  readonly redact: (text: string) => string
}

const lostText = (lost: Lost, timeoutMs: number, isTimeout: boolean, isAborted: boolean): string => {
  if (isAborted) return 'given up before the answer had come'
  if (isTimeout) return `no whole answer came within ${timeoutMs} ms`
  return lost.error instanceof Error ? lost.error.message : String(lost.error)
}

export const createClient = ({ sdk, budget, timeoutMs, wallNow, redact }: ClientOptions): Client => ({
  call: async ({ what, isWrite, purpose, schema, ask }, signal) => {
    const fail = (text: string, facts: ConstructorParameters<typeof ProviderError>[1]): ProviderError =>
      new ProviderError(redact(`cannot ${what} at Cloudflare: ${text}`), facts)
    if (signal.aborted) throw fail('given up before it was begun', { code: 'unavailable', outcome: 'unchanged' })
    const waitMs = budget.take(purpose)
    if (waitMs > 0) {
      const text = `it would be one request too many for the last five minutes (Cloudflare takes 1,200, half of which are kept for withdrawals); next in ${Math.ceil(waitMs / 1000)} s`
      throw fail(text, { code: 'rate-limited', outcome: 'unchanged', retryAfterMs: waitMs })
    }

    const timeout = new AbortController()
    const timer = setTimeout(() => timeout.abort(), timeoutMs)
    const reply = await ask(sdk, AbortSignal.any([signal, timeout.signal])).finally(() => clearTimeout(timer))
    if (reply.kind === 'lost') {
      const wasSent = !(reply.error instanceof TransportError) || reply.error.wasSent
      const text = lostText(reply, timeoutMs, timeout.signal.aborted, signal.aborted)
      throw fail(text, { code: 'unavailable', outcome: isWrite && wasSent ? 'unknown' : 'unchanged' })
    }
    const isOk = reply.status >= 200 && reply.status < 300
    const result = isOk ? schema.safeParse(reply.body) : undefined
    if (result?.success !== true) throw replyError(what, isWrite, reply, wallNow(), redact)
    return result.data
  },
})
