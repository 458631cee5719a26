import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { Copy } from '../core/heartbeat.ts'
import type { CheckRequest, Heartbeats } from '../engine/ports.ts'
import { type Asked, type Asker, createAsker, headersOf } from './asker.ts'

/** A heartbeat is a few hundred bytes; of what is no heartbeat no more than this is read. */
const longestHeartbeat = 16_384
const longestPage = 1_048_576

const Heartbeat = z.object({
  version: z.literal(1),
  region: z.string().min(1).max(63),
  counter: z.int().min(0),
  boot: z.string().max(200),
  writtenAt: z.iso.datetime({ offset: true }),
  content: z.string().max(500),
})

const isWithin = (from: number, to: number) => (head: { readonly status: number }) => head.status >= from && head.status <= to

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type Found = Copy extends infer Each ? (Each extends { readonly askedAt: number } ? Omit<Each, 'askedAt'> : never) : never

const unreadable = (detail: string): Found => ({ kind: 'failed', detail, hasAnswered: true })

const heartbeatIn = (body: Buffer, writer: string): Found => {
  if (body.length > longestHeartbeat) return unreadable(`what is there is longer than ${longestHeartbeat} bytes: no heartbeat`)
  const parsed = Heartbeat.safeParse(parse(body.toString('utf8')))
  if (!parsed.success) return unreadable('what is there is no heartbeat')
  const { version: _, writtenAt, ...rest } = parsed.data
  if (rest.region !== writer) return unreadable(`what is there is the heartbeat of ${JSON.stringify(rest.region)}`)
  return { kind: 'found', heartbeat: { ...rest, writtenAt: Date.parse(writtenAt) } }
}

/** Only "not there" tells that it is not there: a web server that refuses, is in trouble, or hands out something else says nothing of it. */
const copyIn = ({ outcome }: Asked, writer: string): Found => {
  if (outcome.kind !== 'answer') return { kind: 'failed', detail: `${outcome.cause}: ${outcome.detail}` }
  const { status } = outcome.head
  if (status === 200) return heartbeatIn(outcome.body, writer)
  return status === 404 || status === 410 ? { kind: 'missing', detail: `status ${status}` } : unreadable(`status ${status}`)
}

/** Reads heartbeats and pages as health checks are made; `now` as for these, and `asker` may be theirs. */
export const createHeartbeats = ({ now, asker = createAsker(now) }: { readonly now: () => number; readonly asker?: Asker }): Heartbeats => {
  const ask = ({ url, address, check }: CheckRequest, bodyBytes: number, wantsBody: (head: { readonly status: number }) => boolean, signal: AbortSignal): Promise<Asked> => {
    const { ca, bounds, maxRedirects } = check
    const headers = { 'cache-control': 'no-cache', ...headersOf(check.headers) }
    return asker.ask({ url, address, method: 'GET', headers, ca, bounds, maxRedirects, bodyBytes, wantsBody }, signal)
  }
  return {
    read: async ({ writer, ...request }, signal) => {
      const askedAt = now()
      return { askedAt, ...copyIn(await ask(request, longestHeartbeat + 1, isWithin(200, 200), signal), writer) }
    },
    digest: async (request, signal) => {
      const { outcome } = await ask(request, longestPage, isWithin(200, 299), signal)
      if (outcome.kind !== 'answer') return { kind: 'failed', detail: `${outcome.cause}: ${outcome.detail}` }
      if (!isWithin(200, 299)(outcome.head)) return { kind: 'failed', detail: `status ${outcome.head.status}` }
      return { kind: 'read', digest: createHash('sha256').update(outcome.body).digest('hex') }
    },
  }
}
