import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Replication } from '../../src/core/replication.ts'
import { keyOptionQuoted, luaQuoted, shellQuoted, unitQuoted } from '../../src/replication/quoting.ts'
import { renderReplication } from '../../src/replication/render.ts'
import { replication } from '../core/replication-sample.ts'

const run = promisify(execFile)
const site = 'failover.example.com'
const hostile = `/srv/it's 100% "one" $x \`id\` [a]* ; rm; --`

const render = (region: string, changes: Partial<Replication> = {}) => renderReplication(site, region, replication(changes))
const fileOf = (region: string, name: string, changes: Partial<Replication> = {}): string => {
  const found = render(region, changes).files.filter(({ path }) => path.endsWith(name))
  expect(found.map(({ path }) => path)).toHaveLength(1)
  return found[0]?.text ?? ''
}
const names = (region: string, changes: Partial<Replication> = {}): readonly string[] => render(region, changes).files.map(({ path }) => path.slice(path.lastIndexOf('/') + 1))

const folderWith = async (region: string, changes: Partial<Replication> = {}): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'rendered-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const { path, mode, text } of render(region, changes).files) {
    const file = join(folder, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
    await chmod(file, mode)
  }
  return folder
}

const has = (program: string): Promise<boolean> => run('sh', ['-c', `PATH=$PATH:/usr/sbin command -v ${program}`]).then(() => true, () => false)

describe('quoting', () => {
  it.each(["it's", '"', '\\', '$x `id` $(id)', "'''", '', 'a\\"b'])('a shell reads %j as it was', async (text) => {
    const { stdout } = await run('sh', ['-c', `printf %s ${shellQuoted(text)}`])
    expect(stdout).toBe(text)
  })

  it.each<[(text: string) => string, string, string]>([
    [luaQuoted, 'a"b\\c', String.raw`"a\"b\\c"`],
    [unitQuoted, '100% "x" \\', String.raw`"100%% \"x\" \\"`],
    // sshd takes a backslash before anything else for itself.
    [keyOptionQuoted, String.raw`'it'\''s "x"'`, String.raw`"'it'\''s \"x\"'"`],
  ])('%o of %j', (quote, text, quoted) => expect(quote(text)).toBe(quoted))
})

