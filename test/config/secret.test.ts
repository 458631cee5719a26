import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { Secret } from '../../src/config/secret.ts'
import { isSecretKey } from '../../src/config/secret-key.ts'

it('a secret shows itself only when asked', () => {
  const secret = new Secret('abc')
  const seen = [`${secret.toString()}`, JSON.stringify({ secret }), inspect({ secret }), inspect(secret), JSON.stringify({ ...secret }), Object.values(secret)]
  expect(seen).toEqual(['[secret]', '{"secret":"[secret]"}', '{ secret: [secret] }', '[secret]', '{}', []])
  expect(secret.reveal()).toBe('abc')
})

it.each([
  ['apiToken', true],
  ['api_token', true],
  ['apiTokn', true],
  ['apitken', true],
  ['secrte', true],
  ['Authorization', true],
  ['x-api-key', true],
  ['key', true],
  ['apiTokenFile', false],
  ['secretFile', false],
  ['server', false],
  ['service', false],
  ['zone', false],
  ['type', false],
  ['name', false],
])('%s: %s', (key, expected) => {
  expect(isSecretKey(key)).toBe(expected)
})
