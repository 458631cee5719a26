import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ReconcileReport } from '../../src/cli/render/json.ts'
import { makeFolder } from '../store/folder.ts'
import { type Bin, runProgram } from './program.ts'

const configText = `
version: 1
providers:
  bind: { type: rfc2136, server: "127.0.0.1:1", zone: example.com }
sites:
  failover.example.com:
    regions:
      msk: { addresses: [203.0.113.10] }
      ams: { addresses: [198.51.100.20] }
    check: { url: "http://{site}/" }
`

const write = async (text: string): Promise<string> => {
  const file = join(await makeFolder(), 'dns-failover.yaml')
  await writeFile(file, text)
  return file
}

describe('wrong usage', () => {
  it.each([
    ['dns-reconcile', [], "required option '-c, --config <file>' not specified"],
    ['dns-reconcile', ['--config'], "option '-c, --config <file>' argument missing"],
    ['dns-reconcile', ['--config', 'FILE', '--dryrun'], "unknown option '--dryrun'"],
    ['dns-reconcile', ['--config', 'FILE', 'more'], 'too many arguments'],
    ['dns-reconcile', ['--config', 'FILE', '--timeout', '60'], '60 has no unit; did you mean 60s?'],
    ['dns-reconcile', ['--config', 'FILE', '--log-level', 'loud'], 'Allowed choices are error, warn, info, debug'],
    ['dns-reconcile', ['--config', 'FILE', '--site', 'failover.example.net'], 'there is no site "failover.example.net" in the config'],
    ['dns-failover', ['reconsile', '--config', 'FILE'], "unknown command 'reconsile'"],
    ['dns-failover', ['reconcile'], 'say whom to ask: --config FILE for the service on this machine (or none), or --url URL (or DNS_FAILOVER_URL) for one elsewhere'],
    ['dns-failover', ['status', '--config', 'FILE', '--url', 'http://127.0.0.1:1'], '--url and --config name two services; give one of them'],
    ['dns-failover', ['status', '--config', 'FILE', '--token-file', 'FILE'], '--token-file is for a service at --url'],
    ['dns-failover', ['status', '--url', 'http://me:secret@127.0.0.1:1'], '--url holds credentials; leave them out'],
    ['dns-failover', ['status', '--url', '127.0.0.1:8453'], '--url is no URL of a service; write one such as http://127.0.0.1:8453'],
    ['dns-failover', ['status', '--config', 'FILE', '--watch'], '--watch draws on a terminal'],
    ['dns-failover', ['drain', 'msk', '--config', 'FILE', '--reason', 'kernel'], "required option '--for <duration>' not specified"],
    ['dns-failover', ['drain', 'msk', '--config', 'FILE', '--for', '1h'], "required option '--reason <text>' not specified"],
    ['dns-failover', ['drain', 'msk', '--config', 'FILE', '--for', '31d', '--reason', 'kernel'], 'write whole seconds, from 1s to 30d'],
    ['dns-failover', ['drain', 'msk', '--config', 'FILE', '--for', '1h', '--reason', ' '], 'write why, in 1 to 200 printable characters'],
    ['dns-failover', ['drain', 'msk', '--config', 'FILE', '--for', '1h', '--reason', 'kernel', '--timeout', '5m'], "option '--timeout <duration>' bounds the wait, and there is none without --wait"],
    ['dns-failover', ['drain', 'mks', '--config', 'FILE', '--for', '1h', '--reason', 'kernel'], 'no site has a region "mks"'],
    ['dns-failover', ['force', 'sideways', 'msk', '--config', 'FILE', '--for', '1h', '--reason', 'kernel'], 'Allowed choices are up, down'],
    ['dns-failover', ['repoint', 'msk', '--config', 'FILE'], "missing required argument 'address'"],
    ['dns-failover', ['events', '--config', 'FILE', '--limit', '0'], 'write a number from 1 to 1000'],
    ['dns-failover', ['report', '--config', 'FILE', '--since', 'yesterday'], 'write how long ago, such as 90m, 24h or 30d, or a time such as'],
    ['dns-failover', ['explain', '--url', 'http://127.0.0.1:1', '--check'], '--check checks from this machine, and needs --config'],
    ['dns-failover', ['check-config'], 'missing the config file'],
    ['dns-failover', [], 'Usage: dns-failover'],
  ] as const)('%s %j exits 64', async (bin, args, message) => {
    const file = await write(configText)
    const given = args.map((arg) => (arg === 'FILE' ? file : arg))
    const { code, stdout, stderr } = await runProgram(bin as Bin, given)
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' })
    expect(stderr).toContain(message)
  })

  it('is told as JSON too', async () => {
    const file = await write(configText)
    for (const args of [['--json', '--oops'], ['--config', file, '--json', '--site', 'nowhere.example']]) {
      const { code, stdout } = await runProgram('dns-reconcile', args)
      const report = ReconcileReport.parse(JSON.parse(stdout))
      expect({ code, exitCode: report.exitCode, error: report.error?.code }).toEqual({ code: 64, exitCode: 64, error: 'usage' })
    }
  })
})

