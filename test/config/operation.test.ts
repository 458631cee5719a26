import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Config } from '../../src/config/config.ts'
import { type LoadedConfig, loadConfig } from '../../src/config/load-config.ts'

let directory = ''
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'config-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

const base = `version: 1
providers: { local: { type: embedded, listen: "127.0.0.1:5300", zone: example.com } }
`

const sites = `sites:
  a.example.com: &site
    regions: { msk: { service: msk.example.com }, ams: { service: ams.example.com } }
    check: { url: "https://{site}/" }
  b.example.com: { <<: *site, regions: { msk: { service: msk2.example.com }, ams: { service: ams2.example.com } } }
`

const load = (text: string, env: NodeJS.ProcessEnv = {}): Promise<LoadedConfig> => {
  const file = join(directory, 'config.yml')
  writeFileSync(file, base + text)
  return loadConfig(file, env)
}

const good = async (text: string): Promise<Config> => {
  const loaded = await load(text)
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('; '))
  return loaded.config
}

const said = (loaded: LoadedConfig): readonly string[] => [...(loaded.ok ? [] : loaded.problems), ...loaded.warnings].map(({ line, message }) => `${line}: ${message}`)

const secretFile = (name: string, text: string): void => {
  writeFileSync(join(directory, name), text)
  chmodSync(join(directory, name), 0o600)
}

describe('secrets of operation', () => {
  it('from files are taken out of texts as well as those of the config, URLs whole and without their host', async () => {
    secretFile('token', 'api-token-from-a-file\n')
    secretFile('hook', 'https://Chat.example/services/T1/Hook-From-A-File?k=1\n')
    secretFile('ping', 'https://ping.example/0123-4567\n')
    const loaded = await load(
      `api: { tokens: { ops: { tokenFile: token, scopes: [read] } } }
webhooks: { own: { type: json, token: "${'${OWN}'}", secret: literal-signing-key } }
alerts: { chat: { type: slack, urlFile: hook }, pager: { type: pagerduty, secret: the-routing-key } }
deadMan: { urlFile: ping }
${sites}`,
      { OWN: 'Token-From-A-Variable' },
    )
    expect(said(loaded)).toEqual([])
    const texts: readonly (readonly [string, string])[] = [
      ['it sent API-token-from-a-file', 'it sent [secret]'],
      ['it sent token-from-a-variable', 'it sent ${OWN}'],
      ['literal-signing-key', '[secret]'],
      ['POST https://Chat.example/services/T1/Hook-From-A-File?k=1', 'POST [secret]'],
      ['POST https://chat.example/services/T1/Hook-From-A-File?k=1', 'POST [secret]'],
      ['POST /services/T1/Hook-From-A-File?k=1 of chat.example', 'POST [secret] of chat.example'],
      ['GET /services/T1/Hook-From-A-File', 'GET [secret]'],
      ['the-routing-key', '[secret]'],
      ['POST https://events.pagerduty.com/v2/enqueue', 'POST https://events.pagerduty.com/v2/enqueue'],
      ['GET /0123-4567', 'GET [secret]'],
    ]
    for (const [text, shown] of texts) expect(loaded.redact(text)).toBe(shown)
    const all = inspect(loaded, { depth: 20 }) + JSON.stringify(loaded)
    for (const secret of ['from-a-file', 'From-A-File', 'from-a-variable', 'From-A-Variable', 'signing-key', 'routing-key', '0123-4567']) expect(all).not.toContain(secret)
  })

  it('from files are judged as those of the config', async () => {
    secretFile('short', 'fifteen-letters\n')
    secretFile('same', 'one-and-the-same-token\n')
    secretFile('url', 'hooks.chat.example/services\n')
    const loaded = await load(`api:
  tokens:
    ops: { tokenFile: same, scopes: [read] }
    short: { tokenFile: short, scopes: [read] }
    cron: { token: one-and-the-same-token, scopes: [operate] }
webhooks: { own: { type: json, tokenFile: same, secretFile: short } }
alerts: { chat: { type: slack, urlFile: url } }
deadMan: { urlFile: url }
${sites}`)
    expect(said(loaded)).toEqual([
      '6: is only 15 characters long; take at least 16, such as: openssl rand -hex 32',
      '7: is the same as that of token "ops" of "api"; each must have its own',
      '8: is the same as that of token "ops" of "api"; each must have its own',
      '8: is only 15 characters long; take at least 16, such as: openssl rand -hex 32',
      '9: must be a URL that begins with https:// or http:// and a host',
      '10: must be a URL that begins with https:// or http:// and a host',
    ])
  })

  it('a written file makes another version', async () => {
    secretFile('hook', 'https://chat.example/services/one\n')
    const text = `alerts: { chat: { type: slack, urlFile: hook } }\n${sites}`
    const before = await load(text)
    secretFile('hook', 'https://chat.example/services/other\n')
    expect((await load(text)).version).not.toBe(before.version)
  })

  it.each([
    ['api', 'api: ${TOKEN}'],
    ['a token', 'api: { tokens: { ops: "${TOKEN}" } }'],
    ['tokens', 'api: { tokens: ["${TOKEN}"] }'],
    ['a scope', 'api: { tokens: { ops: { token: "${TOKEN}", scopes: ["${TOKEN}"] } } }'],
    ['a webhook', 'webhooks: { kuma: "${TOKEN}" }'],
    ['a webhook’s type', 'webhooks: { kuma: { type: "${TOKEN}", token: "${TOKEN}" } }'],
    ['an alert', 'alerts: { ops: "${TOKEN}" }'],
    ['an alert’s URL', 'alerts: { ops: { type: slack, url: "x${TOKEN}" } }'],
    ['an alert’s unknown key', 'alerts: { ops: { type: slack, webhook: "${TOKEN}" } }'],
    ['the dead man’s URL', 'deadMan: "${TOKEN}"'],
  ])('the value of a variable is not shown where it makes a bad %s', async (_what, bad) => {
    const loaded = await load(`${bad}\n${sites}`, { TOKEN: 'Environment-Token-Value' })
    expect(loaded.ok).toBe(false)
    expect((inspect(loaded, { depth: 20 }) + JSON.stringify(loaded)).toLowerCase()).not.toContain('environment-token')
  })
})

