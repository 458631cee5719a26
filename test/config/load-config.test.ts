import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LoadedConfig, loadConfig } from '../../src/config/load-config.ts'
import { renderProblems } from '../../src/config/render-problems.ts'

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'config-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

const load = (text: string, env: NodeJS.ProcessEnv = {}): Promise<LoadedConfig> => {
  const file = join(directory, 'config.yml')
  writeFileSync(file, text)
  return loadConfig(file, env)
}

const withCheck = (check: string, provider = 'apiToken: "${TOKEN}"'): string => `version: 1
providers: { cf: { type: cloudflare, ${provider} } }
sites:
  failover.example.com:
    regions: { a: { service: a.example.com }, b: { service: b.example.com } }
    check: ${check}
`

const identity = async (check: string): Promise<string> => {
  const loaded = await load(withCheck(check), { TOKEN: 'environment-token-value' })
  if (!loaded.ok) throw new Error(renderProblems(loaded, { color: false }))
  return loaded.config.sites[0]?.check.identity ?? ''
}

describe('the identity of a check', () => {
  const base = '{ url: "https://{site}/", headers: { b: "2", A: "1" } }'

  it.each([
    ['timing', '{ url: "https://{site}/", headers: { b: "2", A: "1" }, every: 1s, timeout: 1s, fall: 5, rise: 5, confirmSpan: 0 }'],
    ['the order and case of headers', '{ url: "https://{site}/", headers: { a: "1", B: "2" } }'],
    ['a default that is written out', '{ url: "https://{site}/", method: GET, headers: { b: "2", A: "1" }, expect: { status: 200-299 } }'],
  ])('does not change with %s', async (_what, check) => {
    expect(await identity(check)).toBe(await identity(base))
  })

  it.each([
    ['the URL', '{ url: "http://{site}/", headers: { b: "2", A: "1" } }'],
    ['the method', '{ url: "https://{site}/", headers: { b: "2", A: "1" }, method: HEAD }'],
    ['a header', '{ url: "https://{site}/", headers: { b: "2", A: "2" } }'],
    ['the status', '{ url: "https://{site}/", headers: { b: "2", A: "1" }, expect: { status: 200 } }'],
    ['the body', '{ url: "https://{site}/", headers: { b: "2", A: "1" }, expect: { body: x } }'],
    ['how the body is compared', '{ url: "https://{site}/", headers: { b: "2", A: "1" }, expect: { body: { matches: x } } }'],
    ['redirects', '{ url: "https://{site}/", headers: { b: "2", A: "1" }, redirects: 1 }'],
    ['minCertDays', '{ url: "https://{site}/", headers: { b: "2", A: "1" }, tls: { minCertDays: 3 } }'],
  ])('changes with %s', async (_what, check) => {
    expect(await identity(check)).not.toBe(await identity(base))
  })
})

describe('secrets', () => {
  const check = '{ url: "https://{site}/" }'

  it('a file that everybody can read is a warning', async () => {
    const token = join(directory, 'token')
    writeFileSync(token, 'file-token-value\n')
    chmodSync(token, 0o644)
    const open = await load(withCheck(check, 'apiTokenFile: token'))
    expect([open.ok, open.warnings.map((each) => each.message)]).toEqual([
      true,
      ['token can be read by every user of this machine (mode 644); chmod 600 it'],
    ])
    chmodSync(token, 0o600)
    const closed = await load(withCheck(check, 'apiTokenFile: token'))
    expect([closed.ok, closed.warnings]).toEqual([true, []])
    expect(inspect(closed, { depth: 20 })).not.toContain('file-token-value')
  })

  it('a value can add neither keys nor lines', async () => {
    const loaded = await load(withCheck(check), { TOKEN: '", zoneId: "x"}\nsites: {}' })
    expect(loaded.ok && loaded.config.sites.map((site) => site.name)).toEqual(['failover.example.com'])
    expect(loaded.ok && loaded.config.providers['cf']).toMatchObject({ type: 'cloudflare', zoneId: undefined })
  })

  it.each([
    ['a domain name', '{ url: "https://{site}/" }', '${TOKEN}: {}\n'],
    ['a URL', '{ url: "ftp://x-${TOKEN}/" }', ''],
    ['a header', '{ url: "https://{site}/", headers: { "${TOKEN}[]": x } }', ''],
    ['a number', '{ url: "https://{site}/", fall: "${TOKEN}" }', ''],
    ['a pattern', '{ url: "https://{site}/", expect: { body: { matches: "${TOKEN}(" } } }', ''],
    ['a file', '{ url: "https://{site}/", tls: { caFile: "${TOKEN}" } }', ''],
    ['a cron expression', '{ url: "https://{site}/", schedule: "${TOKEN} * * *" }', ''],
    ['a list that is none', '{ url: "https://{site}/" }', 'resolvers: ${TOKEN}\n'],
    ['an unknown key', '{ url: "https://{site}/", "${TOKEN}": 1 }', ''],
  ])('the value of a variable is not shown where it makes a bad %s', async (_what, bad, end) => {
    const loaded = await load(withCheck(bad) + end, { TOKEN: 'Environment-Token-Value' })
    const shown = renderProblems(loaded, { color: true }) + JSON.stringify(loaded)
    expect(loaded.ok).toBe(false)
    expect(shown.toLowerCase()).not.toContain('environment-token-value')
    expect(shown).toContain('${TOKEN}')
  })
})

it('a terminal does not obey what stands in the file', async () => {
  const loaded = await load('version: 1\n"\\e[31mred": 1 # \u001B[2J\u202E\n')
  const text = renderProblems(loaded, { color: false })
  expect([text.includes('\u001B'), text.includes('\u202E')]).toEqual([false, false])
  expect(text).toContain('unknown key')
})

it('colours only frame the text', async () => {
  const loaded = await load('version: 2\n')
  const colored = renderProblems(loaded, { color: true })
  expect(colored).toContain('\u001B[31m^\u001B[0m')
  // oxlint-disable-next-line no-control-regex
  expect(colored.replaceAll(/\u001B\[\d+m/g, '')).toBe(renderProblems(loaded, { color: false }))
})