describe('a config with mistakes', () => {
  it('is refused with every problem and its place, exit code 1', async () => {
    const file = await write(configText.replace('ams:', 'asm: {}\n      ams:').replace('url:', 'ulr:'))
    const { code, stdout, stderr } = await runProgram('dns-reconcile', ['--config', file])
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(`${file}:9:`)
    expect(stderr).toContain(`${file}:11:`)
    const json = await runProgram('dns-reconcile', ['--config', file, '--json'])
    const report = ReconcileReport.parse(JSON.parse(json.stdout))
    expect({ code: json.code, exitCode: report.exitCode, lines: [...new Set(report.problems?.map(({ line }) => line))] }).toEqual({ code: 1, exitCode: 1, lines: [9, 11] })
  })

  it('may be missing altogether', async () => {
    const { code, stderr } = await runProgram('dns-reconcile', ['--config', join(await makeFolder(), 'none.yaml')])
    expect(code).toBe(1)
    expect(stderr).toContain('cannot read the config')
    const health = await runProgram('dns-failover', ['health', '--config', 'none.yaml'])
    expect(health).toEqual({ code: 1, stdout: '', stderr: 'error: cannot read the config none.yaml: there is no such file\n' })
  })

  it('is checked and described by check-config, by argument or option', async () => {
    const file = await write(configText)
    const [first, second] = await Promise.all([runProgram('dns-failover', ['check-config', file]), runProgram('dns-failover', ['check-config', '--config', file])])
    expect({ code: first.code, isSame: first.stdout === second.stdout, isFine: first.stdout.includes('fine') }).toEqual({ code: 0, isSame: true, isFine: true })
  })
})

describe('help, version and schema', () => {
  it.each([
    ['dns-reconcile', ['--help'], 'Exit codes (of several sites the worst, in the order 1, 4, 3, 2, 0):'],
    ['dns-failover', ['reconcile', '--help'], '$ dns-failover reconcile --config dns-failover.yaml --dry-run'],
    ['dns-failover', ['--help'], 'check-config'],
    ['dns-reconcile', ['--version'], '0.'],
    ['dns-failover', ['--version'], '0.'],
    ['dns-failover', ['schema'], '"$schema"'],
  ] as const)('%s %j exits 0', async (bin, args, text) => {
    const { code, stdout, stderr } = await runProgram(bin as Bin, args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(text)
  })
})

describe('a state directory that cannot be used', () => {
  it('is named, with exit code 1', async () => {
    const file = await write(`${configText}state: ./dns-failover.yaml\n`)
    const { code, stderr } = await runProgram('dns-reconcile', ['--config', file])
    expect(code).toBe(1)
    expect(stderr).toContain(`error: cannot lock the state directory in ${file}: a part of the path is a file; set "state" to a directory (ENOTDIR)`)
  })
})
