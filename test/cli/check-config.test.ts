import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkConfig, type CheckConfigOptions, type ConfigReport } from '../../src/cli/check-config.ts'
import type { Io } from '../../src/cli/io.ts'
import { printSchema } from '../../src/cli/schema.ts'
import { emptyState } from '../../src/core/site-state.ts'
import { createFileStore } from '../../src/store/file-store.ts'
import { createOrderStore } from '../../src/store/order-store.ts'
import { makeFolder } from '../store/folder.ts'
import { configDirectory, corpusEnv, secretTexts } from '../config/corpus.ts'

const capture = (): { readonly io: Io; readonly output: { stdout: string; stderr: string } } => {
  const output = { stdout: '', stderr: '' }
  const io: Io = {
    stdout: (text) => void (output.stdout += text),
    stderr: (text) => void (output.stderr += text),
    color: false,
  }
  return { io, output }
}

const run = async (name: string, options: CheckConfigOptions = {}) => {
  const { io, output } = capture()
  const file = join(configDirectory, name)
  const code = await checkConfig(file, io, { env: corpusEnv, ...options })
  for (const secret of secretTexts) expect(output.stdout + output.stderr).not.toContain(secret)
  return { code, stdout: output.stdout.replaceAll(`${configDirectory}/`, ''), stderr: output.stderr.replaceAll(`${configDirectory}/`, '') }
}

