import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkReplication } from '../../../src/cli/replication/check.ts'
import { promoteWriter, type PromoteOptions } from '../../../src/cli/replication/promote.ts'
import { renderFiles, type RenderOptions } from '../../../src/cli/replication/render-files.ts'
import { never } from '../operator-bench.ts'
import { beat, serveRegions } from './bench.ts'

interface Said {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const say = async (act: (io: { stdout(text: string): void; stderr(text: string): void; readonly color: boolean }) => Promise<number>): Promise<Said> => {
  let [stdout, stderr] = ['', '']
  const code = await act({ stdout: (text) => void (stdout += text), stderr: (text) => void (stderr += text), color: false })
  return { code, stdout, stderr }
}

const three = ['msk', 'ams', 'fra']
const lone = '{ root: /srv/www, heartbeat: { every: 1s } }'
const path = '/.dns-failover/msk.json'

describe('render', () => {
  const render = (options: Partial<RenderOptions> & Pick<RenderOptions, 'config'>): Promise<Said> =>
    say((io) => renderFiles({ sites: [], isJson: false, region: 'msk', out: undefined, ...options }, io, {}))

  it('writes a tree to copy to the server, again over itself', async () => {
    const { config, folder } = await serveRegions(three, lone)
    const out = join(folder, 'msk')
    for (const _ of [1, 2]) expect(await render({ config, out })).toMatchObject({ code: 0, stdout: `16 files for region msk of failover.example.test are in ${out}; begin with ${join(out, 'INSTALL.md')}\n` })
    expect((await readdir(out)).toSorted()).toEqual(['INSTALL.md', 'etc', 'install.sh', 'usr'])
    expect((await stat(join(out, 'install.sh'))).mode & 0o777).toBe(0o755)
    expect(await readFile(join(out, 'etc/dns-failover-replication/lsyncd.conf'), 'utf8')).toContain('target  = "dns-failover-fra:/"')
  })

  it('prints them, for people or as JSON, and warns of what two-way cannot do', async () => {
    const { config } = await serveRegions(three, '{ root: /srv/www, mode: two-way }')
    const text = await render({ config })
    expect(text.stdout).toContain('==> /etc/dns-failover-replication/lsyncd.conf (0644) what lsyncd sends, and to whom\n')
    expect(text.stderr).toContain('warning: two-way: of two edits of one file within the same second one is lost: on two sides, and on one side if both versions are of one size\n')
    const report = JSON.parse((await render({ config, isJson: true })).stdout) as { readonly exitCode: number; readonly out: null; readonly files: readonly { readonly path: string; readonly mode: string }[] }
    expect([report.exitCode, report.out, report.files.find(({ path: each }) => each === 'install.sh')?.mode]).toEqual([0, null, '0755'])
  })

  it('says what it cannot do', async () => {
    const { config } = await serveRegions(three, lone)
    expect(await render({ config, region: 'mks' })).toMatchObject({ code: 64, stderr: expect.stringContaining('the site has no region "mks"; there are: msk, ams, fra') as string })
    expect(await render({ config, out: join(config, 'below-a-file') })).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: cannot write \S+\/below-a-file\/INSTALL\.md: ENOTDIR: .*; give another directory with --out, or clear what is in the way$/m) as string })
    const bare = await serveRegions(three, '')
    expect(await render({ config: bare.config })).toMatchObject({ code: 1 })
  })
})

describe('check', () => {
  const check = (config: string, isJson = false): Promise<Said> => say((io) => checkReplication({ config, sites: [], isJson, totalMs: 20_000 }, io, {}, never))

  it('tells how each pair stands', async () => {
    const { config, regions } = await serveRegions(three, '{ root: /srv/www, heartbeat: { every: 1s }, maxLag: 30s, sameContent: [/index.html] }')
    let counter = 100
    regions['msk']?.pages.set(path, () => beat('msk', (counter += 1), 'b'))
    regions['ams']?.pages.set(path, () => beat('msk', counter, 'b'))
    regions['fra']?.pages.set(path, beat('msk', 10))
    for (const [name, text] of [['msk', 'one'], ['ams', 'one'], ['fra', 'two']] as const) regions[name]?.pages.set('/index.html', text)
    const { code, stdout } = await check(config)
    expect(code).toBe(3)
    const lines = stdout.split('\n').map((line) => line.replaceAll(/ {2,}/g, '  ').replaceAll(/\b9\d s/g, 'N s'))
    expect(lines[0]).toBe('failover.example.test (single-writer)')
    expect(lines[1]).toBe('  FROM  TO  STATE  LAG  CONTENT  WRITTEN')
    expect(lines[2]).toMatch(/^ {2}msk {2}ams {2}ok {2}\d s {2}same {2}1970-01-01T00:01:4\d\.000Z {2}/)
    expect(lines[3]).toBe('  msk  fra  behind  N s  differs  1970-01-01T00:00:10.000Z  N s behind, and the content differs')
    expect(lines[4]).toMatch(/^ {2}\/index\.html: differs: msk [0-9a-f]{12}, ams [0-9a-f]{12}, fra [0-9a-f]{12}$/)

    regions['fra']?.pages.set(path, () => beat('msk', counter, 'b')).set('/index.html', 'one')
    const fine = await check(config, true)
    const report = JSON.parse(fine.stdout) as { readonly exitCode: number; readonly pairs: readonly { readonly state: string; readonly isSame: boolean }[]; readonly contents: readonly { readonly isSame: boolean }[] }
    expect([fine.code, report.exitCode, report.pairs.map(({ state, isSame }) => [state, isSame]), report.contents.map(({ isSame }) => isSame)]).toEqual([0, 0, [['ok', true], ['ok', true]], [true]])
  })

  it('tells a writer that stands still, and a server that is not there', async () => {
    const { config, regions } = await serveRegions(three, lone)
    for (const name of ['msk', 'ams']) regions[name]?.pages.set(path, beat('msk', 10))
    await regions['fra']?.stop()
    const { code, stdout } = await check(config)
    expect(code).toBe(3)
    expect(stdout).toMatch(/msk +ams +still .*the sender writes no heartbeat any more/)
    expect(stdout).toMatch(/msk +fra +unreachable .*fra cannot be asked: refused/)
  })
})

