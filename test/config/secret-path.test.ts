import { describe, expect, it } from 'vitest'
import type { Path } from '../../src/config/problem.ts'
import { isSecretAt } from '../../src/config/secret-path.ts'

const at = (text: string): Path => text.split(' ')

describe('what is a secret by its place', () => {
  it.each([
    'alerts ops url',
    'alerts ops ulr',
    'alerts ops webhookUrl',
    'alerts ops whatever',
    'alerts ops secret',
    'alert ops url',
    'notifications ops url',
    'deadMan url',
    'deadman uri',
    'dead-man url',
    'heartbeat url',
    'api tokens ops token',
    'api tokens ops tokn',
    'api token',
    'webhooks kuma token',
    'webhooks kuma hmac',
    'webhook kuma key',
    'providers cf apiToken',
    'providers bind tsig',
  ])('%s', (path) => {
    expect(isSecretAt(at(path), false)).toBe(true)
  })

  it.each(['api', 'api tokens', 'api tokens ops', 'webhooks', 'webhooks kuma', 'alerts', 'alerts ops', 'deadMan', 'providers bind tsig'])('%s, but not the map that belongs there', (path) => {
    expect([isSecretAt(at(path), false), isSecretAt(at(path), true)]).toEqual([true, false])
  })

  it.each([
    'alerts ops type',
    'alerts ops sites',
    'alerts ops on',
    'alerts ops perhour',
    'alerts ops urlFile',
    'alerts ops secretFile',
    'deadMan every',
    'api listen',
    'api listn',
    'api trustedProxies',
    'api tokens ops scopes',
    'api tokens ops tokenFile',
    'webhooks kuma type',
    'webhooks kuma rules',
    'webhooks kuma expires',
    'history events',
    'sites a.example check url',
    'sites token.example',
    'providers token',
  ])('%s is none', (path) => {
    expect(isSecretAt(at(path), false)).toBe(false)
  })

  it.each(['api tokens a-secret-token', 'webhooks token', 'alerts password'])('%s is a name of people’s own choice', (path) => {
    expect(isSecretAt(at(path), true)).toBe(false)
  })
})
