import { Agent, request } from 'undici'
import type { z } from 'zod'
import { type Problem, problemSchema } from '../schemas/problem-schema.ts'

/** What came of asking. unreachable: nobody answered, or not as this API does. */
export type ApiAnswer<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'problem'; readonly problem: Problem }
  | { readonly kind: 'unreachable'; readonly detail: string }

/** Where the API is, and as whom to ask. */
export interface ApiTarget {
  readonly at: { readonly url: string } | { readonly socketPath: string }
  readonly token?: string | undefined
  /** At a socket: who asks, for people. */
  readonly actor?: string | undefined
}

export interface Connection {
  readonly origin: string
  readonly agent: Agent
  readonly headers: Readonly<Record<string, string>>
  /** For people. */
  readonly name: string
}

/** A repoint checks, writes and asks the name servers before it answers. */
const answerWithinMs = 600_000
const connectWithinMs = 5_000
const largestAnswer = 67_108_864

export const connectionTo = ({ at, token, actor }: ApiTarget): Connection => {
  const limits = { connections: 8, headersTimeout: answerWithinMs, bodyTimeout: 30_000 }
  const who = { ...(token === undefined ? {} : { authorization: `Bearer ${token}` }), ...(actor === undefined ? {} : { 'x-actor': encodeName(actor) }) }
  if ('url' in at) {
    const agent = new Agent({ ...limits, connect: { timeout: connectWithinMs } })
    return { origin: at.url.replace(/\/+$/, ''), agent, headers: who, name: at.url }
  }
  const agent = new Agent({ ...limits, connect: { timeout: connectWithinMs, socketPath: at.socketPath } })
  return { origin: 'http://localhost', agent, headers: who, name: `the socket ${at.socketPath}` }
}

/** A header takes no more than this. */
const encodeName = (name: string): string => name.replaceAll(/[^\x20-\x7e]+/g, '?')

/** Why nobody answered, without the stack. */
export const failureText = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException
  switch (code) {
    case 'ECONNREFUSED':
    case 'ENOENT':
      return 'nobody listens there'
    case 'EACCES':
      return 'this user may not open the socket'
    case 'UND_ERR_CONNECT_TIMEOUT':
      return `no connection within ${connectWithinMs / 1000} s`
    case undefined:
    default:
      return message
  }
}

const textOf = async (body: AsyncIterable<Buffer>): Promise<string | undefined> => {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of body) {
    size += part.length
    if (size > largestAnswer) return undefined
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What an answer that is no success says. */
export const problemIn = (status: number, text: string, name: string): ApiAnswer<never> => {
  const problem = problemSchema.safeParse(parsed(text))
  return problem.success
    ? { kind: 'problem', problem: problem.data }
    : { kind: 'unreachable', detail: `${name} answers ${status}, but not as dns-failover does: is it another program?` }
}

export interface Question {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  /** Statuses besides 200 that carry the answer. */
  readonly statuses?: readonly number[]
}

/** Asks once. Never rejects but for the signal's reason. */
export const ask = async (connection: Connection, { method, path, body, statuses = [] }: Question, signal: AbortSignal): Promise<ApiAnswer<string>> => {
  const { origin, agent, headers, name } = connection
  const content = body === undefined ? {} : { 'content-type': 'application/json' }
  try {
    const answer = await request(`${origin}${path}`, {
      dispatcher: agent,
      method,
      signal,
      headers: { ...headers, ...content },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await textOf(answer.body)
    if (text === undefined) return { kind: 'unreachable', detail: `${name} answers with more than ${largestAnswer} bytes` }
    return answer.statusCode === 200 || statuses.includes(answer.statusCode) ? { kind: 'done', value: text } : problemIn(answer.statusCode, text, name)
  } catch (error) {
    signal.throwIfAborted()
    return { kind: 'unreachable', detail: `${name}: ${failureText(error)}` }
  }
}

/** The same, for JSON of a known shape. */
export const askFor = async <T>(connection: Connection, schema: z.ZodType<T>, question: Question, signal: AbortSignal): Promise<ApiAnswer<T>> => {
  const answer = await ask(connection, question, signal)
  if (answer.kind !== 'done') return answer
  const value = schema.safeParse(parsed(answer.value))
  if (value.success) return { kind: 'done', value: value.data }
  const [issue] = value.error.issues
  return { kind: 'unreachable', detail: `${connection.name} answers, but not as this version of dns-failover does (${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? ''})` }
}
