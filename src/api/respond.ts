import type { ServerResponse } from 'node:http'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import { isWorthCompressing } from './compress.ts'
import type { JsonBody } from './json-body.ts'
import { problemBody, type ProblemFacts } from './problem.ts'
import type { Answer } from './route.ts'
import { itemsInPiece, listPieces, writePieces } from './write-list.ts'

/** On every response that says nothing else: what is no page is not to be kept, framed or run. */
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

const write = (outgoing: ServerResponse, status: number, contentType: string, body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): void => {
  outgoing.writeHead(status, { ...alwaysHeaders, ...headers, 'content-type': contentType, 'content-length': Buffer.byteLength(body) }).end(body)
}

/** A short list goes as a whole. */
const writeList = (outgoing: ServerResponse, name: string, items: readonly unknown[]): void => {
  const pieces = listPieces(name, items)
  if (items.length <= itemsInPiece) return write(outgoing, 200, 'application/json', [...pieces].join(''))
  outgoing.writeHead(200, { ...alwaysHeaders, 'content-type': 'application/json' })
  void writePieces(pieces, outgoing)
}

const writeCompressed = async (outgoing: ServerResponse, { status, headers }: Extract<Answer, { kind: 'json' }>, body: JsonBody): Promise<void> => {
  outgoing.statusCode = status
  const compressed = await body.compressed()
  if (compressed === undefined) return write(outgoing, status, 'application/json', body.text, headers)
  write(outgoing, status, 'application/json', compressed, { ...headers, 'content-encoding': 'gzip', vary: 'Accept-Encoding' })
}

/**
 * Writes the answer itself: a Response of the platform's, with its streams, costs several times as much memory.
 * `jsonBody`: as the API makes them; `instance`: the path that was asked for.
 */
export const respond = (answer: Answer, jsonBody: (value: unknown) => JsonBody, instance: string, acceptEncoding: string, outgoing: ServerResponse): Response => {
  switch (answer.kind) {
    case 'json': {
      const body = jsonBody(answer.value)
      if (isWorthCompressing(body.text, acceptEncoding)) void writeCompressed(outgoing, answer, body)
      else write(outgoing, answer.status, 'application/json', body.text, answer.headers)
      break
    }
    case 'json-list':
      writeList(outgoing, answer.name, answer.items)
      break
    case 'text':
      write(outgoing, 200, answer.contentType, answer.text)
      break
    case 'problem':
      write(outgoing, answer.problem.status, 'application/problem+json', JSON.stringify(problemBody(answer.problem, instance)), answer.problem.headers)
      break
    case 'file':
      outgoing.writeHead(answer.status, { ...alwaysHeaders, ...answer.headers, ...(answer.status === 304 ? {} : { 'content-length': answer.body.byteLength }) }).end(answer.body)
      break
    case 'stream':
      answer.open(outgoing, alwaysHeaders)
      break
  }
  return RESPONSE_ALREADY_SENT
}
