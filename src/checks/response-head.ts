import type { IncomingMessage } from 'node:http'

/** What the head of a response says, as far as a check wants to know. */
export interface ResponseHead {
  readonly status: number
  readonly location: string | undefined
  /** `identity` if the response has none. */
  readonly contentEncoding: string
  /** Seconds that the server says it keeps an idle connection for (the hint of `Keep-Alive: timeout=N`). */
  readonly keepAliveSeconds: number | undefined
}

const keepAliveIn = (field: string | undefined): number | undefined => {
  const seconds = field === undefined ? undefined : /\btimeout\s*=\s*"?(?<seconds>\d{1,9})/i.exec(field)?.groups?.['seconds']
  return seconds === undefined ? undefined : Number(seconds)
}

/** `Keep-Alive` is none of the fields that Node joins by name: more than one come joined all the same. */
const text = (field: string | readonly string[] | undefined): string | undefined => (typeof field === 'string' ? field : field?.join(', '))

export const headOf = ({ statusCode, headers }: IncomingMessage): ResponseHead => ({
  status: statusCode ?? 0,
  location: headers.location,
  contentEncoding: headers['content-encoding']?.trim().toLowerCase() || 'identity',
  keepAliveSeconds: keepAliveIn(text(headers['keep-alive'])),
})
