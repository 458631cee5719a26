import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load-config.ts'
import { redactor } from '../../src/config/redact.ts'
import { makeFolder } from '../store/folder.ts'

const env = {
  HEALTH_PATH: 'health',
  BUILD: '2026',
  AGENT: 'probe/1.0',
  ZONE_ID: '0123456789abcdef0123456789abcdef',
  CF: 'cloudflare-token-value',
  HEADER: 'header-value',
  LOGIN: 'login-value',
  QUERY: 'query-value',
  MY_PASSWORD: 'named-password',
}
const all = Object.values(env).join(' ')

const load = async (provider: string, check: string) => {
  const file = join(await makeFolder(), 'config.yaml')
  await writeFile(
    file,
    `version: 1
providers: { cf: { type: cloudflare, ${provider} } }
sites:
  failover.example.com:
    regions: { msk: { addresses: [203.0.113.10] }, ams: { addresses: [198.51.100.20] } }
    check: { ${check} }
`,
  )
  return loadConfig(file, env)
}
const good = 'apiToken: "${CF}", zoneId: "${ZONE_ID}"'

it.each([
  ['nothing but the token', good, 'url: "http://{site}/${HEALTH_PATH}?build=${BUILD}", headers: { User-Agent: "${AGENT}" }', { CF: '${CF}' }],
  ['a header', good, 'url: "http://{site}/", headers: { X-Probe: "a ${HEADER}" }', { CF: '${CF}', HEADER: '${HEADER}' }],
  ['credentials in a URL', good, 'url: "http://me:${LOGIN}@{site}/${HEALTH_PATH}"', { CF: '${CF}', LOGIN: '${LOGIN}' }],
  ['a telling key in a URL', good, 'url: "http://{site}/${HEALTH_PATH}?token=${QUERY}&build=${BUILD}"', { CF: '${CF}', QUERY: '${QUERY}' }],
  ['a telling name of a variable', good, 'url: "http://{site}/${MY_PASSWORD}"', { CF: '${CF}', MY_PASSWORD: '${MY_PASSWORD}' }],
  ['a literal', 'apiToken: literal-token-value', 'url: "http://{site}/${CF}"', {}],
])('takes for secret: %s', async (_, provider, check, hidden) => {
  const loaded = await load(provider, check)
  expect(loaded.redact(`${all} Literal-Token-Value`)).toBe(`${Object.values({ ...env, ...hidden }).join(' ')} ${provider === good ? 'Literal-Token-Value' : '[secret]'}`)
  expect(inspect(loaded.secrets, { depth: 9 }) + JSON.stringify(loaded.secrets)).not.toMatch(/-value|named-password/)
})

it('replaces the secrets of many configs at once, and not what it has put in', async () => {
  const [one, two] = [await load(good, 'url: "http://{site}/", headers: { X-Probe: "${HEADER}" }'), await load('apiToken: "CF-HEADER-${HEADER}"', 'url: "http://{site}/"')]
  const redact = redactor([...one.secrets, ...two.secrets, ...one.secrets])
  expect(redact('${CF} header-value ${HEADER} cloudflare-token-value')).toBe('${CF} ${HEADER} ${HEADER} ${CF}')
})