describe('check-config', () => {
  it('says what a good config amounts to', async () => {
    expect(await run('valid/design.yml')).toEqual({
      code: 0,
      stderr: '',
      stdout: `valid/design.yml: fine (1 site, 1 provider)

failover.example.com
  names       failover.example.com
  provider    cf (cloudflare)
  ttl         1m
  region msk  failovermsk.example.com
  region ams  failoverams.example.com
  check       GET https://{site}/healthz every 5s, within 2s; status 200, body contains "Hello"
  down        after 3 failures spanning 1s; up again after 2 successes
  rules       at least 1 published; with fewer than 1 up publish all; foreign addresses kept
`,
    })
  })

  it('keeps the values of variables out of the summary', async () => {
    const { code, stdout } = await run('valid/all-keys.yml')
    expect(code).toBe(0)
    expect(stdout).toContain('check         POST https://{site}:8443/x?t=${TOKEN} at "*/5 * * * * *", within 1s500ms;')
    expect(stdout).toContain('provider      bind (rfc2136, zone example.com at 127.0.0.1:5300)')
    expect(stdout).toContain(
      'region spare  spare.example.com (standby); may move to 203.0.113.77, else 203.0.113.78 and 2001:db8::78, by itself after 10m down\n',
    )
    expect(stdout).toContain('down          after 4 failures spanning 0s; up again after 1 success\n')
  })

  it('says who sends to whom', async () => {
    const { stdout } = await run('valid/all-keys.yml')
    expect(stdout.split('\n').filter((line) => line.startsWith('  replication ')).map((line) => line.replace(/^ +replication +/, ''))).toEqual([
      '/var/www/html: msk sends, ams receives, after 3s; stale after 30s',
      "/srv/it's one: two-way by way of ams, after 1s; stale after 1m, also all together",
    ])
    const report = JSON.parse((await run('valid/all-keys.yml', { json: true })).stdout) as ConfigReport
    expect(report.sites.map(({ replication }) => replication?.writer)).toEqual([undefined, undefined, 'msk', 'ams'])
  })

  it('says how it is operated, without a secret', async () => {
    const { stdout } = await run('valid/all-keys.yml')
    const of = (title: string): string => stdout.slice(stdout.indexOf(`\n${title}\n`) + 1)
    expect(of('failover.example.com').split('\n').filter((line) => /^ {2}(?:window|hears|quorum)/.test(line)).slice(0, 4)).toEqual([
      '  window        msk at "0 3 * * 0" (Europe/Amsterdam) for 1h: patching',
      '  window        spare at "30 0 4 1 * *" (UTC) for 1h30m: planned window',
      '  hears         scripts (vote), kuma (override), am (hint)',
      '  quorum        2',
    ])
    expect(of('service')).toBe(`service
  api              [::]:8454; everybody may read; tokens ops (read, operate), a-secret-token (read, webhook:am)
  webhook scripts  json, vote, by token and signature, believed for 1h, 0 rules
  webhook kuma     uptime-kuma, override, by token, believed for 2d, 2 rules
  webhook am       alertmanager, hint, by a token of the API, believed for 5h, 1 rule
  webhook panels   grafana, hint, by signature, believed for 5h, 1 rule
  alert slack      slack, region-down, region-up of failover.example.com; grouped for 1m, 5 an hour at most
  alert files      json, everything; grouped for 30s, 20 an hour at most
  alert own        json, everything; grouped for 30s, 20 an hour at most
  alert ntfy       ntfy, everything; grouped for 30s, 20 an hour at most
  alert pager      pagerduty, everything; grouped for 30s, 20 an hour at most
  alert discord    discord, everything; grouped for 30s, 20 an hour at most
  alert teams      teams, everything; grouped for 30s, 20 an hour at most
  dead man         pings every 30s
  history          not kept
`)
    const { stdout: json } = await run('valid/all-keys.yml', { json: true })
    const [site] = (JSON.parse(json) as ConfigReport).sites
    expect([site?.quorum, site?.sources, site?.windows.length, site?.regions[1]?.promoteAfterMs]).toEqual([2, { scripts: 'vote', kuma: 'override', am: 'hint' }, 2, 600_000])
  })

  it('says of which regions the config takes away that an order is in force for them', async () => {
    const dir = await makeFolder()
    const file = join(dir, 'dns-failover.yaml')
    const site = 'a.one.test'
    await writeFile(
      file,
      `version: 1
state: ./state
providers: { one: { type: embedded, listen: "127.0.0.1:5300", zone: one.test } }
sites:
  ${site}: { allowPrivate: true, regions: { moscow: { addresses: [127.0.0.2] }, ams: { addresses: [127.0.0.3] } }, check: { url: "http://{site}:9/" } }
`,
    )
    const check = async () => {
      const { io, output } = capture()
      return { code: await checkConfig(file, io, { env: {} }), stderr: output.stderr }
    }
    const given = { dir: join(dir, 'state'), wallNow: Date.now, log: () => undefined }
    await createOrderStore(given).setDrain(site, 'msk', { forMs: 3_600_000, reason: 'kernel', by: 'eve', isForced: false })
    expect(await check()).toEqual({
      code: 0,
      stderr: `${file}: warning: region msk is drained by eve (kernel), but the config has no region of that name: the order does nothing, and what the region led to is published as the checks say; give the order for the region that is meant now; "dns-failover undrain msk" takes this one back\n\n1 warning\n`,
    })
    await createFileStore({ ...given, now: () => 0 }).save(site, { ...emptyState, places: { msk: '127.0.0.2' } }, true)
    expect(await check()).toEqual({ code: 0, stderr: '' })
  })

  it('prints problems on stderr and fails', async () => {
    expect(await run('invalid/ttl-below-floor.yml')).toEqual({
      code: 1,
      stdout: '',
      stderr: `invalid/ttl-below-floor.yml:6:10: 30 is below the 60 seconds that provider "cf" (cloudflare) takes at least; 1 means "automatic" there, which is 300 seconds
  6 |     ttl: 30
    |          ^^

1 problem
`,
    })
  })

  it('prints a versioned report', async () => {
    const bad = await run('invalid/ttl-below-floor.yml', { json: true })
    expect([bad.code, bad.stderr, JSON.parse(bad.stdout)]).toEqual([
      1,
      '',
      {
        version: 1,
        exitCode: 1,
        ok: false,
        problems: [
          {
            severity: 'error',
            path: 'sites["failover.example.com"].ttl',
            line: 6,
            column: 10,
            length: 2,
            message:
              '30 is below the 60 seconds that provider "cf" (cloudflare) takes at least; 1 means "automatic" there, which is 300 seconds',
          },
        ],
        sites: [],
      },
    ])
    const good = await run('valid/design.yml', { json: true })
    const report = JSON.parse(good.stdout) as ConfigReport
    expect([good.code, report.version, report.exitCode, report.ok, report.problems]).toEqual([0, 1, 0, true, []])
    expect(report.sites.map((site) => [site.name, site.regions, site.check.body])).toEqual([
      [
        'failover.example.com',
        [
          { name: 'msk', role: 'active', service: 'failovermsk.example.com' },
          { name: 'ams', role: 'active', service: 'failoverams.example.com' },
        ],
        { kind: 'contains', text: 'Hello' },
      ],
    ])
  })

  it.each([
    ['no-such.yml', 'no-such.yml: cannot read the config: there is no such file\n\n1 problem\n'],
    ['valid', 'valid: cannot read the config: it is a directory\n\n1 problem\n'],
  ])('%s cannot be read', async (name, stderr) => {
    expect(await run(name)).toEqual({ code: 1, stdout: '', stderr })
  })
})

it('the schema is JSON on stdout', () => {
  const { io, output } = capture()
  expect(printSchema(io)).toBe(0)
  expect(JSON.parse(output.stdout)).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'dns-failover configuration' })
  expect(output.stderr).toBe('')
})