describe('promote', () => {
  const promote = (config: string, options: Partial<PromoteOptions> = {}): Promise<Said> =>
    say((io) => promoteWriter({ config, sites: [], isJson: false, region: 'ams', isForced: false, out: undefined, totalMs: 20_000, ...options }, io, {}, never))
  const start = async (counters: Readonly<Record<string, readonly [number, string] | undefined>>) => {
    const bench = await serveRegions(three, lone)
    for (const [name, at] of Object.entries(counters)) {
      if (at === undefined) await bench.regions[name]?.stop()
      else bench.regions[name]?.pages.set(path, beat('msk', ...at))
    }
    return bench
  }

  it('refuses while the writer is alive and newer, unless forced, loudly', async () => {
    const { config } = await start({ msk: [50, 'b'], ams: [20, 'a'], fra: [50, 'b'] })
    const refused = await promote(config)
    expect(refused).toMatchObject({ code: 3, stdout: expect.stringMatching(/^refused: msk is alive and has newer content: ams is 30 s behind, and the content differs\n {2}-> stop changing files on msk/) as string })
    const forced = await promote(config, { isForced: true })
    expect(forced).toMatchObject({ code: 0, stderr: 'warning: FORCED, although msk is alive and has newer content: ams is 30 s behind, and the content differs. What msk has and ams has not will be lost on the others.\n' })
    expect(forced.stdout).toContain('The writer of failover.example.test moves from msk to ams.')
    expect(forced.stdout).toContain('     systemctl disable --now dns-failover-replication.service dns-failover-replication-heartbeat.service\n')
  })

  it('stops a writer that is alive first, and ends with it', async () => {
    const { config } = await start({ msk: [50, 'b'], ams: [50, 'b'], fra: [50, 'b'] })
    const { code, stdout } = await promote(config)
    expect(code).toBe(0)
    expect(stdout.match(/^\d+\. .*$/gm)?.map((line) => line.slice(0, 30))).toEqual([
      '1. On msk: change no more files',
      `2. In ${config}`.slice(0, 30),
      '3. Render the files for every ',
      '4. Install on ams first: it th',
      '5. Install on fra: they take f',
      '6. Install on msk, which recei',
      '7. Look.',
    ].map((line) => line.slice(0, 30)))
    expect(stdout).toContain(`     dns-failover replication render --config ${config} --site failover.example.test --region fra --out ./replication/fra\n`)
    expect(stdout).toContain('     rsync -a ./replication/ams/ \'root@127.0.0.3:dns-failover-ams/\'\n     ssh root@127.0.0.3 sh dns-failover-ams/install.sh\n')
  })

  it('takes over from a writer that is gone, with the files for all', async () => {
    const { config, folder } = await start({ msk: undefined, ams: [50, 'b'], fra: [49, 'a'] })
    const out = join(folder, 'moved')
    const { code, stdout } = await promote(config, { out })
    expect(code).toBe(0)
    expect(stdout).toContain('1. msk cannot be asked from here. Turn it off')
    expect((await readdir(out)).toSorted()).toEqual(['ams', 'fra', 'msk'])
    expect(await readdir(join(out, 'ams/etc/dns-failover-replication'))).toContain('lsyncd.conf')
    expect(await readdir(join(out, 'msk/etc/dns-failover-replication'))).not.toContain('lsyncd.conf')
    expect(await readFile(join(out, 'fra/install.sh'), 'utf8')).toMatch(/^grant 'ams' /m)
    expect(await readFile(join(out, 'fra/install.sh'), 'utf8')).not.toMatch(/^grant 'msk' /m)
  })

  it('knows who is the writer already, what is no region, and that two-way has none', async () => {
    const { config } = await start({})
    expect(await promote(config, { region: 'msk' })).toMatchObject({ code: 0, stdout: 'msk is the writer of failover.example.test already\n' })
    expect(await promote(config, { region: 'nowhere' })).toMatchObject({ code: 64 })
    const both = await serveRegions(three, '{ root: /srv/www, mode: two-way }')
    expect(await promote(both.config)).toMatchObject({ code: 64, stderr: expect.stringContaining('in two-way mode every region writes') as string })
  })
})
