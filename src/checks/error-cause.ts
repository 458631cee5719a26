import { type Address, familyOf } from '../core/address.ts'
import type { FailureCause, LocalCause } from '../core/result.ts'
import { cannotTell, failed, type Trouble } from './trouble.ts'

/** Where a check stood when an error came. */
export interface ErrorContext {
  readonly phase: 'connect' | 'tls' | 'headers' | 'body'
  readonly address: Address
}

/** Every other code that is not the other side's doing is `local-error`: EPERM, ENOBUFS, EINVAL and the like. */
const local: ReadonlyMap<string, LocalCause> = new Map<string, LocalCause>(Object.entries({
  ENETDOWN: 'no-route',
  EAFNOSUPPORT: 'no-route',
  EADDRNOTAVAIL: 'no-local-port',
  EADDRINUSE: 'no-local-port',
  EMFILE: 'no-descriptors',
  ENFILE: 'no-descriptors',
} as const))

const remote: ReadonlyMap<string, FailureCause> = new Map<string, FailureCause>(Object.entries({
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  ECONNABORTED: 'reset',
  EPIPE: 'reset',
  EHOSTDOWN: 'unreachable',
  ENONET: 'unreachable',
  ENOPROTOOPT: 'unreachable',
  EPROTO: 'tls',
  HPE_HEADER_OVERFLOW: 'headers-too-large',
} as const))

/**
 * Codes that the kernel uses both for its own lack of a route and for an ICMP error of a router far away (Linux
 * `icmp_err_convert`, `tab_unreach`): only the routing table can tell. EACCES stands for ICMPv6 "administratively
 * prohibited", what common firewalls answer with; IPv4 has EHOSTUNREACH for that.
 */
export const isAmbiguous = (code: string, address: Address): boolean =>
  code === 'EHOSTUNREACH' || code === 'ENETUNREACH' || (code === 'EACCES' && familyOf(address) === 'v6')

const remoteCause = (code: string, context: ErrorContext): FailureCause | undefined => {
  if (code === 'ETIMEDOUT') return context.phase === 'connect' ? 'connect-timeout' : 'reset'
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_OSSL_')) return 'tls'
  return remote.get(code) ?? (code.startsWith('HPE_') ? 'protocol' : undefined)
}

/** The error's code; its name where it has none. */
export const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return ''
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

/** OpenSSL's messages carry thread ids, source files and line numbers; its `reason` is the part for people. */
const textOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  return 'reason' in error && typeof error.reason === 'string' ? error.reason : error.message
}

/**
 * What an error of the socket, of TLS or of llhttp says of the target; an ambiguous one as if a router far away had
 * sent it. An error that nobody knows says nothing.
 */
export const troubleOf = (error: unknown, context: ErrorContext): Trouble => {
  const code = codeOf(error)
  const text = textOf(error)
  const told = text.includes(code) ? text : `${text} (${code})`
  const detail = told.startsWith(`${context.phase} `) ? told : `${context.phase}: ${told}`
  if (isAmbiguous(code, context.address)) return failed('unreachable', detail)
  const cause = remoteCause(code, context)
  return cause === undefined ? cannotTell(local.get(code) ?? 'local-error', detail) : failed(cause, detail)
}