describe('where the API listens', () => {
  const read = async (api: string) => {
    const loaded = await load(`api: ${api}\n${sites}`)
    return loaded.ok ? { listen: loaded.config.api.listen, isListenExplicit: loaded.config.api.isListenExplicit, said: said(loaded) } : said(loaded)
  }
  const token = 'tokens: { ops: { token: 0123456789abcdef, scopes: [read] } }'

  it.each([
    ['{}', { listen: { address: '127.0.0.1', port: 8453 }, isListenExplicit: false, said: [] }],
    ['{ listen: off }', { listen: undefined, isListenExplicit: true, said: [] }],
    ['{ listen: 127.0.0.2 }', { listen: { address: '127.0.0.2', port: 8453 }, isListenExplicit: true, said: [] }],
    ['{ listen: "[::1]:80" }', { listen: { address: '::1', port: 80 }, isListenExplicit: true, said: [] }],
    [`{ listen: "10.0.0.1:80", ${token} }`, { listen: { address: '10.0.0.1', port: 80 }, isListenExplicit: true, said: [] }],
    ['{ listen: "[::]:80", open: true }', { listen: { address: '::', port: 80 }, isListenExplicit: true, said: [] }],
    ['{ open: true }', { listen: { address: '127.0.0.1', port: 8453 }, isListenExplicit: false, said: [] }],
    ['{ listen: "10.0.0.1:80" }', ['3: 10.0.0.1:80 can be reached from other machines, and there is no token; add one under "tokens", or "open: true" to let everybody read']],
    ['{ listen: "::" }', ['3: [::]:8453 can be reached from other machines, and there is no token; add one under "tokens", or "open: true" to let everybody read']],
    ['{ listen: false }', ['3: must be an address and port, or off; did you mean off?']],
    ['{ listen: "*:8453" }', ['3: "*:8453" names no address; write 127.0.0.1:8453 for this machine alone, 0.0.0.0:8453 or [::]:8453 for all']],
  ])('%s', async (api, expected) => {
    expect(await read(api)).toEqual(expected)
  })
})

describe('which webhooks may speak of a site', () => {
  it.each([
    ['one that names it', 'rules: [{ site: a.example.com, region: msk }]', [['x'], []]],
    ['one that takes it from a field', 'rules: [{ site: "{labels.site}", region: msk }]', [['x'], ['x']]],
    ['one of several rules', 'rules: [{ when: { monitor: m }, site: a.example.com, region: msk }, { site: b.example.com, region: ams }]', [['x'], ['x']]],
    ['our own JSON', 'type: json', [['x'], ['x']]],
  ])('%s', async (_what, rest, expected) => {
    const type = rest.startsWith('type') ? '' : 'type: gatus, '
    const config = await good(`webhooks: { x: { ${type}${rest}, token: 0123456789abcdef } }\n${sites}`)
    expect(config.sites.map(({ sources }) => Object.keys(sources))).toEqual(expected)
  })
})

describe('windows', () => {
  it.each([
    ['0 3 * * 0', '1h', undefined],
    ['0 0 3 * * 0', '1h', undefined],
    ['0 3 * * SUN', '1h', undefined],
    ['0 3 29 2 *', '7d', undefined],
    ['0 3 * * *', '24h', '1d lasts until the next turn, which can come after 1d: one window runs into the other'],
    ['* 3 * * *', '30m', '30m lasts until the next turn, which can come after 1m: one window runs into the other'],
    ['0 1,2 * * *', '61m', '1h1m lasts until the next turn, which can come after 1h: one window runs into the other'],
  ])('%s for %s', async (cron, length, warning) => {
    const text = sites.replace('    check:', `    windows: [{ region: msk, cron: "${cron}", for: ${length} }]\n    check:`).replace('b.example.com: { <<: *site,', 'b.example.com: { <<: *site, windows: [],')
    const loaded = await load(text)
    expect([loaded.ok, said(loaded)]).toEqual([true, warning === undefined ? [] : [`6: ${warning}`]])
  })
})
