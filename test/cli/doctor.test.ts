import { once } from 'node:events'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { doctor } from '../../src/cli/doctor/doctor.ts'
import type { Finding } from '../../src/cli/doctor/finding.ts'
import { readDateLead } from '../../src/cli/doctor/http-date.ts'
import { pause } from '../../src/cli/pause.ts'
import type { Address } from '../../src/core/address.ts'
import type { DecodedPacket } from 'dns-packet'
import { endpointText } from '../../src/core/endpoint.ts'
import { acquireLock } from '../../src/store/lock.ts'
import { createOrderStore } from '../../src/store/order-store.ts'
import { a, answerTo, soa, startDnsServer } from '../fakes/dns-server.ts'
import { amsAddress, makeOperatorBench, mskAddress, never, type OperatorBench, siteName, strangerAddress } from './operator-bench.ts'

const ask = (bench: OperatorBench, env: NodeJS.ProcessEnv = {}, isJson = false) => bench.say((io) => doctor({ config: bench.config, sites: [], isJson, totalMs: 20_000 }, io, env, never))
const findings = async (bench: OperatorBench, env: NodeJS.ProcessEnv = {}): Promise<{ readonly exitCode: number; readonly findings: readonly Finding[] }> => {
  const { code, stdout } = await ask(bench, env, true)
  const report = JSON.parse(stdout)
  expect(report.exitCode).toBe(code)
  return report
}
const amiss = (all: readonly Finding[]): readonly string[] => all.filter(({ status }) => status !== 'ok').map(({ status, area, text }) => `${status} ${area}: ${text}`)
/** On one machine every region is this very machine. */
const isExpected = (text: string): boolean => text.includes('is this very machine') || text.startsWith('warn reference: IPv4: ')

