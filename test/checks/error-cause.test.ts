import { describe, expect, it } from 'vitest'
import { type ErrorContext, isAmbiguous, troubleOf } from '../../src/checks/error-cause.ts'
import type { Address } from '../../src/core/address.ts'

const v4 = '192.0.2.1' as Address
const v6 = '2001:db8::1' as Address
const failure = (code: string): Error => Object.assign(new Error('what it says'), { code })
const at = (changes: Partial<ErrorContext> = {}): ErrorContext => ({ phase: 'connect', address: v4, ...changes })

describe('an error', () => {
  it.each<readonly [string, string, string, Partial<ErrorContext>]>([
    ['ECONNREFUSED', 'failed', 'refused', {}],
    ['ECONNRESET', 'failed', 'reset', {}],
    ['EPIPE', 'failed', 'reset', { phase: 'headers' }],
    ['ETIMEDOUT', 'failed', 'connect-timeout', {}],
    ['ETIMEDOUT', 'failed', 'reset', { phase: 'body' }],
    ['EHOSTUNREACH', 'failed', 'unreachable', {}],
    ['ENETUNREACH', 'failed', 'unreachable', {}],
    ['EACCES', 'failed', 'unreachable', { address: v6 }],
    ['EACCES', 'cannot-tell', 'local-error', {}],
    ['EPERM', 'cannot-tell', 'local-error', {}],
    ['EINVAL', 'cannot-tell', 'local-error', {}],
    ['ENOBUFS', 'cannot-tell', 'local-error', {}],
    ['ENOMEM', 'cannot-tell', 'local-error', {}],
    ['ENETDOWN', 'cannot-tell', 'no-route', {}],
    ['EAFNOSUPPORT', 'cannot-tell', 'no-route', { address: v6 }],
    ['EADDRNOTAVAIL', 'cannot-tell', 'no-local-port', {}],
    ['EMFILE', 'cannot-tell', 'no-descriptors', {}],
    ['ENFILE', 'cannot-tell', 'no-descriptors', {}],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'failed', 'tls', { phase: 'tls' }],
    ['HPE_HEADER_OVERFLOW', 'failed', 'headers-too-large', { phase: 'headers' }],
    ['HPE_INVALID_CONSTANT', 'failed', 'protocol', { phase: 'headers' }],
    ['HPE_INVALID_CHUNK_SIZE', 'failed', 'protocol', { phase: 'body' }],
    ['ERR_INVALID_CHAR', 'cannot-tell', 'local-error', { phase: 'headers' }],
    ['toString', 'cannot-tell', 'local-error', {}],
  ])('%s is %s: %s (%j)', (code, kind, cause, changes) => {
    const context = at(changes)
    expect(troubleOf(failure(code), context)).toEqual({ kind, cause, detail: `${context.phase}: what it says (${code})` })
  })

  it('that is no error says nothing of the target', () => {
    expect(troubleOf('a string', at())).toEqual({ kind: 'cannot-tell', cause: 'local-error', detail: 'connect: a string' })
  })

  it('quotes a foreign server in one short line', () => {
    const error = Object.assign(new Error(`a\r\nb\u001b[31m${'c'.repeat(300)}`), { code: 'ECONNRESET' })
    expect(troubleOf(error, at())).toMatchObject({ detail: expect.stringMatching(/^connect: a b \[31mc+…$/) })
  })
})

it.each([
  ['EHOSTUNREACH', v4, true],
  ['ENETUNREACH', v6, true],
  ['EACCES', v6, true],
  ['EACCES', v4, false],
  ['ECONNREFUSED', v4, false],
])('whether %s for %s needs the routing table', (code, address, expected) => {
  expect(isAmbiguous(code, address)).toBe(expected)
})
