import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { parse, stringify } from 'yaml'
import { openApiDocument } from '../src/api/openapi.ts'
import { withOpenApi } from '../src/api/routes/openapi-route.ts'
import { routes } from '../src/api/routes/routes.ts'
import { loadConfig } from '../src/config/load-config.ts'
import { alertKinds } from '../src/core/alert.ts'
import { startProgram } from './cli/program.ts'
import { startRegions } from './cli/regions.ts'
import { freePort } from './free-port.ts'
import { blocksOf } from './markdown-blocks.ts'
import { startBusyService } from './metrics/busy-service.ts'
import { metricsReference } from './metrics/metrics-reference.ts'
import { installCommands, type Typed, typeLines } from './shell-session.ts'

/*
 * What README.md says of the running service, tried on one.
 */

const root = fileURLToPath(new URL('..', import.meta.url))
const readme = await readFile(join(root, 'README.md'), 'utf8')
const blocks = blocksOf(readme)
const tagged = (tag: string): readonly string[] => blocks.filter((block) => block.tag === tag).map(({ text }) => text)

const site = 'failover.example.com'
const [msk, ams, spare] = ['127.0.0.2', '127.0.0.3', '127.0.0.4']
const tokens = { PROBE_TOKEN: 'probe-token-0123456789', PROBE_SECRET: 'probe-secret-0123456789', SIGNING_KEY: 'signing-key-0123456789' }
/** Of the README's configs, each with something that its kind may be. */
const variables = [...readme.matchAll(/"\$\{(\w+)\}"/g)].map(([, name = '']) => name)
const env = { ...Object.fromEntries(variables.map((name) => [name, name.endsWith('_URL') ? `https://hooks.example.com/${name}` : `${name}-${'x'.repeat(32)}`.slice(0, 32)])), ...tokens }

type Tree = { readonly [key: string]: unknown }
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value)
const merged = (below: Tree, above: Tree): Tree => ({
  ...below,
  ...Object.fromEntries(Object.entries(above).map(([key, value]) => [key, isTree(value) && isTree(below[key]) ? merged(below[key], value) : value])),
})

const newFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'readme-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A zone that the service serves itself, with the README's site in it. */
const configOf = (ports: { readonly dns: number; readonly http: number }): Tree => ({
  version: 1,
  providers: { local: { type: 'embedded', listen: `127.0.0.1:${ports.dns}`, zone: 'example.com', records: { [`failovermsk.example.com`]: { A: msk }, [`failoverams.example.com`]: { A: ams } } } },
  nameservers: [`127.0.0.1:${ports.dns}`],
  sites: {
    [site]: {
      ttl: 1,
      allowPrivate: true,
      regions: { msk: { service: 'failovermsk.example.com' }, ams: { service: 'failoverams.example.com' } },
      check: { url: `http://{site}:${ports.http}/`, every: '1s', fall: 2, confirmSpan: '200ms', expect: { body: 'Hello' } },
    },
  },
})

it.each(tagged('yaml part').map((text) => [text]))('is a part of a config without a fault:\n%s', async (text) => {
  const folder = await newFolder()
  await writeFile(join(folder, 'ops.token'), 'ops-token-0123456789', { mode: 0o600 })
  await writeFile(join(folder, 'config.yaml'), stringify(merged(configOf({ dns: 5300, http: 80 }), parse(text) as Tree)))
  const loaded = await loadConfig(join(folder, 'config.yaml'), env)
  expect({ problems: loaded.ok ? [] : loaded.problems, warnings: loaded.warnings }).toEqual({ problems: [], warnings: [] })
})

/** What came to a receiver of alerts. */
interface Delivery {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
}

const startReceiver = async (): Promise<{ readonly url: string; readonly deliveries: readonly Delivery[] }> => {
  const deliveries: Delivery[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      deliveries.push({ headers: request.headers, body: Buffer.concat(chunks).toString() })
      response.end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, deliveries }
}