const startWeb = async (answer: (path: string) => { readonly status?: number; readonly headers?: Record<string, string>; readonly body?: unknown }): Promise<number> => {
  const server = createServer((request, response) => {
    const { status = 200, headers = {}, body = {} } = answer(request.url ?? '')
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => new Promise((resolve) => server.close(() => resolve())))
  return (server.address() as AddressInfo).port
}

it('finds nothing amiss where all is well, and leaves no trace', async () => {
  const bench = await makeOperatorBench()
  await bench.reconcile()
  const before = await readdir(bench.stateDir, { recursive: true })
  const { code, stdout, stderr } = await ask(bench)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const text = stdout.replaceAll(/[\d.]+ m?s\b/g, 'N ms').replaceAll(/127\.0\.0\.\d:\d+/g, 'SERVER')
  for (const line of [
    `  ok    config: ${bench.config}: 1 site, 1 provider\n`,
    `  ok    state: ${bench.stateDir} can be written\n`,
    '  ok    lock: nobody works on the state directory at this moment\n',
    '  ok    provider: provider local answers, and accepts the credentials for reading',
    '  ok    zone: one.example.test is in the zone example.test of provider local\n',
    '  ok    records: one.example.test A: 127.0.0.5, 127.0.0.6 (TTL 60; 2 of 2 marked as ours)\n',
    '  ok    ttl: TTL 60: ',
    '  ok    name servers: SERVER answers in N ms, as the provider says\n',
    '  ok    wildcard: none in example.test\n',
    '  ok    region: msk: msk.example.test leads to 127.0.0.5\n',
    '  ok    check: msk 127.0.0.5: passes with status 200 in N ms (connect N ms, headers N ms, body N ms)\n',
    "  ok    clock: as the regions' (to a second or two)\n",
  ]) expect(text).toContain(line)
  expect(amiss((await findings(bench)).findings).filter((each) => !isExpected(each))).toEqual([])
  expect(await readdir(bench.stateDir, { recursive: true })).toEqual(before)
})

it('names each thing that is amiss, and what to do', async () => {
  const bench = await makeOperatorBench()
  await bench.reconcile()
  await bench.withZone((zone) => zone.edit({ put: [{ name: siteName, type: 'A', ttl: 60, data: [mskAddress, amsAddress, strangerAddress] }, { name: '*.example.test', type: 'A', ttl: 60, data: ['127.0.0.9'] }] }, never))
  await bench.say((io) => pause({ config: bench.config, sites: [], isJson: false, forMs: 60_000, reason: 'a move' }, io, {}, never))
  await createOrderStore({ dir: bench.stateDir, wallNow: Date.now, log: () => undefined }).setDrain(siteName, 'gone', { forMs: 60_000, reason: 'kernel', by: 'eve', isForced: false })
  await writeFile(join(bench.stateDir, 'sites', `${siteName}.json.damaged-2026`), '')
  await writeFile(join(bench.stateDir, 'sites', `${siteName}.json`), '{')
  const lock = await acquireLock(bench.stateDir, { command: 'dns-failover serve' })
  if (lock.kind !== 'held') throw new Error('not held')
  onTestFinished(() => lock.release())
  bench.regions.set(amsAddress, 'fail')
  const report = await findings(bench)
  const told = amiss(report.findings).filter((each) => !isExpected(each))
  expect({ exitCode: report.exitCode, areas: told.map((each) => each.split(':')[0]) }).toEqual({
    exitCode: 1,
    areas: ['warn state', 'warn state', 'warn region', 'warn pause', 'warn records', 'warn wildcard', 'fail check'],
  })
  expect(report.findings.find(({ area }) => area === 'lock')?.text).toMatch(/^held by dns-failover serve \(process \d+ on /)
  const { stdout } = await ask(bench)
  expect(stdout).toContain('  warn  region: region gone is drained by eve (kernel), but the config has no region of that name: ')
  expect(stdout).toContain('        -> give the order for the region that is meant now; "dns-failover undrain gone" takes this one back\n')
  expect(stdout).toContain('  fail  check: ams 127.0.0.6: status (status 500, expected 200-299) after ')
  expect(stdout).toContain(`        -> try: curl -v --connect-to ::127.0.0.6: http://${siteName}:${bench.regions.port}/\n`)
  expect(stdout).toMatch(/\n\d+ ok, \d+ to look at, 1 to mend\n$/)
})

describe('what keeps a site from working at all', () => {
  it.each([
    ['a provider that does not answer', (config: string) => config.replace(/ {2}local: .*/, '  local: { type: rfc2136, server: "127.0.0.1:1", zone: example.test }'), 'fail provider: cannot read from 127.0.0.1:1 (zone example.test): the connection was refused'],
    ['a service subdomain that is not there', (config: string) => config.replace('service: msk.', 'service: gone.'), 'fail region: msk: gone.example.test leads nowhere'],
    ['an address that is never published', (config: string) => config.replace('    allowPrivate: true\n', '').replace(/ams: .*/, 'ams: { addresses: [203.0.113.10] }'), 'fail region: msk: 127.0.0.5 is not an address to publish'],
  ])('%s', async (_, edit, text) => {
    const bench = await makeOperatorBench(edit)
    const report = await findings(bench)
    expect(report.exitCode).toBe(1)
    expect(amiss(report.findings).filter((each) => each.startsWith(text)), amiss(report.findings).join('\n')).toHaveLength(1)
  })
})

it('an alias at the name', async () => {
  const bench = await makeOperatorBench()
  await bench.reconcile()
  const remove = [{ name: siteName, type: 'A' }] as const
  await bench.withZone((zone) => zone.edit({ remove, put: [{ name: siteName, type: 'CNAME', ttl: 60, data: ['msk.example.test'] }] }, never))
  const { exitCode, findings: all } = await findings(bench)
  expect({ exitCode, told: all.filter(({ area, status }) => area === 'records' && status === 'fail') }).toEqual({
    exitCode: 1,
    told: [{ site: siteName, area: 'records', status: 'fail', text: `${siteName} is an alias (CNAME msk.example.test.), which cannot hold address records; remove it first`, advice: 'address records cannot stand beside a CNAME' }],
  })
})

it('cannot write to a state directory that is a file', async () => {
  const bench = await makeOperatorBench()
  await writeFile(bench.stateDir, '')
  const report = await findings(bench)
  expect({ exitCode: report.exitCode, told: amiss(report.findings).filter((each) => each.startsWith('fail state')) }).toEqual({
    exitCode: 1,
    told: [`fail state: cannot write in ${bench.stateDir}: a part of the path is a file; set "state" to a directory (ENOTDIR)`],
  })
})

describe('the clock', () => {
  it.each([0, 100_000, -400_000])('is %i ms apart from a server, by its Date', async (lead) => {
    const port = await startWeb(() => ({ headers: { date: new Date(Date.now() + lead).toUTCString() } }))
    const seen = await readDateLead(`http://x.example:${port}/`, '127.0.0.1' as Address, 2000, Date.now, never)
    expect(Math.abs((seen ?? Number.NaN) - lead)).toBeLessThan(2000)
  })

  it('is not told by what does not answer', async () => {
    expect(await readDateLead('http://x.example:1/', '127.0.0.1' as Address, 2000, Date.now, never)).toBeUndefined()
  })
})

describe('a Cloudflare token', () => {
  const token = 'token-that-must-not-be-seen'
  const diagnose = async (answer: { readonly status?: number; readonly body: unknown }): Promise<readonly string[]> => {
    const port = await startWeb((path) => (path.endsWith('/user/tokens/verify') ? answer : { status: 403, body: { success: false, errors: [{ code: 10_000, message: 'Authentication error' }], messages: [], result: null } }))
    const bench = await makeOperatorBench((config) => config.replace(/ {2}local: .*/, `  local: { type: cloudflare, apiToken: "\${TOKEN}", baseUrl: "http://127.0.0.1:${port}/client/v4" }`))
    await mkdir(bench.stateDir)
    const env = { TOKEN: token }
    const said = await ask(bench, env)
    expect(`${said.stdout}${said.stderr}`).not.toContain(token)
    return (await findings(bench, env)).findings.filter(({ text }) => text.includes('token of')).map(({ status, text }) => `${status}: ${text}`)
  }

  it('is active, for ever or not for long', async () => {
    expect(await diagnose({ body: { success: true, errors: [], messages: [], result: { id: 'x', status: 'active' } } })).toEqual(['ok: the API token of local is active, and does not expire'])
    const soon = new Date(Date.now() + 3 * 86_400_000 + 60_000).toISOString()
    expect(await diagnose({ body: { success: true, errors: [], messages: [], result: { id: 'x', status: 'active', expires_on: soon } } })).toEqual([`warn: the API token of local is active, and expires in 3 d (${soon})`])
  })

  it('is refused, expired, or cannot be asked for', async () => {
    expect(await diagnose({ status: 401, body: { success: false, errors: [{ code: 1000, message: 'Invalid API Token' }], messages: [], result: null } })).toEqual(['fail: Cloudflare refuses the API token of local: 1000 Invalid API Token'])
    expect(await diagnose({ body: { success: true, errors: [], messages: [], result: { id: 'x', status: 'expired' } } })).toEqual(['fail: Cloudflare refuses the API token of local: the token is expired'])
    expect(await diagnose({ status: 502, body: 'Bad gateway' })).toEqual(['warn: when the API token of local expires is not known: its answer (status 502) is not understood'])
  })
})

describe('the name servers', () => {
  const serve = async (answer: (query: DecodedPacket) => Buffer): Promise<string> => {
    const server = await startDnsServer({ udp: ({ query, send }) => send(answer(query)) })
    onTestFinished(() => server.close())
    return endpointText(server.endpoint)
  }
  const serversTold = async (servers: readonly string[]): Promise<readonly string[]> => {
    const bench = await makeOperatorBench((config) => `nameservers: [${servers.map((server) => `"${server}"`).join(', ')}]\n${config}`)
    await bench.reconcile({ isDryRun: true })
    return (await findings(bench)).findings.filter(({ area }) => area === 'name servers').map(({ status, text }) => `${status} ${servers.reduce((told, server, at) => told.replaceAll(server, `server ${at}`), text).replace(/\d+ ms/, 'N ms')}`)
  }

  it('are told apart: one agrees, one differs, one is lame, one does not answer', async () => {
    const soaOf = soa('example.test', 1)
    const isSoa = (query: DecodedPacket): boolean => query.questions?.[0]?.type === 'SOA'
    const agrees = await serve((query) => answerTo(query, isSoa(query) ? [soaOf] : [], isSoa(query) ? {} : { authorities: [soaOf] }))
    const differs = await serve((query) => answerTo(query, isSoa(query) ? [soaOf] : query.questions?.[0]?.type === 'A' ? [a(query.questions[0].name, '127.0.0.8')] : [], { authorities: [soaOf] }))
    const lame = await serve((query) => answerTo(query, [], { rcode: 5 }))
    expect(await serversTold([agrees, differs, lame])).toEqual([
      'ok server 0 answers in N ms, as the provider says',
      'warn server 1 differs: one.example.test A: it has 127.0.0.8, the provider nothing',
      expect.stringMatching(/^warn server 2 is lame: answered REFUSED/),
    ])
    expect(await serversTold([lame, '127.0.0.1:1'])).toEqual([
      expect.stringMatching(/^warn server 0 is lame/),
      expect.stringMatching(/^warn server 1 is unreachable/),
      'fail none answers for the zone: no write could be verified',
    ])
  })
})
