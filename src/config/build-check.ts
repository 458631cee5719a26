import { createHash, X509Certificate } from 'node:crypto'
import { createRequire } from 'node:module'
import type * as NodeCron from 'node-cron'
import type { Bounds, Expectation, HealthCheck } from '../core/site.ts'
import type { CheckInput } from './check-schema.ts'
import { checkUrlTemplate } from './check-url-rules.ts'
import { durationText } from './duration.ts'
import type { NamedFiles } from './named-files.ts'
import { errorAt, errorAtKey, type Path, type Report, warningAt } from './problem.ts'

const require = createRequire(import.meta.url)

const defaultEveryMs = 5000

const buildBounds = (input: CheckInput['timeout'], path: Path, report: Report): Bounds => {
  if (typeof input === 'number') return { connectMs: input, tlsMs: input, headersMs: input, bodyMs: input, totalMs: input }
  const { total } = input
  for (const part of ['connect', 'tls', 'headers', 'body'] as const) {
    const ms = input[part]
    if (ms === undefined || ms <= total) continue
    report(errorAt([...path, 'timeout', part], `${durationText(ms)} is longer than the total of ${durationText(total)}; raise "total" or lower this`))
  }
  return {
    connectMs: input.connect ?? total,
    tlsMs: input.tls ?? total,
    headersMs: input.headers ?? total,
    bodyMs: input.body ?? total,
    totalMs: total,
  }
}

const buildExpectation = (input: CheckInput['expect'], path: Path, report: Report): Expectation => {
  const status = Array.isArray(input.status) ? input.status : [input.status]
  return { status, body: buildBody(input.body, [...path, 'expect', 'body'], report), bodyBytes: input.bodyLimit }
}

const buildBody = (body: CheckInput['expect']['body'], path: Path, report: Report): Expectation['body'] => {
  if (body === undefined) return undefined
  if (typeof body === 'string') return { kind: 'contains', text: body }
  if (body.contains !== undefined && body.matches !== undefined) {
    report(errorAtKey([...path, 'matches'], '"contains" and "matches" exclude each other; a regular expression can do both'))
  }
  if (body.matches !== undefined) return { kind: 'matches', text: body.matches }
  if (body.contains !== undefined) return { kind: 'contains', text: body.contains }
  report({ ...errorAtKey(path, '"body" needs "contains" or "matches"'), restsOn: path })
  return undefined
}

const buildCa = (file: string | undefined, path: Path, files: NamedFiles, report: Report): string | undefined => {
  if (file === undefined) return undefined
  const at = [...path, 'tls', 'caFile']
  const read = files.get(file)
  if (read?.kind !== 'read') {
    report(errorAt(at, `cannot read ${file}: ${read?.reason ?? 'it was not read'}`))
    return undefined
  }
  // Only the certificates: a key that somebody left in the file goes no further.
  const blocks = read.text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  if (blocks.length === 0) report(errorAt(at, `${file} holds no PEM certificate ("-----BEGIN CERTIFICATE-----")`))
  for (const [index, block] of blocks.entries()) checkCertificate(block, `certificate ${index + 1} of ${file}`, at, report)
  return blocks.join('\n')
}

const checkCertificate = (pem: string, label: string, path: Path, report: Report): void => {
  try {
    const certificate = new X509Certificate(pem)
    if (!certificate.ca) report(warningAt(path, `${label} is not one of a certificate authority`))
  } catch {
    report(errorAt(path, `${label} cannot be read; is it damaged?`))
  }
}

const checkHeaders = (headers: CheckInput['headers'], path: Path, report: Report): void => {
  for (const [name, value] of Object.entries(headers)) {
    const at = [...path, 'headers', name]
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) report(errorAtKey(at, `${JSON.stringify(name)} is not the name of a header`))
    else if (/^host$/i.test(name)) report(errorAtKey(at, 'Host follows from "url"; write the wanted name there'))
    else if (/^(?:connection|content-length|transfer-encoding|upgrade|expect|te|keep-alive)$/i.test(name)) {
      report(errorAtKey(at, `${name} belongs to the connection and cannot be set`))
    }
    if (/[^\t\u0020-\u007e]/.test(value)) report(errorAt(at, 'a header is one line of ASCII'))
  }
}

const checkTimes = (input: CheckInput, path: Path, report: Report): void => {
  const { schedule } = input
  if (schedule === undefined) return
  if (input.every !== undefined) report(errorAtKey([...path, 'schedule'], '"schedule" and "every" exclude each other; keep one'))
  // Few checks have a schedule; the others start sooner without.
  const { validateDetailed } = require('node-cron') as typeof NodeCron
  const { valid, errors } = validateDetailed(schedule)
  const detail = errors.map((each) => each.message.replace(/\bis a invalid expression\b/, 'is not valid')).join('; ')
  if (!valid) report(errorAt([...path, 'schedule'], `not a cron expression: ${detail}; with seconds it is such as "*/5 * * * * *"`))
}

/** What is asked and expected, not how often or how strictly: changing it makes past health void. */
const identityOf = (check: Omit<HealthCheck, 'identity'>): string => {
  const headers = Object.entries(check.headers)
    .map(([name, value]): readonly [string, string] => [name.toLowerCase(), value])
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
  const { status, body, bodyBytes } = check.expect
  const ranges = status.map(({ from, to }) => [from, to])
  const asked = [check.url, check.method, headers, ranges, body?.kind ?? null, body?.text ?? null, bodyBytes, check.maxRedirects, check.ca ?? null, check.minCertDays ?? null]
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex').slice(0, 16)
}

/** One site's health check. What is wrong is reported and the check built all the same, for the rules after it. */
export const buildCheck = (input: CheckInput, path: Path, files: NamedFiles, confirmSpanMs: number, report: Report): HealthCheck => {
  checkUrlTemplate(input.url, [...path, 'url'], report)
  checkHeaders(input.headers, path, report)
  checkTimes(input, path, report)
  const check = {
    url: input.url,
    method: input.method,
    headers: input.headers,
    expect: buildExpectation(input.expect, path, report),
    bounds: buildBounds(input.timeout, path, report),
    ca: buildCa(input.tls.caFile, path, files, report),
    minCertDays: input.tls.minCertDays,
    maxRedirects: input.redirects,
    everyMs: input.every ?? defaultEveryMs,
    schedule: input.schedule,
    fall: input.fall,
    rise: input.rise,
    confirmSpanMs: input.confirmSpan ?? confirmSpanMs,
    tripwire: input.tripwire,
    connection: input.connection,
  }
  if (check.method === 'HEAD' && check.expect.body !== undefined) {
    report(errorAt([...path, 'method'], 'the answer to HEAD has no body, but "expect" wants one; use GET'))
  }
  return { identity: identityOf(check), ...check }
}
