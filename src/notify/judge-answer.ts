/** What came of one request. */
export type Delivery =
  | { readonly kind: 'delivered'; readonly detail: string }
  /** The same request would be answered the same. */
  | { readonly kind: 'rejected'; readonly detail: string }
  | { readonly kind: 'failed'; readonly detail: string; readonly retryAfterMs: number | undefined }

export interface Answer {
  readonly status: number
  readonly retryAfter: string | undefined
  readonly location: string | undefined
  /** What its body says, as far as it is worth telling. */
  readonly saying: string
}

/** RFC 9110 section 10.2.3: seconds, or a date. */
export const retryAfterMs = (value: string | undefined, wallNow: number): number | undefined => {
  if (value === undefined) return undefined
  if (/^\d{1,9}(?:\.\d+)?$/.test(value.trim())) return Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? undefined : Math.max(0, date - wallNow)
}

/** Too early, too much or too slow may be better later (408, 425, 429), as may any fault of the server's. */
const isPassing = (status: number): boolean => status >= 500 || [408, 425, 429].includes(status)

export const judgeAnswer = ({ status, retryAfter, location, saying }: Answer, wallNow: number): Delivery => {
  const detail = `HTTP ${status}${saying === '' ? '' : ` (${saying})`}`
  if (status >= 200 && status < 300) return { kind: 'delivered', detail: `HTTP ${status}` }
  if (isPassing(status)) return { kind: 'failed', detail, retryAfterMs: retryAfterMs(retryAfter, wallNow) }
  if (status >= 300 && status < 400 && location !== undefined) return { kind: 'rejected', detail: `HTTP ${status}, a redirect, which is not followed; configure the address that it leads to` }
  return { kind: 'rejected', detail }
}
