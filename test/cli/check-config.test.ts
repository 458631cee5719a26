import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkConfig, type CheckConfigOptions, type ConfigReport } from '../../src/cli/check-config.ts'
import type { Io } from '../../src/cli/io.ts'
import { printSchema } from '../../src/cli/schema.ts'
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
    expect(stdout).toContain('region spare  spare.example.com (standby)')
    expect(stdout).toContain('down          after 4 failures spanning 0s; up again after 1 success\n')
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
    expect([good.code, report.version, report.ok, report.problems]).toEqual([0, 1, true, []])
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
