import { jsonRoute } from '../json-route.ts'
import { openApiDocument } from '../openapi.ts'
import { type Answer, json, type Route } from '../route.ts'

/** The route of the document that describes the others, and itself. */
export const withOpenApi = (described: readonly Route[]): readonly Route[] => {
  let document: unknown
  const route: Route = jsonRoute({
    method: 'GET',
    path: '/api/v1/openapi.json',
    need: 'nothing',
    summary: 'This document',
    answers: {},
    otherContent: ['application/json'],
    // Made when it is first asked for: it takes milliseconds that a start can do without.
    handle: (): Answer => json((document ??= openApiDocument([...described, route]))),
  })
  return [...described, route]
}
