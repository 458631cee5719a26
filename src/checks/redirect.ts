import type { ResponseHead } from './response-head.ts'
import { failed, type Trouble } from './trouble.ts'

/** Where an answer sends us, if that is followed. */
export type Step = { readonly kind: 'answer' } | { readonly kind: 'follow'; readonly url: URL; readonly method: string } | Trouble

/** RFC 9110 section 15.4: the ones that send the same question, or a GET, to another place. */
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/** Whether this head only points elsewhere, and its body does not matter. */
export const isRedirect = (head: ResponseHead, maxRedirects: number): boolean =>
  maxRedirects > 0 && redirects.has(head.status) && head.location !== undefined

const nextMethod = (status: number, method: string): string => {
  if (status === 303) return method === 'HEAD' ? 'HEAD' : 'GET'
  return status <= 302 && method === 'POST' ? 'GET' : method
}

/** The step after an answer, when `followed` redirects lie behind. Only to the same host name, over http or https. */
export const nextStep = (
  asked: { readonly url: URL; readonly method: string },
  head: ResponseHead,
  followed: number,
  maxRedirects: number,
): Step => {
  if (!isRedirect(head, maxRedirects)) return { kind: 'answer' }
  if (followed >= maxRedirects) return failed('redirect', `more than ${maxRedirects} redirects, the last to ${head.location}`)
  if (!URL.canParse(head.location ?? '', asked.url.href)) return failed('redirect', `${head.status} to what is no URL: ${head.location}`)
  const url = new URL(head.location ?? '', asked.url)
  const followable = (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname === asked.url.hostname
  if (!followable) return failed('redirect', `${head.status} to another host: ${url.href}`)
  return { kind: 'follow', url, method: nextMethod(head.status, asked.method) }
}

const credentials: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization'])

/** Credentials stay with the scheme and port that they were meant for. */
export const headersFor = (headers: Readonly<Record<string, string>>, first: URL, url: URL): Readonly<Record<string, string>> =>
  url === first || url.origin === first.origin ? headers : Object.fromEntries(Object.entries(headers).filter(([name]) => !credentials.has(name)))
