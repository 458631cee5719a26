import { once } from 'node:events'
import { access, chmod, copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import { ReconcileReport } from '../src/cli/render/json.ts'
import { durationText } from '../src/config/duration.ts'
import { loadConfig } from '../src/config/load-config.ts'
import { startRegions } from './cli/regions.ts'
import { freePort } from './free-port.ts'
import { configReference } from './config-reference.ts'
import { startCloudflareApi } from './fakes/cloudflare/cloudflare-api.ts'
import { a, answerTo, soa, startDnsServer } from './fakes/dns-server.ts'
import { type Block, blocksOf } from './markdown-blocks.ts'
import { installCommands, type Typed, typeLines } from './shell-session.ts'
import { serverMissing, titled } from './system/servers/available.ts'
import { onFreePort, type RunningServer, startServer } from './system/servers/run.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const readme = await readFile(join(root, 'README.md'), 'utf8')
const blocks = blocksOf(readme)
const tagged = (tag: string): readonly Block[] => blocks.filter((block) => block.tag === tag)

let folder: string
let bin: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'readme-'))
  bin = await installCommands(folder)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '')

/** A line says its exit code in a comment, unless it is 0. */
const expectedCode = (line: string): number => Number(/# exit code (\d+)/.exec(line)?.[1] ?? 0)

const typeAndJudge = async (text: string): Promise<readonly Typed[]> => {
  const typed = await typeLines(linesOf(text), { cwd: folder, bin })
  for (const { line, code, stdout } of typed) expect(code, `${line}\n${stdout}`).toBe(expectedCode(line))
  return typed
}

describe('the blocks of README.md', () => {
  it('are all of a kind that is run somewhere, or meant for reading only', () => {
    const here = ['text', 'sh', 'sh bind', 'sh cloudflare', 'sh newcomer', 'sh tests', 'named named.conf', 'yaml dns-failover.yaml', 'yaml docker/config/dns-failover.yaml']
    // In readme-service.test.ts.
    const there = ['yaml part', 'sh api', 'sh operate', 'sh webhook', 'sh verify', 'json alert', 'yaml prometheus', 'yaml gatus', 'yaml alertmanager']
    // In readme-replication.test.ts; `sh server` and `nginx` are for a server's root alone.
    const replication = ['sh replication', 'sh servers', 'sh server', 'nginx']
    const kinds = [...here, ...there, ...replication]
    expect(blocks.map((block) => block.tag).filter((tag) => !kinds.includes(tag))).toEqual([])
  })

  it('are run by .ci/run where they install or test this very package', async () => {
    const script = await readFile(join(root, '.ci', 'run'), 'utf8')
    expect(script).toContain('readme_blocks newcomer >')
    expect(tagged('sh newcomer')[0]?.text).toBe('npm ci && npm run demo\n')
    expect(tagged('sh tests').map((block) => block.text)).toEqual(['npm ci && npm test\n'])
    expect(script).toMatch(/^phase_install\(\) \{ npm ci\b/m)
    expect(script).toMatch(/^phase_test\(\) \{ steady test npm test --; \}$/m)
  })

  it.each(tagged('sh').map(({ text }) => [text]))('run as they stand:\n%s', async (text) => {
    await typeAndJudge(text)
  })
})

/** Two web servers of a site, on one port of two loopback addresses. */
const startSite = async (): Promise<{ readonly port: number; readonly servers: readonly Server[] }> => {
  const servers: Server[] = []
  let port = 0
  for (const host of ['127.0.0.2', '127.0.0.3']) {
    const server = createServer((_request, response) => response.end('Hello, World!')).listen(port, host)
    await once(server, 'listening')
    const bound = server.address()
    port = bound === null || typeof bound === 'string' ? 0 : bound.port
    servers.push(server)
  }
  return { port, servers }
}

/** What the reader's world is, and what ours is; each must be in the text, or the walk has changed and this test with it. */
const replaceAll = (text: string, pairs: readonly (readonly [string, string])[]): string =>
  pairs.reduce((result, [from, to]) => {
    expect(result).toContain(from)
    return result.replaceAll(from, to)
  }, text)

const zoneLines = (zone: string): string =>
  [
    `${zone}. 300 IN SOA ns.${zone}. hostmaster.${zone}. 1 3600 600 86400 60`,
    `${zone}. 300 IN NS ns.${zone}.`,
    `ns.${zone}. 300 IN A 127.0.0.1`,
    `failover.${zone}. 300 IN A 127.0.0.2`,
    `failovermsk.${zone}. 60 IN A 127.0.0.2`,
    `failoverams.${zone}. 60 IN A 127.0.0.3`,
    '',
  ].join('\n')

const missing = serverMissing('named', 'dig')

describe.skipIf(missing !== undefined)(titled('the way to a zone on BIND in README.md', missing), () => {
  let named: RunningServer | undefined
  let site: Awaited<ReturnType<typeof startSite>> | undefined
  let port = 0
  afterAll(async () => {
    await named?.stop()
    for (const server of site?.servers ?? []) server.close()
  })

  const startNamed = (snippet: string): Promise<RunningServer> =>
    onFreePort(async (endpoint) => {
      port = endpoint.port
      const options = `options { directory "${folder}"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; }; pid-file none; session-keyfile none; lock-file none; recursion no; notify no; dnssec-validation no; };\ncontrols { };\n`
      await writeFile(join(folder, 'named.conf'), options + replaceAll(snippet, [['/etc/bind/', `${folder}/`], ['/var/lib/bind/', `${folder}/`]]))
      await writeFile(join(folder, 'example.com.zone'), zoneLines('example.com'))
      return startServer('named', ['-g', '-n', '1', '-c', join(folder, 'named.conf')], [/all zones loaded/, /running/])
    })

  const walk = async ({ tag, text }: Block): Promise<readonly Typed[]> => {
    switch (tag) {
      case 'named named.conf':
        named = await startNamed(text)
        return []
      case 'yaml dns-failover.yaml': {
        const config = replaceAll(text, [
          ['server: 192.0.2.53', `server: 127.0.0.1:${port}`],
          ['https://{site}/', `http://{site}:${site?.port}/`],
          ['    ttl: 60', '    allowPrivate: true\n    ttl: 60'],
        ])
        await writeFile(join(folder, 'dns-failover.yaml'), `${config}nameservers: ["127.0.0.1:${port}"]\n`)
        return []
      }
      default:
        return typeAndJudge(text.replaceAll('@192.0.2.53', `-p ${port} @127.0.0.1`))
    }
  }

  it('leads there', async () => {
    site = await startSite()
    const steps = blocks.filter(({ tag }) => tag === 'sh bind' || tag.startsWith('named') || tag === 'yaml dns-failover.yaml')
    const typed: Typed[] = []
    for (const step of steps) typed.push(...(await walk(step)))
    const [last] = typed.slice(-1)
    expect(last?.line).toContain('dig +short')
    expect(linesOf(last?.stdout ?? '').toSorted()).toEqual(['127.0.0.2', '127.0.0.3'])
  }, 60_000)
})

describe('the way to a Cloudflare zone in README.md', () => {
  const zone = 'example.com'
  const main = `failover.${zone}`
  const [msk, ams, old] = ['127.0.0.2', '127.0.0.3', '127.0.0.9']

  /** A zone at a fake of Cloudflare, and a name server that answers with what it holds. */
  const startZone = async () => {
    const api = await startCloudflareApi({ zones: [zone] })
    onTestFinished(() => api.close())
    const nameServer = await startDnsServer({
      udp: ({ query, send }) => {
        const [question] = query.questions ?? []
        const records = api.records(zone).filter(({ type, name }) => type === 'A' && question?.type === 'A' && name === question.name)
        const answers = records.map((record) => a(record.name, record.content, record.ttl === 1 ? 300 : record.ttl))
        send(answerTo(query, question?.type === 'SOA' ? [soa(zone, 1)] : answers, answers.length === 0 ? { authorities: [soa(zone, 1)] } : {}))
      },
    })
    onTestFinished(() => nameServer.close())
    api.plant(zone, [
      { name: `failovermsk.${zone}`, type: 'A', content: msk, ttl: 1 },
      { name: `failoverams.${zone}`, type: 'A', content: ams, ttl: 1 },
      { name: main, type: 'A', content: msk, ttl: 1, comment: 'by hand' },
      { name: main, type: 'A', content: old, ttl: 1 },
    ])
    const isMain = (record: { readonly name: string }): boolean => record.name === main
    return {
      api,
      nameServer: `127.0.0.1:${nameServer.endpoint.port}`,
      ofMain: () => api.records(zone).filter(isMain).map(({ content, comment }) => `${content} ${comment ?? ''}`.trim()).toSorted(),
      others: () => api.records(zone).filter((record) => !isMain(record)),
    }
  }

  it('leads there, and back', async () => {
    const { api, nameServer, ofMain, others } = await startZone()
    const bystanders = others()
    const regions = await startRegions([msk, ams])
    onTestFinished(() => regions.close())
    const place = join(folder, 'clone')
    await mkdir(place)
    await cp(join(root, 'docker'), join(place, 'docker'), { recursive: true, filter: (from) => !/docker\/(?:config|secrets)$/.test(from) })
    await copyFile(join(root, 'test/fakes/docker.sh'), join(bin, 'docker'))
    await chmod(join(bin, 'docker'), 0o755)
    const listen = `127.0.0.1:${await freePort()}`
    const pairs = [
      ['sudo install -m 600 -o 1000 /dev/stdin docker/secrets/cloudflare', `echo ${api.token} | install -m 600 /dev/stdin docker/secrets/cloudflare`],
      ['sudo install -m 600 -o 1000', 'install -m 600'],
      ['sudo cat', 'cat'],
      // By TTLs that would be a minute; it is waited for in readme-service.test.ts.
      ['"new kernel" --wait', '"new kernel"'],
      ['127.0.0.1:8453', listen],
      ['203.0.113.99', old],
    ]
    const ours = (text: string): string => pairs.reduce((all, [from = '', to = '']) => all.replaceAll(from, to), text)
    const exported: string[] = []
    const type = async (text: string): Promise<string> => {
      const typed = await typeLines([...exported, ...linesOf(ours(text))], { cwd: place, bin })
      for (const { line, code, stdout } of typed) expect(code, `${line}\n${stdout}`).toBe(expectedCode(line))
      exported.push(...linesOf(text).filter((line) => line.startsWith('export ')))
      return typed.map(({ stdout }) => stdout).join('')
    }
    onTestFinished(async () => void (await typeLines([...exported, 'docker compose stop'], { cwd: place, bin })))

    let said = ''
    for (const { tag, text } of blocks.filter((block) => block.tag === 'sh cloudflare' || block.tag === 'yaml docker/config/dns-failover.yaml')) {
      if (tag.startsWith('yaml')) {
        const config = replaceAll(text, [
          ['/run/secrets/', `${place}/docker/secrets/`],
          ['    type: cloudflare', `    type: cloudflare\n    baseUrl: ${api.baseUrl}`],
          ['/var/lib/dns-failover', `${place}/run/state`],
          ['0.0.0.0:8453', listen],
          ['https://{site}/', `http://{site}:${regions.port}/`],
          ['    ttl: 60', '    allowPrivate: true\n    ttl: 60'],
        ])
        await writeFile(join(place, 'docker/config/dns-failover.yaml'), `${config}nameservers: ["${nameServer}"]\n`)
        continue
      }
      const isWritten = ofMain().some((record) => record.includes('dns-failover'))
      if (!text.includes('--yes') && !isWritten) expect(api.transcript().filter(({ method }) => method !== 'GET')).toEqual([])
      said += await type(text)
      // The old address goes as soon as both regions serve.
      if (text.includes('up --detach')) await vi.waitFor(() => expect(ofMain()).toEqual([`${msk} by hand [dns-failover v=1]`, `${ams} [dns-failover v=1]`]), { timeout: 20_000 })
    }
    expect(ofMain()).toEqual([`${msk} by hand`, ams])
    expect(others()).toEqual(bystanders)
    expect(said).toContain('"condition":"healthy"')
    expect(said).not.toContain(api.token)
    const log = await readFile(join(place, 'run/log'), 'utf8')
    expect(log).not.toContain(api.token)
    const events = linesOf(log).map((line) => (JSON.parse(line) as { readonly event: string }).event)
    for (const event of ['started', 'written', 'verified', 'reloaded', 'stopped']) expect(events).toContain(event)
  }, 90_000)
})

/** The names of all keys in a JSON Schema. */
const keysIn = (node: unknown): readonly string[] => {
  if (typeof node !== 'object' || node === null) return []
  const { properties } = node as { readonly properties?: Readonly<Record<string, unknown>> }
  return [...Object.keys(properties ?? {}), ...Object.values(node).flatMap(keysIn)].filter((key) => key !== 'properties')
}

describe('what README.md says', () => {
  it('gives an example of every verb, with options that it has', async () => {
    const [help] = await typeLines(['dns-failover --help'], { cwd: folder, bin })
    const verbs = [...(help?.stdout ?? '').matchAll(/^ {2}(?<verb>(?!help\b)[a-z][a-z-]+) +\S/gm)].map((match) => match.groups?.['verb'] ?? '')
    const rows = [...readme.matchAll(/^\| (?<verbs>`[^|]*`) \|[^|]*\| `(?<example>dns-failover [^|]*)` \|$/gm)].map((match) => match.groups ?? {})
    const told = rows.flatMap((row) => [...(row['verbs'] ?? '').matchAll(/`(?<verb>[^`]*)`/g)].map((match) => match.groups?.['verb']))
    expect(verbs.length).toBeGreaterThan(10)
    // A verb of several is told as each of them.
    const inner = new Map<string, readonly string[]>()
    for (const verb of verbs) {
      const [typed] = await typeLines([`dns-failover ${verb} --help`], { cwd: folder, bin })
      const commands = typed?.stdout.split('\nCommands:\n')[1] ?? ''
      inner.set(verb, [...commands.matchAll(/^ {2}(?<name>(?!help\b)[a-z-]+) /gm)].map(({ groups }) => `${verb} ${groups?.['name']}`))
    }
    expect(inner.get('replication')).toEqual(['replication render', 'replication check', 'replication promote'])
    const all = verbs.flatMap((verb) => (inner.get(verb)?.length === 0 ? [verb] : (inner.get(verb) ?? [])))
    expect(told.toSorted()).toEqual(all.toSorted())
    for (const { example = '' } of rows) {
      const words = example.split(' ').slice(1)
      const verb = (inner.get(words[0] ?? '') ?? []).includes(words.slice(0, 2).join(' ')) ? words.slice(0, 2).join(' ') : words[0]
      const [typed] = await typeLines([`dns-failover ${verb} --help`], { cwd: folder, bin })
      const unknown = (example.match(/--[a-z-]+/g) ?? []).filter((option) => !typed?.stdout.includes(option))
      expect({ example, code: typed?.code, unknown }).toEqual({ example, code: 0, unknown: [] })
    }
  }, 300_000)

  it('names every key of the JSON output', () => {
    const keys = new Set(keysIn(z.toJSONSchema(ReconcileReport)))
    const said = tagged('text').map((block) => block.text).join('')
    expect([...keys].filter((key) => !said.includes(`"${key}"`))).toEqual([])
  })

  it('has the config reference that the schema makes (to write it anew: WRITE_README=1 npx vitest run test/readme.test.ts)', async () => {
    const loaded = await loadConfig(join(root, 'test/config/valid/smallest.yml'), {})
    const check = loaded.ok ? loaded.config.sites[0]?.check : undefined
    const reference = configReference({
      'check.every': durationText(check?.everyMs ?? 0),
      'check.confirmSpan': durationText(check?.confirmSpanMs ?? 0),
    })
    const [begin, end] = ['<!-- config reference: begin -->\n', '<!-- config reference: end -->\n']
    const [before = '', rest = ''] = readme.split(begin)
    const [written, after = ''] = rest.split(end)
    if (process.env['WRITE_README'] === '1') await writeFile(join(root, 'README.md'), `${before}${begin}\n${reference}\n${end}${after}`)
    else expect(written).toBe(`\n${reference}\n`)
  })

  it('links to files that there are', async () => {
    const links = [...readme.matchAll(/\]\((?<link>[^)#]+)\)/g)].map((match) => match.groups?.['link'] ?? '').filter((link) => !/^[a-z]+:/.test(link))
    expect(links.length).toBeGreaterThan(2)
    for (const link of links) await expect(access(join(root, link)), link).resolves.toBeUndefined()
  })
})
