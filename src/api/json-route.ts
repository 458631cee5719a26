import type { z } from 'zod'
import type { ProblemFacts } from './problem.ts'
import { readJson } from './read-json.ts'
import { type Answer, type Exchange, problem, type Route } from './route.ts'

/** An exchange whose query and body are as the route's schemas have them. */
export interface Call<Query, Body> extends Omit<Exchange, 'query' | 'body'> {
  readonly query: Query
  readonly body: Body
}

interface Spec<Query, Body> extends Pick<Route, 'method' | 'path' | 'need' | 'summary' | 'answers'> {
  readonly query?: z.ZodType<Query>
  readonly body?: z.ZodType<Body>
  readonly isUnlimited?: boolean
  readonly otherContent?: readonly string[]
  handle(call: Call<Query, Body>): Promise<Answer> | Answer
}

const mostErrors = 10
const bodyLimit = 65_536

const quoted = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 39)}…` : text)

/** What is wrong, by field; never what was written there. */
export const invalid = (where: 'body' | 'query', { issues }: z.ZodError, known: readonly string[]): ProblemFacts => {
  const errors = issues
    .flatMap((issue): readonly { readonly field: string; readonly text: string }[] => {
      if (issue.code === 'unrecognized_keys') {
        const advice = known.length === 0 ? 'there are no fields here' : `there are ${known.join(', ')}`
        return issue.keys.map((key) => ({ field: quoted(key), text: `there is no such field; ${advice}` }))
      }
      return [{ field: issue.path.map(String).join('.') || where, text: issue.path.length === 0 ? 'must be a JSON object' : issue.message }]
    })
    .slice(0, mostErrors)
  return { status: 422, code: 'invalid-request', detail: errors.map(({ field, text }) => `${field}: ${text}`).join('. '), errors }
}

/** Of a query each name once; several of one name with commas. */
const queryObject = (query: URLSearchParams): Readonly<Record<string, string>> =>
  Object.fromEntries([...new Set(query.keys())].map((key) => [key, query.getAll(key).join(',')]))

const fieldsOf = (schema: z.ZodType | undefined): readonly string[] => (schema !== undefined && 'shape' in schema ? Object.keys(schema.shape as object) : [])

type Shaped<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly answer: Answer }

/** Without a schema there is nothing to say, and nothing may be said. */
const shape = <T>(where: 'body' | 'query', schema: z.ZodType<T> | undefined, value: unknown): Shaped<T | undefined> => {
  if (schema === undefined) {
    const names = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [where]
    if (names.length === 0) return { ok: true, value: undefined }
    const errors = names.slice(0, mostErrors).map((name) => ({ field: quoted(name), text: `this takes no ${where}` }))
    return { ok: false, answer: problem({ status: 422, code: 'invalid-request', detail: `this takes no ${where}`, errors }) }
  }
  const parsed = schema.safeParse(value)
  return parsed.success ? { ok: true, value: parsed.data } : { ok: false, answer: problem(invalid(where, parsed.error, fieldsOf(schema))) }
}

/** A route that reads and answers JSON. */
export const jsonRoute = <Query = undefined, Body = undefined>(spec: Spec<Query, Body>): Route => ({
  method: spec.method,
  path: spec.path,
  need: spec.need,
  summary: spec.summary,
  answers: spec.answers,
  otherContent: spec.otherContent ?? [],
  query: spec.query,
  body: spec.body,
  takes: 'json',
  bodyLimit,
  isUnlimited: spec.isUnlimited ?? false,
  run: (exchange) => {
    const query = shape('query', spec.query, queryObject(exchange.query))
    if (!query.ok) return query.answer
    const read = readJson(exchange.body)
    if (!read.ok) return problem({ status: 400, code: 'malformed-body', detail: read.detail, advice: 'send a JSON object in UTF-8' })
    const body = shape('body', spec.body, read.value)
    if (!body.ok) return body.answer
    return spec.handle({ ...exchange, query: query.value as Query, body: body.value as Body })
  },
})
