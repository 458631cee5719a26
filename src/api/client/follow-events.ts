import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'
import { type EventView, eventSchema } from '../schemas/history-schema.ts'
import type { Problem } from '../schemas/problem-schema.ts'
import { type Connection, failureText, problemIn } from './request-answer.ts'
import { sseParser } from './sse-parser.ts'

export interface FollowQuery {
  readonly site?: string | undefined
  readonly region?: string | undefined
  readonly kinds?: readonly string[] | undefined
  /** Only events after this one; undefined: only new ones. */
  readonly after?: number | undefined
}

export type Followed =
  | { readonly kind: 'event'; readonly event: EventView }
  /** The connection is there; nothing has been missed since the last event, if there was one. */
  | { readonly kind: 'connected' }
  /** It is tried again, from the last event on. */
  | { readonly kind: 'lost'; readonly detail: string }
  /** It is refused; this is the end. */
  | { readonly kind: 'problem'; readonly problem: Problem }

/** Three heartbeats long nothing: the connection is dead. */
const silentAfterMs = 45_000
const againAfterMs = 2_000

export const eventQueryText = ({ site, region, kinds, after }: FollowQuery, more: Readonly<Record<string, string | undefined>> = {}): string => {
  const all = { site, region, kind: kinds?.join(','), after: after === undefined ? undefined : String(after), ...more }
  const query = new URLSearchParams(Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as [string, string]])))
  return query.size === 0 ? '' : `?${query.toString()}`
}

async function* readOnce(connection: Connection, query: FollowQuery, signal: AbortSignal): AsyncGenerator<Followed> {
  const { origin, agent, headers, name } = connection
  const answer = await request(`${origin}/api/v1/events${eventQueryText(query)}`, {
    dispatcher: agent,
    signal,
    headersTimeout: 10_000,
    bodyTimeout: silentAfterMs,
    headers: { ...headers, accept: 'text/event-stream' },
  })
  if (answer.statusCode !== 200) {
    const refusal = problemIn(answer.statusCode, await answer.body.text(), name)
    yield refusal.kind === 'problem' && answer.statusCode < 500 && answer.statusCode !== 429 ? refusal : { kind: 'lost', detail: refusal.kind === 'problem' ? refusal.problem.detail : refusal.kind === 'unreachable' ? refusal.detail : '' }
    return
  }
  yield { kind: 'connected' }
  const parse = sseParser()
  const decoder = new TextDecoder()
  for await (const part of answer.body as AsyncIterable<Buffer>) {
    const step = parse(decoder.decode(part, { stream: true }))
    if (step.kind === 'too-long') return
    for (const { data } of step.messages) {
      const event = eventSchema.safeParse(JSON.parse(data))
      if (event.success) yield { kind: 'event', event: event.data }
    }
  }
}

/** Events as they happen, over lost connections, until the signal aborts or it is refused. Never rejects. */
export async function* followEvents(connection: Connection, query: FollowQuery, signal: AbortSignal): AsyncGenerator<Followed> {
  let { after } = query
  while (!signal.aborted) {
    let detail = `${connection.name} ended it`
    try {
      for await (const each of readOnce(connection, { ...query, after }, signal)) {
        if (each.kind === 'lost') detail = each.detail
        else yield each
        if (each.kind === 'problem') return
        if (each.kind === 'event') after = each.event.id
      }
    } catch (error) {
      detail = `${connection.name}: ${failureText(error)}`
    }
    if (signal.aborted) return
    yield { kind: 'lost', detail }
    // oxlint-disable-next-line no-await-in-loop
    await sleep(againAfterMs, undefined, { signal }).catch(() => undefined)
  }
}
