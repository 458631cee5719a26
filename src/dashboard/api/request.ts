import { type Answer, problemFrom } from './problem.ts'

export interface Order {
  readonly method: 'POST' | 'DELETE'
  readonly body?: unknown
}

const longestMs = 30_000

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Asks the API, by a path relative to the page. Never rejects. */
export const request = async <T>(path: string, order?: Order, signal?: AbortSignal): Promise<Answer<T>> => {
  const bound = AbortSignal.timeout(longestMs)
  try {
    const response = await fetch(path, {
      signal: signal === undefined ? bound : AbortSignal.any([signal, bound]),
      cache: 'no-store',
      credentials: 'same-origin',
      ...(order === undefined
        ? {}
        : {
            method: order.method,
            // Only scripts of this page can send it: that is how an order is told from another site's form.
            headers: { 'x-requested-with': 'dns-failover', ...(order.body === undefined ? {} : { 'content-type': 'application/json' }) },
            body: order.body === undefined ? null : JSON.stringify(order.body),
          }),
    })
    const body = jsonIn(await response.text())
    if (!response.ok) return { kind: 'problem', problem: problemFrom(response.status, body) }
    // The page is served by the service it asks: what fits together is shipped together.
    return body === undefined ? { kind: 'problem', problem: problemFrom(response.status, undefined) } : { kind: 'ok', value: body as T }
  } catch {
    const detail = bound.aborted ? `the service did not answer within ${longestMs / 1000} s` : 'the service cannot be reached'
    return { kind: 'unreachable', detail }
  }
}
