import { execFile, spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { bashCompletion } from '../../src/cli/completion/bash.ts'
import { fishCompletion } from '../../src/cli/completion/fish.ts'
import { shapeOf } from '../../src/cli/completion/shape.ts'
import { zshCompletion } from '../../src/cli/completion/zsh.ts'
import { dnsFailover } from '../../src/cli/program.ts'
import { makeFolder } from '../store/folder.ts'
import { titled } from '../system/servers/available.ts'
import { never } from './operator-bench.ts'

const run = promisify(execFile)

const said = async (args: readonly string[]): Promise<{ readonly stdout: string; readonly code: number }> => {
  let [stdout, code] = ['', -1]
  const io = { stdout: (text: string) => void (stdout += text), stderr: () => undefined, color: false, isWatched: false }
  await dnsFailover({ io: () => io, env: {}, signal: never, setExitCode: (each) => (code = each) }).parseAsync(args, { from: 'user' })
  return { stdout, code }
}

const shape = shapeOf(dnsFailover({ io: () => ({ stdout: () => undefined, stderr: () => undefined, color: false, isWatched: false }), env: {}, signal: never, setExitCode: () => undefined }))
const missing = (shell: string): string | undefined => (spawnSync(shell, ['--version']).error === undefined ? undefined : `${shell} is not installed`)

describe('what a shell needs to complete', () => {
  it.each([
    ['bash', bashCompletion(shape)],
    ['zsh', zshCompletion(shape)],
    ['fish', fishCompletion(shape)],
  ])('is printed for %s', async (shell, script) => expect(await said(['completion', shell])).toEqual({ code: 0, stdout: script }))
})

describe.skipIf(missing('bash') !== undefined)(titled('completion in bash', missing('bash')), () => {
  const complete = async (...words: readonly string[]): Promise<readonly string[]> => {
    const dir = await makeFolder()
    await writeFile(join(dir, 'script'), bashCompletion(shape))
    await writeFile(join(dir, 'my config.yaml'), '')
    const source = `source ./script; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _dns_failover 2>&1; printf '%s\\n' "\${COMPREPLY[@]}"`
    const { stdout } = await run('bash', ['--norc', '-u', '-c', source, 'bash', ...words], { cwd: dir })
    return stdout.split('\n').filter((line) => line !== '')
  }

  it.each([
    [['dns-failover', ''], [...shape.verbs.map(({ name }) => name), '-V', '--version', '-h', '--help']],
    [['dns-failover', 'r'], ['reconcile', 'report', 'repoint', 'resume', 'replication', 'release']],
    [['dns-failover', 'force', ''], ['up', 'down']],
    [['dns-failover', 'replication', ''], ['render', 'check', 'promote']],
    [['dns-failover', 'replication', 'render', '--re'], ['--region']],
    [['dns-failover', 'status', '--token-file', 'my'], ['my config.yaml']],
    [['dns-failover', 'pause', '--f'], ['--for']],
    [['/usr/bin/dns-reconcile', '--d'], ['--dry-run']],
    [['dns-reconcile', '--log-level', 'w'], ['warn']],
    [['dns-failover', 'pause', '--config', 'my'], ['my config.yaml']],
    [['dns-failover', 'check-config', 'my'], ['my config.yaml']],
    [['dns-failover', 'check-config', '--j'], ['--json']],
    [['dns-failover', 'completion', ''], ['bash', 'zsh', 'fish']],
    [['dns-failover', 'pause', '--for', ''], []],
    [['dns-failover', 'release', ''], []],
  ])('%j', async (words, expected) => expect(await complete(...words)).toEqual(expected))

})

describe.skipIf(missing('zsh') !== undefined)(titled('completion in zsh', missing('zsh')), () => {
  it('is taken by the shell, and describes every verb and option', async () => {
    const dir = await makeFolder()
    await writeFile(join(dir, 'script'), zshCompletion(shape))
    const stubs = `compdef() { print compdef $*; }; _describe() { print -rl -- $verbs; }; _arguments() { print -rl -- "$@"; }; source ./script; service=dns-failover`
    const { stdout } = await run('zsh', ['-f', '-c', `${stubs}; words=(dns-failover ''); CURRENT=2; _dns_failover; words=(dns-failover completion ''); CURRENT=3; _dns_failover; service=dns-reconcile; words=(dns-reconcile ''); CURRENT=2; _dns_failover`], { cwd: dir })
    const lines = stdout.split('\n')
    expect(lines[0]).toBe('compdef _dns_failover dns-failover dns-reconcile')
    expect(lines).toContain('explain:Tell why each address is published or not\\: by which rule, and since when.')
    expect(lines).toContain('*:value:(bash zsh fish)')
    expect(lines).toContain('--token-file[holds the token for --url (default\\: DNS_FAILOVER_TOKEN)]:file:_files')
    expect(lines).toContain('--log-level[what to log on stderr]:value:(error warn info debug)')
  })
})

describe.skipIf(missing('fish') !== undefined)(titled('completion in fish', missing('fish')), () => {
  it('completes verbs, options and values', async () => {
    const dir = await makeFolder()
    await writeFile(join(dir, 'script'), fishCompletion(shape))
    const complete = async (line: string): Promise<readonly string[]> => {
      const { stdout } = await run('fish', ['--no-config', '-c', `source ./script; complete -C '${line}'`], { cwd: dir, env: { PATH: process.env['PATH'], HOME: dir } })
      return stdout.split('\n').flatMap((each) => (each === '' ? [] : [each.split('\t')[0] ?? '']))
    }
    expect(await complete('dns-failover re')).toEqual(['reconcile', 'release', 'replication', 'repoint', 'report', 'resume'])
    expect((await complete('dns-failover replication ')).toSorted()).toEqual(['check', 'promote', 'render'])
    expect(await complete('dns-failover pause --fo')).toEqual(['--for'])
    expect(await complete('dns-reconcile --log-level w')).toEqual(['warn'])
    expect(await complete('dns-failover completion ')).toEqual(['bash', 'fish', 'zsh'])
    expect(await complete('dns-failover check-config scr')).toEqual(['script'])
  })
})
