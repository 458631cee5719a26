import { domainToASCII } from 'node:url'
import { type Address, familyOf, parseAddress } from '../core/address.ts'
import { type Endpoint, parseEndpoint } from '../core/endpoint.ts'
import { type Fqdn, parseFqdn } from '../core/fqdn.ts'
import type { Parsed } from './duration.ts'
import { leaf, shown } from './leaf.ts'

const fail = (message: string): { readonly ok: false; readonly message: string } => ({ ok: false, message })

/** A host or service name; what people write instead gets its own advice. */
export const parseName = (raw: unknown): Parsed<Fqdn> => {
  if (typeof raw !== 'string' || raw === '') return fail(`must be a domain name, not ${shown(raw)}`)
  const name = parseFqdn(raw)
  if (name !== undefined && parseAddress(raw) === undefined) return { ok: true, value: name }
  return fail(`${shown(raw)} is not a domain name${nameAdvice(raw)}`)
}

const nameAdvice = (raw: string): string => {
  if (parseAddress(raw) !== undefined) return ' but an address; a region takes addresses under "addresses"'
  if (/^[a-z]+:\/\//i.test(raw) && URL.canParse(raw)) return `; write only the name: ${new URL(raw).hostname}`
  if (raw.includes('*')) return '; a wildcard cannot be switched, list the names one by one'
  if (/[\u0080-\uffff]/.test(raw)) {
    const ascii = domainToASCII(raw)
    return ascii === '' ? '' : `; write its ASCII form: ${ascii}`
  }
  if (/[:/]/.test(raw)) return '; without port or path'
  if (!raw.replace(/\.$/, '').includes('.')) return '; write it in full, such as www.example.com'
  if (raw.length > 254) return '; it is longer than 253 characters'
  if (raw.split('.').some((label) => label.length > 63)) return '; a label is longer than 63 characters'
  if (raw.replace(/\.$/, '').split('.').includes('')) return '; a label is empty'
  return '; labels are made of letters, digits and inner hyphens'
}

const namePattern = String.raw`^([A-Za-z0-9_-]{1,63}\.)+[A-Za-z0-9_-]{1,63}\.?$|\$\{`

export const domainName = () => leaf({ type: 'string', pattern: namePattern }, parseName)

const addressAdvice = (raw: string): string => {
  const [bare = '', prefix] = raw.split('/')
  if (prefix !== undefined && parseAddress(bare) !== undefined) return `; write the address without a prefix length: ${bare}`
  if (raw.includes('%')) return '; an address with a zone id is local to one machine and cannot be published'
  if (/^\d+(?:\.\d+){3}$/.test(raw)) {
    const stripped = raw.split('.').map((part) => part.replace(/^0+(?=\d)/, '')).join('.')
    return stripped !== raw && parseAddress(stripped) !== undefined ? `; leading zeros may mean octal, write ${stripped}` : '; each part is 0 to 255'
  }
  const endpoint = parseEndpoint(raw, 1)
  if (endpoint !== undefined) return `; write it without port and brackets: ${endpoint.address}`
  return /^[\w.-]+\.[a-z]+\.?$/i.test(raw) ? '; a name goes under "service"' : ''
}

export const ipAddress = () =>
  leaf({ type: 'string', examples: ['203.0.113.10', '2001:db8::10'] }, (raw): Parsed<Address> => {
    if (typeof raw !== 'string') return fail(`must be an IPv4 or IPv6 address, not ${shown(raw)}`)
    const address = parseAddress(raw)
    return address === undefined ? fail(`${shown(raw)} is not an IPv4 or IPv6 address${addressAdvice(raw)}`) : { ok: true, value: address }
  })

const endpointAdvice = (raw: string): string => {
  const port = /:(\d+)$/.exec(raw)?.[1]
  const rest = port === undefined ? raw : raw.slice(0, -port.length - 1)
  if (port !== undefined && parseEndpoint(rest, 1) !== undefined) return `; a port is 1 to 65535, not ${port}`
  return /^[\w.-]*[a-z][\w.-]*$/i.test(rest) ? '; a name would need the DNS that this is about: write its address' : ''
}

/** From an address with its port, or without if there is a usual one; `example` is told where it is neither. */
export const readEndpoint = (raw: unknown, defaultPort: number | undefined, example: string): Parsed<Endpoint> => {
  if (typeof raw !== 'string') return fail(`must be an address and port such as ${example}, not ${shown(raw)}`)
  if (defaultPort === undefined && parseAddress(raw) !== undefined) {
    return fail(`${shown(raw)} has no port; write ${raw.includes(':') ? `[${raw}]` : raw}:53, or another one`)
  }
  const parsed = parseEndpoint(raw, defaultPort ?? 53)
  return parsed === undefined ? fail(`${shown(raw)} is not an address and port${endpointAdvice(raw)}`) : { ok: true, value: parsed }
}

/** A server's address, with a port unless it is the default one; never a name. */
export const endpoint = (defaultPort: number | undefined) => {
  const examples = defaultPort === undefined ? ['127.0.0.1:5300', '[::1]:5300'] : ['192.0.2.53', '127.0.0.1:5300', '[::1]:5300']
  return leaf({ type: 'string', examples }, (raw) => readEndpoint(raw, defaultPort, '127.0.0.1:5300'))
}

/** One address or, with a prefix length, a network of them. */
export const network = () =>
  leaf({ type: 'string', examples: ['10.0.0.0/8', '2001:db8::/32', '192.0.2.1'] }, (raw): Parsed<string> => {
    const [text = '', prefix, ...rest] = typeof raw === 'string' ? raw.split('/') : []
    const address = parseAddress(text)
    if (address === undefined || rest.length > 0) return fail(`${shown(raw)} is not an address or network such as 10.0.0.0/8`)
    if (prefix === undefined) return { ok: true, value: address }
    const max = familyOf(address) === 'v6' ? 128 : 32
    const length = /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1
    if (length === 0) return fail(`${shown(raw)} is everybody; write the networks that are meant`)
    return length >= 1 && length <= max ? { ok: true, value: `${address}/${length}` } : fail(`${shown(raw)} is not a network; its prefix length is 1 to ${max}`)
  })
