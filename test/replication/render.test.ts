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
  const common = ['INSTALL.md', 'install.sh', 'pull', 'receive', 'ssh_config', 'known_hosts', '50-dns-failover-replication.conf', 'dns-failover-replication-pull.service']
  const sending = ['lsyncd.conf', 'send', 'heartbeat', 'dns-failover-replication.service', 'dns-failover-replication-heartbeat.service']

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

  it('sends no marker, temporary file or heartbeat as content; the ticks of its own heartbeat are a reason to send', () => {
    const conf = fileOf('msk', 'lsyncd.conf', { mode: 'two-way' })
    const own = ['/.dns-failover-root', '/.dns-failover-temp/']
    expect([...conf.matchAll(/"--exclude=(.*)"/g)].map((match) => match[1])).toEqual([...own, '/.dns-failover/', ...own, '/.dns-failover/'])
    expect([...conf.matchAll(/^ {4}"(\/.*)",$/gm)].map((match) => match[1])).toEqual([...own, '/.dns-failover/*.json', ...own, '/.dns-failover/*.json'])
  })

  it.each<[string, Partial<Replication>, string, readonly string[], readonly string[]]>([
    ['the writer sends its own', {}, 'msk', ['ams: msk', 'fra: msk'], []],
    ['a receiver takes that of the writer', {}, 'ams', [], ['msk: msk']],
    ['a hub sends what it has, but to nobody its own', { mode: 'two-way', topology: 'star', writer: 'ams', hub: 'ams' }, 'ams', ['msk: ams fra', 'fra: msk ams'], ['msk: msk', 'fra: fra']],
    ['a spoke takes all from the hub', { mode: 'two-way', topology: 'star', writer: 'ams', hub: 'ams' }, 'fra', ['ams: fra'], ['ams: msk ams']],
  ])('whose heartbeats go where: %s', (_, changes, region, sent, taken) => {
    const send = names(region, changes).includes('send') ? fileOf(region, '/send', changes) : ''
    expect([...send.matchAll(/^ {2}'dns-failover-(\w+):\/'\) beats\(\) \{ for region in (.*?); do/gm)].map((match) => `${match[1]}: ${match[2]?.replaceAll("'", '')}`)).toEqual(sent)
    expect([...fileOf(region, '/receive', changes).matchAll(/^ {2}'(\w+)'\) carried=' (.*) ' ;;/gm)].map((match) => `${match[1]}: ${match[2]}`)).toEqual(taken)
  })

  it.each<[string, Partial<Replication>, string, readonly string[]]>([
    ['receivers read from the writer', {}, 'msk', ['ams -ro', 'fra -ro']],
    ['the writer writes to a receiver', {}, 'ams', ['msk -wo -no-lock']],
    ['both both', { mode: 'two-way' }, 'fra', ['msk -no-lock', 'ams -no-lock']],
  ])('who comes in for what: %s', (_, changes, region, grants) => {
    const script = fileOf(region, 'install.sh', changes)
    expect([...script.matchAll(/^grant '(\w+)' 'restrict,command="\/usr\/local\/lib\/dns-failover-replication\/receive '\\''(\w+)'\\'' (.*?)"'/gm)].map(([, granted, told, rights]) => `${granted} ${granted === told ? rights : told}`)).toEqual(grants)
  })

  it('knows hosts by region, in lower case, and says whose key is not known', () => {
    const { hosts } = replication()
    const changes = { hosts: { MSK: { address: 'a.example', port: 22, hostKeys: [] }, ams: hosts['ams'] ?? { address: '', port: 22, hostKeys: [] } }, writer: 'MSK' }
    expect(fileOf('ams', 'ssh_config', changes)).toContain('Host dns-failover-msk\n  HostName a.example\n  Port 22\n  HostKeyAlias dns-failover-msk\n')
    expect(fileOf('MSK', 'known_hosts', changes)).toContain('\ndns-failover-ams ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA\n')
    expect(render('ams', changes).warnings).toEqual(['the host key of MSK is not in the config (replication.hosts.MSK.hostKey): ams talks to no server whose key it does not know'])
    expect(fileOf('ams', 'INSTALL.md', changes)).toContain('ssh-keyscan -t ed25519 -p 22 a.example')
  })

  it('lets whoever takes content set the modes that it has: also a directory that hands its group on', () => {
    expect(fileOf('ams', '-pull.service')).not.toMatch(/^RestrictSUIDSGID/m)
    for (const unit of ['replication.service', '-heartbeat.service']) expect(fileOf('msk', unit)).toMatch(/^RestrictSUIDSGID=yes$/m)
  })

  it('says what two-way cannot do, and nothing of it with one writer', () => {
    expect(render('msk').warnings).toEqual([])
    const star = render('msk', { mode: 'two-way', topology: 'star', writer: 'ams', hub: 'ams' })
    expect(star.warnings).toHaveLength(6)
    expect(fileOf('msk', 'INSTALL.md', { mode: 'two-way' })).toContain('- of two edits of one file within the same second one is lost: on two sides, and on one side if both versions are of one size\n')
  })
})

describe('INSTALL.md', () => {
  const deletions = (region: string, changes: Partial<Replication> = {}): string => /## What is deleted, and when\n\n([^]*?)\n## Later/.exec(fileOf(region, 'INSTALL.md', changes))?.[1] ?? ''

  it('says what is deleted when, to the writer, to a receiver and to one of two ways', () => {
    expect(deletions('msk')).toMatchInlineSnapshot(`
      "- At a start: nothing. All that differs at ams and fra is replaced by what is here; what only they have stays.
      - While lsyncd runs: what is deleted here is deleted at ams and fra with the next turn, a directory with all that is in it there. Of one that
        cannot be reached then lsyncd keeps it in mind, until it is started anew.
      - What was deleted here while lsyncd did not run stays there, until "pull exact yes" on that server.
      "
    `)
    expect(deletions('ams')).toMatchInlineSnapshot(`
      "- At a start: nothing. What differs from msk is replaced by what msk has, and kept in /var/lib/dns-failover-replication/replaced; what only this server has
        stays.
      - While it runs: what is deleted at msk while lsyncd runs there is deleted here, a directory with all that is in it, also what only
        this server had. What is changed at msk replaces the file here, and that one is not kept.
      - What was deleted at msk while its lsyncd did not run stays here, and so does what only this server has. To see what that is, and
        then to delete it (it is kept in /var/lib/dns-failover-replication/replaced):

            runuser -u replication -- /usr/local/lib/dns-failover-replication/pull exact
            runuser -u replication -- /usr/local/lib/dns-failover-replication/pull exact yes
      "
    `)
    expect(deletions('fra', { mode: 'two-way' })).toMatchInlineSnapshot(`
      "- At a start: nothing, neither here nor elsewhere. A file that is newer there replaces the one here, and the other way round.
      - While lsyncd runs: what is deleted here is deleted at msk and ams with the next turn, a directory with all that is in it there. Of one that
        cannot be reached then lsyncd keeps it in mind, until it is started anew.
      - What was deleted here while lsyncd did not run, or elsewhere while this server was off, comes back from whoever still has it: delete it
        once more while all run.
      "
    `)
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
