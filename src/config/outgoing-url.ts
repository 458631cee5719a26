import { parseAddress, scopeOf } from '../core/address.ts'
import { errorAt, type Path, type Report, warningAt } from './problem.ts'
import type { Secret } from './secret.ts'

/** A name of one label is of a network of one's own, a container's say. */
const isNear = (hostname: string): boolean => {
  const address = parseAddress(hostname.replace(/^\[(.*)\]$/, '$1'))
  if (address === undefined) return !hostname.includes('.')
  return ['loopback', 'private'].includes(scopeOf(address))
}

/** A URL that we send to and that is a secret itself: nothing of it is quoted. */
export const checkOutgoingUrl = (secret: Secret, path: Path, report: Report): void => {
  const text = secret.reveal()
  if (!/^https?:\/\/[^/?#\s]/i.test(text)) return report(errorAt(path, 'must be a URL that begins with https:// or http:// and a host'))
  if (/\s/.test(text) || !URL.canParse(text)) return report(errorAt(path, 'the URL cannot be read; check its host and port, and that it is one line'))
  const url = new URL(text)
  if (url.username !== '' || url.password !== '') report(errorAt(path, 'the URL must not hold a user name or password; nothing would send them'))
  if (url.port === '0') report(errorAt(path, 'port 0 cannot be asked; a port is 1 to 65535'))
  if (url.hash !== '') report(errorAt(path, 'the part after # is never sent; leave it out'))
  if (url.protocol === 'http:' && !isNear(url.hostname)) report(warningAt(path, 'http:// lets everybody on the way read it; use https://'))
}
