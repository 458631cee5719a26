import type { PageFile } from './page-files.ts'
import type { Answer } from './route.ts'

type Encoding = 'br' | 'gzip' | 'identity'

/** Nothing from elsewhere, nothing inline, in nobody's frame. */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** How much a client wants an encoding (RFC 9110 section 12.5.3), in [0, 1]; one that it does not name it need not understand. */
const weightOf = (header: string, encoding: Encoding): number => {
  const parts = header.split(',').map((part) => /^\s*(?<name>[\w*-]+)\s*(?:;\s*q=(?<weight>[\d.]+))?/i.exec(part)?.groups)
  const found = parts.find((each) => each?.['name']?.toLowerCase() === encoding) ?? parts.find((each) => each?.['name'] === '*')
  return found === undefined ? 0 : Number(found['weight'] ?? 1)
}

const choose = ({ plain, br, gzip }: PageFile, header: string): readonly [Encoding, Buffer] => {
  if (br !== undefined && weightOf(header, 'br') > 0) return ['br', br]
  return gzip !== undefined && weightOf(header, 'gzip') > 0 ? ['gzip', gzip] : ['identity', plain]
}

const isKnown = (header: string | undefined, tag: string): boolean =>
  (header ?? '').split(',').some((each) => [tag, `W/${tag}`, '*'].includes(each.trim()))

/** A file of a page. `isForever`: its name changes with its content. */
export const pageAnswer = (file: PageFile, headers: Readonly<Record<string, string>>, isForever: boolean): Answer => {
  const [encoding, body] = choose(file, headers['accept-encoding'] ?? '')
  const tag = `"${file.tag}${encoding === 'identity' ? '' : `-${encoding}`}"`
  const about = {
    'cache-control': isForever ? 'public, max-age=31536000, immutable' : 'no-cache',
    'content-security-policy': pagePolicy,
    etag: tag,
    vary: 'Accept-Encoding',
  }
  if (isKnown(headers['if-none-match'], tag)) return { kind: 'file', status: 304, headers: about, body: Buffer.alloc(0) }
  return { kind: 'file', status: 200, headers: { ...about, 'content-type': file.contentType, ...(encoding === 'identity' ? {} : { 'content-encoding': encoding }) }, body }
}

/** A page in a few words. */
export const wordsAnswer = (status: 200 | 404, text: string): Answer => ({
  kind: 'file',
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: Buffer.from(`${text}\n`),
})
