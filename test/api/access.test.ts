import { describe, expect, it } from 'vitest'
import { decideAccess, type Identity, isLocalHost, type Need, type Reading } from '../../src/api/access.ts'
import { rulesInForce } from '../../src/api/rules-in-force.ts'

const nobody: Identity = { kind: 'nobody' }
const stranger: Identity = { kind: 'stranger' }
const socket: Identity = { kind: 'socket', name: 'anna' }
const token = (...scopes: Extract<Identity, { kind: 'token' }>['scopes']): Identity => ({ kind: 'token', name: 't', scopes })

describe('access', () => {
  it.each<[Need, Identity, Reading, string | undefined, string]>([
    ['nothing', nobody, 'none', 'evil.example', 'granted'],
    ['own', nobody, 'none', 'evil.example', 'granted'],
    ['own', stranger, 'none', 'evil.example', 'granted'],
    ['read', nobody, 'none', '127.0.0.1', 'token-needed'],
    ['read', nobody, 'here', '127.0.0.1:8453', 'granted'],
    ['read', nobody, 'here', 'evil.example', 'host-not-allowed'],
    ['read', nobody, 'here', undefined, 'host-not-allowed'],
    ['read', nobody, 'all', 'failover.example', 'granted'],
    ['read', stranger, 'none', '127.0.0.1', 'token-unknown'],
    ['read', stranger, 'here', '127.0.0.1', 'token-unknown'],
    ['read', stranger, 'all', '127.0.0.1', 'token-unknown'],
    ['read', token('read'), 'none', 'failover.example', 'granted'],
    ['read', token('operate'), 'none', 'failover.example', 'granted'],
    ['read', token('webhook:kuma'), 'none', 'failover.example', 'scope-missing'],
    ['read', token(), 'here', '127.0.0.1', 'scope-missing'],
    ['read', socket, 'none', undefined, 'granted'],
    ['operate', nobody, 'none', '127.0.0.1', 'token-needed'],
    ['operate', nobody, 'here', '127.0.0.1', 'token-needed'],
    ['operate', nobody, 'all', '127.0.0.1', 'token-needed'],
    ['operate', stranger, 'all', '127.0.0.1', 'token-unknown'],
    ['operate', token('read'), 'all', '127.0.0.1', 'scope-missing'],
    ['operate', token('webhook:kuma'), 'all', '127.0.0.1', 'scope-missing'],
    ['operate', token('operate'), 'none', 'failover.example', 'granted'],
    ['operate', socket, 'none', 'localhost', 'granted'],
  ])('to %s by %j, open to %s, under %s: %s', (need, identity, reading, host, expected) => {
    const verdict = decideAccess(need, identity, reading, host)
    expect(verdict.kind === 'granted' ? 'granted' : verdict.problem.code).toBe(expected)
    expect(verdict.kind === 'refused' && verdict.isFailure).toBe(expected === 'token-unknown')
  })

  it.each([
    ['localhost', true],
    ['LOCALHOST:8453', true],
    ['127.0.0.1', true],
    ['192.0.2.1:80', true],
    ['[::1]:8453', true],
    ['[2001:db8::1]', true],
    [undefined, false],
    ['', false],
    ['evil.example', false],
    ['127.0.0.1.evil.example:8453', false],
    ['localhost.evil.example', false],
    ['1.2.3', false],
    ['[::1', false],
    ['[127.0.0.1]', false],
    ['127.0.0.1:80:80', false],
  ])('the host %j is local: %j', (host, is) => expect(isLocalHost(host)).toBe(is))
})

describe('who may read', () => {
  const rules = { isOpen: false, requestsPerSecond: 50, trustedProxies: [], tokens: [] }
  const tokens = [{ name: 't', token: '0123456789abcdef', scopes: ['webhook:kuma' as const] }]

  it.each([
    ['127.0.0.1', [], false, 'here'],
    ['127.9.9.9', [], false, 'here'],
    ['::1', [], false, 'here'],
    ['::ffff:127.0.0.1', [], false, 'here'],
    ['localhost', [], false, 'here'],
    [undefined, [], false, 'here'],
    ['127.0.0.1', tokens, false, 'none'],
    ['127.0.0.1', tokens, true, 'all'],
    ['192.0.2.1', tokens, false, 'none'],
    ['192.0.2.1', [], true, 'all'],
  ] as const)('at %s with tokens %j, open %j: %s', (listen, own, isOpen, reading) => {
    expect(rulesInForce({ ...rules, tokens: own, isOpen }, listen).reading).toBe(reading)
  })

  it.each(['0.0.0.0', '::', '192.0.2.1', '2001:db8::1', '::ffff:192.0.2.1', 'failover.example'])('refuses to listen on %s without tokens', (listen) => {
    expect(() => rulesInForce(rules, listen)).toThrowError(expect.objectContaining({ name: 'ApiError', code: 'no-tokens', where: listen }))
  })
})
