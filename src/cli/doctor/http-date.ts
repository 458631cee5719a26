import { request as plain } from 'node:http'
import { request as secure } from 'node:https'
import type { Address } from '../../core/address.ts'

/**
 * By how many milliseconds the `Date` of a web server (RFC 9110 section 6.6.1) is ahead of our clock, to about a second;
 * undefined if it says none. Asks that address, whatever its certificate: only the head of the answer is read.
 */
export const readDateLead = (url: string, address: Address, timeoutMs: number, wallNow: () => number, signal: AbortSignal): Promise<number | undefined> =>
  new Promise((resolve) => {
    const { protocol, hostname, port, host, pathname, search } = new URL(url)
    const isSecure = protocol === 'https:'
    const sentAt = wallNow()
    const common = { host: address, port: port === '' ? (isSecure ? 443 : 80) : Number(port), path: `${pathname}${search}`, headers: { host, 'user-agent': 'dns-failover' }, agent: false as const, timeout: timeoutMs, signal }
    const isName = /[a-z]/i.test(hostname) && !hostname.startsWith('[')
    const request = isSecure ? secure({ ...common, rejectUnauthorized: false, ...(isName ? { servername: hostname } : {}) }) : plain(common)
    const end = (lead: number | undefined): void => {
      request.destroy()
      resolve(lead)
    }
    const bound = setTimeout(() => end(undefined), timeoutMs)
    request.once('close', () => {
      clearTimeout(bound)
      resolve(undefined)
    })
    request.on('error', () => end(undefined))
    request.once('timeout', () => end(undefined))
    request.once('response', (response) => {
      const date = Date.parse(response.headers.date ?? '')
      // Whole seconds, cut off: half of one is the best guess.
      end(Number.isNaN(date) ? undefined : date + 500 - (sentAt + wallNow()) / 2)
    })
    request.end()
  })
