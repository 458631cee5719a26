import { expect, it } from 'vitest'
import { chooseTarget } from '../../../src/cli/link/choose-target.ts'

const env = { DNS_FAILOVER_URL: 'https://there.example/' }

it.each([
  [{ config: 'c.yaml' }, {}, { kind: 'config', file: 'c.yaml' }],
  [{ config: 'c.yaml' }, env, { kind: 'config', file: 'c.yaml' }],
  [{}, env, { kind: 'url', url: 'https://there.example' }],
  [{ url: 'http://127.0.0.1:8453/' }, env, { kind: 'url', url: 'http://127.0.0.1:8453' }],
  [{ url: 'https://there.example/dns/' }, {}, { kind: 'url', url: 'https://there.example/dns' }],
] as const)('%j with %j', (options, environment, expected) => expect(chooseTarget(options, environment)).toEqual(expected))

it.each([
  [{}, {}, 'say whom to ask'],
  [{}, { DNS_FAILOVER_URL: '' }, 'say whom to ask'],
  [{ config: 'c.yaml', url: 'http://there.example' }, {}, 'name two services'],
  [{ config: 'c.yaml', tokenFile: 'token' }, {}, '--token-file is for a service at --url'],
  [{ url: 'ftp://there.example' }, {}, '--url is no URL of a service'],
  [{ url: 'there.example:8053' }, {}, '--url is no URL of a service'],
  [{ url: 'http://me:secret@there.example' }, {}, '--url holds credentials'],
  [{ url: 'http://there.example/?token=x' }, {}, '--url has a query'],
  [{}, { DNS_FAILOVER_URL: 'nonsense' }, 'DNS_FAILOVER_URL is no URL'],
] as const)('%j with %j is wrong', (options, environment, message) => {
  const target = chooseTarget(options, environment)
  expect(target.kind).toBe('wrong')
  expect(target.kind === 'wrong' ? target.message : '').toContain(message)
  expect(JSON.stringify(target)).not.toContain('secret')
})
