import { validateHeaderName, validateHeaderValue } from 'node:http'

/** What is asked over a connection. */
export interface HttpRequest {
  readonly url: URL
  readonly method: string
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
}

/** RFC 9110 section 8.6: a method that is meant to bring content says that there is none. */
const bringsContent = (method: string): boolean => method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS'

const write = ({ url, method, headers }: HttpRequest, keepsOpen: boolean): string => {
  const own = Object.entries(headers)
  for (const [name, value] of own) {
    validateHeaderName(name)
    validateHeaderValue(name, value)
  }
  const lines = own.map(([name, value]) => `${name}: ${value}\r\n`)
  const host = 'host' in headers ? '' : `host: ${url.host}\r\n`
  const length = bringsContent(method) ? 'content-length: 0\r\n' : ''
  return `${method} ${url.pathname}${url.search} HTTP/1.1\r\n${host}connection: ${keepsOpen ? 'keep-alive' : 'close'}\r\n${lines.join('')}${length}\r\n`
}

/** Requests as they go over the wire, and their URLs, worked out once: most checks ask what was asked before. */
export interface RequestTexts {
  /** @throws TypeError if it is no URL */
  urlOf(text: string): URL
  /** In Latin-1. `keepsOpen`: the connection may serve further requests. @throws TypeError if a header cannot be sent */
  of(request: HttpRequest, keepsOpen: boolean): string
}

/** More than a process has checks; past it what is known is forgotten and worked out again. */
const kept = 10_000

export const createRequestTexts = (): RequestTexts => {
  const urls = new Map<string, URL>()
  const texts = new WeakMap<Readonly<Record<string, string>>, Map<string, string>>()
  const textsOf = (headers: Readonly<Record<string, string>>): Map<string, string> => {
    const known = texts.get(headers) ?? new Map<string, string>()
    texts.set(headers, known)
    if (known.size >= kept) known.clear()
    return known
  }
  return {
    urlOf: (text) => {
      const known = urls.get(text)
      if (known !== undefined) return known
      const url = new URL(text)
      if (urls.size >= kept) urls.clear()
      urls.set(text, url)
      return url
    },
    of: (request, keepsOpen) => {
      const known = textsOf(request.headers)
      const key = `${request.method} ${keepsOpen} ${request.url.href}`
      const text = known.get(key) ?? write(request, keepsOpen)
      known.set(key, text)
      return text
    },
  }
}
