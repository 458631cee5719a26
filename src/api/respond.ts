import type { ServerResponse } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { problemBody, type ProblemFacts } from './problem.ts'
import type { Answer } from './route.ts'

/** On every response: nothing here is a page, to be kept, framed or run. */
export const alwaysHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

export const problemResponse = (problem: ProblemFacts, instance: string | undefined): Response =>
  new Response(JSON.stringify(problemBody(problem, instance)), {
    status: problem.status,
    headers: { ...alwaysHeaders, ...problem.headers, 'content-type': 'application/problem+json' },
  })

/** `instance`: the path that was asked for. */
export const respond = (answer: Answer, instance: string, outgoing: ServerResponse): Response => {
  switch (answer.kind) {
    case 'json':
      return new Response(JSON.stringify(answer.value), { status: answer.status, headers: { ...alwaysHeaders, ...answer.headers, 'content-type': 'application/json' } })
    case 'text':
      return new Response(answer.text, { headers: { ...alwaysHeaders, 'content-type': answer.contentType } })
    case 'problem':
      return problemResponse(answer.problem, instance)
    case 'stream':
      answer.open(outgoing, alwaysHeaders)
      return RESPONSE_ALREADY_SENT
  }
}