describe('what a server gets', () => {
  const common = ['INSTALL.md', 'install.sh', 'pull', 'ssh_config', 'known_hosts', '50-dns-failover-replication.conf', 'dns-failover-replication-pull.service']
  const sending = ['lsyncd.conf', 'heartbeat', 'dns-failover-replication.service', 'dns-failover-replication-heartbeat.service']

  it('by its part: only who sends has lsyncd and a heartbeat', () => {
    expect(names('msk')).toEqual(expect.arrayContaining([...common, ...sending]))
    expect(names('ams')).toEqual(expect.arrayContaining(common))
    expect(names('ams').filter((name) => sending.includes(name))).toEqual([])
    for (const region of ['msk', 'ams', 'fra']) expect(names(region, { mode: 'two-way' })).toEqual(expect.arrayContaining([...common, ...sending]))
  })

  it.each<[string, Partial<Replication>, string, readonly string[]]>([
    ['the writer sends to all', {}, 'msk', ['ams', 'fra']],
    ['a mesh', { mode: 'two-way' }, 'fra', ['msk', 'ams']],
    ['a hub', { mode: 'two-way', topology: 'star', writer: 'ams', hub: 'ams' }, 'ams', ['msk', 'fra']],
    ["a hub's spoke", { mode: 'two-way', topology: 'star', writer: 'ams', hub: 'ams' }, 'fra', ['ams']],
  ])('sends to whom: %s', (_, changes, region, targets) => {
    const conf = fileOf(region, 'lsyncd.conf', changes)
    expect([...conf.matchAll(/^ {2}target {2}= "dns-failover-(\w+):\/",/gm)].map((match) => match[1])).toEqual(targets)
    expect(conf).toContain('insist     = true')
    expect(conf.match(/^ {2}delete {2}= 'running',/gm)).toHaveLength(targets.length)
    expect(conf).not.toContain('default.rsyncssh,')
    expect(conf.includes('update       = true')).toBe(changes.mode === 'two-way')
  })

  it('nobody sends the heartbeat of another, except a hub, nor its marker and temporary files', () => {
    const excluded = (region: string, changes: Partial<Replication>): readonly string[] => [...fileOf(region, 'lsyncd.conf', changes).matchAll(/"--exclude=(.*)"/g)].map((match) => match[1] ?? '')
    expect(excluded('msk', { mode: 'two-way' }).slice(0, 4)).toEqual(['/.dns-failover-root', '/.dns-failover-temp/', '/.dns-failover/ams.json', '/.dns-failover/fra.json'])
    const star = { mode: 'two-way', topology: 'star', writer: 'ams', hub: 'ams' } as const
    expect(excluded('ams', star)).toEqual(['/.dns-failover-root', '/.dns-failover-temp/', '/.dns-failover/msk.json', '/.dns-failover-root', '/.dns-failover-temp/', '/.dns-failover/fra.json'])
  })

  it.each<[string, Partial<Replication>, string, readonly string[]]>([
    ['receivers read from the writer', {}, 'msk', ['ams -ro', 'fra -ro']],
    ['the writer writes to a receiver', {}, 'ams', ['msk -wo -no-lock']],
    ['both both', { mode: 'two-way' }, 'fra', ['msk -no-lock', 'ams -no-lock']],
  ])('who comes in for what: %s', (_, changes, region, grants) => {
    const script = fileOf(region, 'install.sh', changes)
    expect([...script.matchAll(/^grant '(\w+)' 'restrict,command="\/usr\/bin\/rrsync (.*?) '\\''/gm)].map((match) => `${match[1]} ${match[2]}`)).toEqual(grants)
  })

  it('knows hosts by region, in lower case, and says whose key is not known', () => {
    const { hosts } = replication()
    const changes = { hosts: { MSK: { address: 'a.example', port: 22, hostKeys: [] }, ams: hosts['ams'] ?? { address: '', port: 22, hostKeys: [] } }, writer: 'MSK' }
    expect(fileOf('ams', 'ssh_config', changes)).toContain('Host dns-failover-msk\n  HostName a.example\n  Port 22\n  HostKeyAlias dns-failover-msk\n')
    expect(fileOf('MSK', 'known_hosts', changes)).toContain('\ndns-failover-ams ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA\n')
    expect(render('ams', changes).warnings).toEqual(['the host key of MSK is not in the config (replication.hosts.MSK.hostKey): ams talks to no server whose key it does not know'])
    expect(fileOf('ams', 'INSTALL.md', changes)).toContain('ssh-keyscan -t ed25519 -p 22 a.example')
  })

  it('says what two-way cannot do, and nothing of it with one writer', () => {
    expect(render('msk').warnings).toEqual([])
    const star = render('msk', { mode: 'two-way', topology: 'star', writer: 'ams', hub: 'ams' })
    expect(star.warnings).toHaveLength(6)
    expect(fileOf('msk', 'INSTALL.md', { mode: 'two-way' })).toContain('- of two edits of one file within the same second, on two sides, one is lost\n')
  })
})

describe('what programs make of it, with a hostile document root', () => {
  const modes: readonly Partial<Replication>[] = [{ root: hostile }, { root: hostile, mode: 'two-way' }]

  it.each(modes)('shells can read the scripts (%o)', async (changes) => {
    for (const region of ['msk', 'ams']) {
      const folder = await folderWith(region, changes)
      for (const { path, mode } of render(region, changes).files.filter((file) => file.mode === 0o755)) {
        expect(mode).toBe(0o755)
        await run('sh', ['-n', join(folder, path)])
      }
    }
  })

  it('Lua can read lsyncd.conf, with the same root', async ({ skip }) => {
    const folder = await folderWith('msk', { root: hostile })
    const file = join(folder, 'etc/dns-failover-replication/lsyncd.conf')
    if (!(await has('luac'))) return skip('luac is not installed')
    await run('luac', ['-p', file])
    expect(fileOf('msk', 'lsyncd.conf', { root: hostile })).toContain(`source  = ${JSON.stringify(hostile)},`)
  })
})
