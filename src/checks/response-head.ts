/** What the head of a response says, as far as a check wants to know. */
export interface ResponseHead {
  readonly status: number
  readonly location: string | undefined
  /** `identity` if the response has none. */
  readonly contentEncoding: string
  /** Seconds that the server says it keeps an idle connection for (the hint of `Keep-Alive: timeout=N`). */
  readonly keepAliveSeconds: number | undefined
}

/** How the body is marked off (RFC 9112 section 6.3). */
export type Framing = { readonly kind: 'none' } | { readonly kind: 'length'; readonly bytes: number } | { readonly kind: 'chunked' } | { readonly kind: 'until-close' }

export interface ParsedHead {
  readonly head: ResponseHead
  readonly framing: Framing
  /** Whether the connection may serve another request once the body is complete. */
  readonly isPersistent: boolean
}

/** RFC 9112 section 4; the versions that llhttp takes, which some servers make up. */
const statusLine = /^HTTP\/(?<version>0\.9|1\.0|1\.1|2\.0) (?<status>[1-9]\d\d)(?: [^\r\n]*)?$/
const token = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/
/** RFC 9110 section 5.5: a field is one line of visible characters, blanks and tabs; bytes beyond ASCII are let pass. */
const forbidden = /[^\t\u0020-\u007e\u0080-\u00ff]/

const list = (values: readonly string[] | undefined): readonly string[] =>
  values === undefined ? [] : values.flatMap((value) => value.toLowerCase().split(',')).map((each) => each.trim())

/** The values of each field, by its name in lower case; else what is wrong with them. */
const fieldsOf = (lines: readonly string[]): Map<string, readonly string[]> | string => {
  const fields = new Map<string, readonly string[]>()
  for (let index = 1; index < lines.length; index += 1) {
    const line = lines[index] ?? ''
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(0, colon))
    if (forbidden.test(line)) return `control characters in a header field: ${line}`
    if (!token.test(name)) return `a line that is no header field: ${line}`
    const key = name.toLowerCase()
    const value = line.slice(colon + 1).trim()
    const known = fields.get(key)
    fields.set(key, known === undefined ? [value] : [...known.slice(-63), value])
  }
  return fields
}

const framingOf = (fields: ReadonlyMap<string, readonly string[]>, isHead: boolean, status: number): Framing | string => {
  const lengths = fields.get('content-length')
  const codings = list(fields.get('transfer-encoding'))
  // RFC 9112 section 6.3: both is an error or an attack, and so are two lengths.
  if (lengths !== undefined && codings.length > 0) return 'content-length and transfer-encoding both'
  if (lengths !== undefined && (lengths.length > 1 || !/^\d{1,15}$/.test(lengths[0] ?? ''))) return `content-length ${lengths.join(', ')}`
  if (isHead || status < 200 || status === 204 || status === 304) return { kind: 'none' }
  if (codings.length > 0) return codings.at(-1) === 'chunked' ? { kind: 'chunked' } : { kind: 'until-close' }
  if (lengths === undefined) return { kind: 'until-close' }
  const bytes = Number(lengths[0])
  return bytes === 0 ? { kind: 'none' } : { kind: 'length', bytes }
}

const keepAliveOf = (values: readonly string[] | undefined): number | undefined => {
  const seconds = values === undefined ? undefined : /\btimeout\s*=\s*"?(?<seconds>\d{1,9})/i.exec(values.join(','))?.groups?.['seconds']
  return seconds === undefined ? undefined : Number(seconds)
}

/** Reads a head, without the empty line at its end and in Latin-1; a text says why it is none. */
export const parseHead = (text: string, isHead: boolean): ParsedHead | string => {
  const lines = text.split('\r\n')
  const match = statusLine.exec(lines[0] ?? '')?.groups
  if (match === undefined) return `no status line of HTTP/1: ${lines[0]}`
  const fields = fieldsOf(lines)
  if (typeof fields === 'string') return fields
  const status = Number(match['status'])
  const framing = framingOf(fields, isHead, status)
  if (typeof framing === 'string') return framing
  return {
    head: {
      status,
      location: fields.get('location')?.join(', '),
      contentEncoding: fields.get('content-encoding')?.join(', ').toLowerCase() || 'identity',
      keepAliveSeconds: keepAliveOf(fields.get('keep-alive')),
    },
    framing,
    isPersistent: match['version'] === '1.1' && framing.kind !== 'until-close' && !list(fields.get('connection')).includes('close'),
  }
}