/** A line that ends in a backslash goes on. */
const linesOf = (text: string): readonly string[] => text.replaceAll(/\\\n\s*/g, '').split('\n').filter((line) => line !== '')
const expectedCode = (line: string): number => Number(/# exit code (\d+)/.exec(line)?.[1] ?? 0)

/** The service, and a reader's shell beside it. */
const startService = async () => {
  const folder = await newFolder()
  const bin = await installCommands(folder)
  const regions = await startRegions([msk, ams, spare])
  onTestFinished(() => regions.close())
  const receiver = await startReceiver()
  const listen = `127.0.0.1:${await freePort()}`
  const type = async (text: string): Promise<readonly Typed[]> => {
    const ours = text.replaceAll('127.0.0.1:8453', listen).replaceAll('https://failover.example.net', `http://${listen}`).replaceAll('203.0.113.77', spare)
    const exported = Object.entries(tokens).map(([name, value]) => `export ${name}=${value}`)
    const typed = await typeLines([...exported, ...linesOf(ours)], { cwd: folder, bin })
    for (const { line, code, stdout } of typed) expect(code, `${line}\n${stdout}`).toBe(expectedCode(line))
    return typed
  }
  const start = async (): Promise<void> => {
    const own = {
      api: { listen, tokens: { ops: { tokenFile: 'ops.token', scopes: ['operate'] } } },
      webhooks: { probe: { type: 'json', mode: 'vote', token: '${PROBE_TOKEN}' }, signed: { type: 'json', secret: '${PROBE_SECRET}' } },
      alerts: { mine: { type: 'json', url: receiver.url, secret: '${SIGNING_KEY}', group: '0s' } },
    }
    await writeFile(join(folder, 'dns-failover.yaml'), stringify(merged(configOf({ dns: await freePort(), http: regions.port }), own)))
    startProgram('dns-failover', ['serve', '--config', join(folder, 'dns-failover.yaml')], tokens)
    const authorization = `Bearer ${(await readFile(join(folder, 'ops.token'), 'utf8')).trim()}`
    const records = async (): Promise<unknown> => {
      const answer = await fetch(`http://${listen}/api/v1/sites/${site}`, { headers: { authorization } })
      return ((await answer.json()) as { readonly sets: readonly { readonly published: readonly string[] }[] }).sets.flatMap(({ published }) => published)
    }
    await vi.waitFor(async () => expect(await records()).toEqual([msk, ams]), { timeout: 30_000, interval: 100 })
  }
  return { folder, bin, type, start, receiver }
}

describe('what README.md has typed', () => {
  it('is answered by a service as it says', async () => {
    const { folder, bin, type, start, receiver } = await startService()
    const [makeToken = '', useApi = '', ...more] = tagged('sh api')
    await type(makeToken)
    await start()
    const typed = await type(useApi)
    const said = (what: string): string => typed.find(({ line }) => line.includes(what))?.stdout ?? ''
    expect(said('$API/sites')).toContain(`"site":"${site}"`)
    expect(said('/explain')).toContain('"addresses":[{"region":"msk"')
    expect(said('/regions/msk/drain')).toContain(`"text":"${site} A: ${msk}, ${ams} -> ${ams}"`)
    expect(said('limit=20')).toContain('"text":"undrain msk, ordered by ops (api): done"')
    expect(said('text/event-stream')).toMatch(/^id: \d+$/m)
    for (const text of more) await type(text)

    const operated: Typed[] = []
    for (const text of tagged('sh operate')) operated.push(...(await type(text)))
    const printed = (what: string): string => operated.find(({ line }) => line.includes(what))?.stdout ?? ''
    expect(printed('--wait')).toMatch(/^failover\.example\.com: msk is safe to reboot since /m)
    expect(printed('force down')).toContain(`${site} A: ${msk}, ${ams} -> ${ams}`)
    expect(printed('restored from the backup')).toContain(`failovermsk.example.com A: ${msk} -> ${spare}`)
    expect(printed('events')).toContain('restored from the backup')
    expect(printed('--url')).toContain(`${site}  `)
    expect(receiver.deliveries).not.toEqual([])

    const told = Object.fromEntries(jsonKeysTold())
    expect(Object.keys(told).length).toBeGreaterThan(8)
    const given: Readonly<Record<string, string>> = { drain: 'msk --for 1h --reason test --dry-run', force: 'up msk --for 1h --reason test --dry-run', repoint: `msk ${msk} --dry-run`, undrain: 'msk', unforce: 'msk' }
    for (const [verb, keys] of Object.entries(told)) {
      const exported = Object.entries(tokens).map(([name, value]) => `export ${name}=${value}`)
      const json = await typeLines([...exported, `dns-failover ${verb} ${given[verb] ?? ''} --config dns-failover.yaml --json 2>/dev/null`], { cwd: folder, bin })
      expect({ verb, keys: Object.keys(JSON.parse(json.at(-1)?.stdout ?? '') as Tree).toSorted() }).toEqual({ verb, keys: [...keys].toSorted() })
    }

    const [bearer = '', signed = ''] = tagged('sh webhook')
    expect((await type(bearer)).at(-1)?.stdout).toContain('"effect":"news"')
    expect((await type(signed.replaceAll('/webhooks/probe', '/webhooks/signed'))).at(-1)?.stdout).toContain('"effect":"checking"')

    await type(`curl -fsS -H @ops.header -X POST http://127.0.0.1:8453/api/v1/alerts/test`)
    const delivery = receiver.deliveries.at(-1)
    const [example = ''] = tagged('json alert')
    expect(keysIn(JSON.parse(delivery?.body ?? ''))).toEqual(keysIn(JSON.parse(example)))
    await writeFile(join(folder, 'body.json'), delivery?.body ?? '')
    const facts = { SECRET: tokens.SIGNING_KEY, TIMESTAMP: delivery?.headers['x-signature-timestamp'], SIGNATURE: delivery?.headers['x-signature'] }
    const [verify = ''] = tagged('sh verify')
    const verified = await type([...Object.entries(facts).map(([name, value]) => `${name}='${String(value)}'`), verify].join('\n'))
    expect(verified.at(-1)?.stdout).toBe('genuine\n')
  }, 90_000)
})

/** What each verb prints with --json, at the top, as README.md lists it. */
const jsonKeysTold = (): readonly (readonly [string, readonly string[]])[] => {
  const block = tagged('text').find((text) => text.startsWith('drain, undrain,')) ?? ''
  const rows = block.replace(/\n\noutcome[\s\S]*/, '').replace(/^(drain, undrain,)(.*)\n(force, unforce)$/m, '$1 $3$2').split('\n')
  return rows.flatMap((row) => {
    const [verbs = '', keys = ''] = row.split('{')
    return verbs.split(/[, ]+/).filter((verb) => verb !== '').map((verb) => [verb, [...keys.matchAll(/"(\w+)"/g)].map(([, key = '']) => key)] as const)
  })
}

/** All but the free ones. */
const keysIn = (node: unknown): readonly string[] =>
  Array.isArray(node) ? node.flatMap(keysIn) : isTree(node) ? Object.entries(node).flatMap(([key, value]) => [key, ...(key === 'facts' ? [] : keysIn(value))]) : []

describe('what README.md says of the service', () => {
  it('has every route of the API, with its scope', () => {
    const served = withOpenApi(routes).map(({ method, path, need }) => `${method} ${path} ${{ nothing: 'none', anybody: 'none', read: '`read`', operate: '`operate`', own: 'its own' }[need]}`)
    const told = [...readme.matchAll(/^\| `(?<route>(?:GET|POST|DELETE) \S+)` \| (?<scope>[^|]+) \|/gm)].map(({ groups }) => `${groups?.['route']} ${groups?.['scope']}`)
    expect(told.toSorted()).toEqual(served.toSorted())
  })

  it('has every field of an order', () => {
    const document = JSON.stringify(openApiDocument(routes))
    const orders = [...readme.matchAll(/^\| `POST [^|]*\| `operate` \| (?<text>.*)$/gm)].flatMap(({ groups }) => [...(groups?.['text'] ?? '').matchAll(/"(?<field>\w+)"(?! or)(?<!or "\w+")/g)].map((each) => each.groups?.['field'] ?? ''))
    expect(new Set(orders).size).toBeGreaterThan(8)
    expect([...new Set(orders)].filter((field) => !document.includes(`"${field}"`))).toEqual([])
  })

  it('has every kind of alert', () => {
    const table = readme.slice(readme.indexOf('\n## Alerts'), readme.indexOf('\n## Metrics'))
    expect(alertKinds.filter((kind) => !new RegExp(`^\\| .*\`${kind}\`.* \\|`, 'm').test(table))).toEqual([])
  })

  it('has the table of metrics that the program makes (to write it anew: WRITE_README=1 npx vitest run test/readme-service.test.ts)', async () => {
    const reference = metricsReference((await startBusyService().metrics.render()).body)
    const [begin, end] = ['<!-- metrics reference: begin -->\n', '<!-- metrics reference: end -->\n']
    const [before = '', rest = ''] = readme.split(begin)
    const [written, after = ''] = rest.split(end)
    if (process.env['WRITE_README'] === '1') await writeFile(join(root, 'README.md'), `${before}${begin}${reference}${end}${after}`)
    else expect(written).toBe(reference)
  })

  it.each(['yaml prometheus', 'yaml gatus', 'yaml alertmanager'])('has a config for another program that is YAML: %s', (tag) => {
    const texts = tagged(tag)
    expect(texts).toHaveLength(1)
    for (const text of texts) expect(JSON.stringify(parse(text))).toMatch(tag === 'yaml prometheus' ? /127\.0\.0\.1:8453/ : /https:\/\/failover\.example\.net\/api\/v1\/webhooks\/\w+"/)
  })
})
