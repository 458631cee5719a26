import { describe, expect, it } from 'vitest'
import { titled } from '../system/servers/available.ts'
import { playRegions, type PlayedRegion, replicationMissing } from './region-bench.ts'

const missing = await replicationMissing()
const root = `/srv/it's 100% "one" $x [a]*`
const pull = 'dns-failover-replication-pull.service'
const send = 'dns-failover-replication.service'
const beat = 'dns-failover-replication-heartbeat.service'

const reads = (region: PlayedRegion, file: string): Promise<string> => region.sh(`cat '${file}' 2>/dev/null`).then(({ stdout }) => stdout.trim())
const sees = (region: PlayedRegion, file: string, text: string): Promise<void> => expect.poll(() => reads(region, file), { timeout: 60_000, interval: 200 }).toBe(text)
const files = (region: PlayedRegion): Promise<string> => region.sh("find . -type f ! -path './.dns-failover*' | sort").then(({ stdout }) => stdout.trim().replaceAll('\n', ' '))

const pair = async (changes: Parameters<typeof playRegions>[1]): Promise<{ readonly msk: PlayedRegion; readonly ams: PlayedRegion; readonly install: Awaited<ReturnType<typeof playRegions>>['install'] }> => {
  const { regions, install } = await playRegions(['msk', 'ams'], { root, ...changes })
  const { msk, ams } = regions
  if (msk === undefined || ams === undefined) throw new Error('no regions')
  return { msk, ams, install }
}

describe.skipIf(missing !== undefined)(titled('what is rendered, run as rendered', missing), { timeout: 180_000 }, () => {
  it('two-way: what is made, changed or deleted on one side is so on the other, and the key opens nothing else', async () => {
    const { msk, ams } = await pair({ mode: 'two-way' })
    for (const region of [msk, ams]) await region.start('sshd')
    for (const region of [msk, ams]) expect(await region.unit(pull)).toMatchObject({ code: 0, stderr: '' })
    for (const region of [msk, ams]) for (const unit of [beat, send]) await region.start(unit)
    await msk.sh('echo one >one.html; mkdir -p "a b"; echo "it\'s" >"a b/[1] \\$x *.html"')
    await ams.sh('echo two >two.html')
    await sees(ams, 'one.html', 'one')
    await sees(ams, 'a b/[1] $x *.html', "it's")
    await sees(msk, 'two.html', 'two')
    const counters = async (region: PlayedRegion): Promise<readonly number[]> =>
      Promise.all(['msk', 'ams'].map(async (writer) => Number((JSON.parse((await reads(region, `.dns-failover/${writer}.json`)) || '{}') as { readonly counter?: number }).counter ?? 0)))
    const before = await counters(msk)
    for (const region of [msk, ams]) {
      await expect.poll(async () => (await counters(region)).every((counter, at) => counter > (before[at] ?? 0)), { timeout: 60_000 }).toBe(true)
    }
    await msk.sh('echo three >one.html; rm two.html')
    await sees(ams, 'one.html', 'three')
    await sees(ams, 'two.html', '')
    const asAccount = (line: string): Promise<string> =>
      msk.sh(`cd /; setpriv --reuid=replication --regid=replication --init-groups ${line} 2>&1`).then(({ code, stdout }) => `${code} ${stdout}`)
    expect(await asAccount('ssh -F /etc/dns-failover-replication/ssh_config dns-failover-ams id')).toContain('SSH_ORIGINAL_COMMAND does not run rsync')
    expect(await asAccount("rsync -e 'ssh -F /etc/dns-failover-replication/ssh_config' dns-failover-ams:../../etc/passwd /tmp/")).toContain('do not use ..')
    await asAccount("rsync -e 'ssh -F /etc/dns-failover-replication/ssh_config' /etc/hostname dns-failover-ams:/tmp/hostname")
    expect(await ams.sh('ls -d tmp* /tmp/hostname 2>/dev/null')).not.toMatchObject({ stdout: expect.stringContaining('/tmp/hostname') as string })
    expect(await asAccount('ssh -F /etc/dns-failover-replication/ssh_config -o HostKeyAlias=dns-failover-msk dns-failover-ams true')).toMatch(/^255 /)
  })

  it('two-way: a start deletes nothing, takes first, and waits for a peer that is not there', async () => {
    const { msk, ams } = await pair({ mode: 'two-way' })
    await msk.sh('echo old >kept.html; echo mine >mine.html; touch -d "1 hour ago" kept.html')
    await ams.sh('echo new >kept.html; echo yours >yours.html')
    const stopAms = await ams.start('sshd')
    expect(await msk.unit(pull)).toMatchObject({ code: 0, stderr: '' })
    expect([await files(msk), await reads(msk, 'kept.html')]).toEqual(['./kept.html ./mine.html ./yours.html', 'new'])
    await stopAms()
    const refused = await msk.unit(pull)
    expect(refused).toMatchObject({ code: 0 })
    expect(refused.stderr).toContain('nothing, or not all, could be taken from dns-failover-ams; going on')
    await msk.start(send)
    await msk.sh('echo late >late.html')
    await ams.sh('echo made-meanwhile >meanwhile.html')
    await ams.start('sshd')
    await sees(ams, 'late.html', 'late')
    await sees(ams, 'mine.html', 'mine')
    expect(await files(ams)).toBe('./kept.html ./late.html ./meanwhile.html ./mine.html ./yours.html')
  })

  it('refuses a document root without its marker, until it is said to be new', async () => {
    const { msk, install } = await pair({ mode: 'two-way' })
    await msk.sh('rm -rf ./* .dns-failover*')
    for (const unit of [pull, beat]) expect(await msk.unit(unit)).toMatchObject({ code: 78, stderr: expect.stringContaining('is its disk mounted?') as string })
    expect(await install('msk')).toMatchObject({ code: 1, stderr: expect.stringContaining('If it is new on purpose') as string })
    expect(await install('msk', {}, '--new-root')).toMatchObject({ code: 0 })
    expect(await install('msk')).toMatchObject({ code: 0 })
  })

  it('is not installed where rrsync does not start, as on a Debian without Python', async () => {
    const { msk, install } = await pair({})
    // For all, also for root: no program at all is what an empty file without rights is.
    await msk.sh('touch /run/nothing; chmod 0 /run/nothing; mount --bind /run/nothing /usr/bin/python3')
    expect(await install('msk')).toEqual({ code: 1, stdout: '', stderr: 'install.sh: rrsync is there and does not start, for it needs Python: apt-get install python3\n' })
    await msk.sh('umount /usr/bin/python3')
    expect(await install('msk')).toMatchObject({ code: 0, stderr: '' })
  })

  it('asks for the include of nginx as long as no site has it', async () => {
    const { msk, install } = await pair({})
    const asks = async (): Promise<boolean> => (await install('msk')).stdout.includes('put "include snippets/dns-failover-replication.conf;" into')
    await msk.sh('rm -rf /etc/nginx; mkdir -p /etc/nginx/snippets /etc/nginx/sites-available /etc/nginx/sites-enabled; echo "server { }" >/etc/nginx/sites-available/default')
    await msk.sh('ln -s /etc/nginx/sites-available/default /etc/nginx/sites-enabled/default')
    expect(await asks()).toBe(true)
    await msk.sh('echo "server { include snippets/dns-failover-replication.conf; }" >/etc/nginx/sites-available/default')
    expect(await asks()).toBe(false)
  })

  it('one writer: receivers take and never give; a writer that was succeeded sends nothing, and loses nothing', async () => {
    const { msk, ams, install } = await pair({})
    await msk.sh('echo one >one.html; echo same >same.html')
    await ams.sh('echo stray >stray.html; echo newer-here >one.html; touch -d "1 hour" one.html')
    for (const region of [msk, ams]) await region.start('sshd')
    // As a server that was rebuilt, whose new key the writer is told last.
    await msk.sh('cp /etc/dns-failover-replication/authorized_keys /root/keys; : >/etc/dns-failover-replication/authorized_keys')
    const early = await ams.unit(pull)
    expect([early.code, early.stderr.slice(early.stderr.indexOf('nothing, or'))]).toEqual([
      0,
      `nothing, or not all, could be taken from dns-failover-msk; it sends by itself once it is there, if this server's name leads here.\nIf that leads elsewhere still: systemctl restart ${pull}, once it knows this server's key\n`,
    ])
    await msk.sh('cat /root/keys >/etc/dns-failover-replication/authorized_keys; rm /root/keys')
    expect(await ams.unit(pull)).toMatchObject({ code: 0, stderr: '' })
    expect([await files(ams), await reads(ams, 'one.html'), await reads(ams, '/var/lib/dns-failover-replication/replaced/one.html')]).toEqual(['./one.html ./same.html ./stray.html', 'one', 'newer-here'])
    expect((await ams.sh('ls /etc/systemd/system/dns-failover*')).stdout).not.toContain(send)
    expect(await msk.unit(pull)).toMatchObject({ code: 0, stderr: '' })
    const stop = await msk.start(send)
    const stopBeat = await msk.start(beat)
    await expect.poll(() => reads(ams, '.dns-failover/msk.json'), { timeout: 60_000 }).toMatch(/,"term":1\}$/)
    await msk.sh('echo two >two.html')
    await sees(ams, 'two.html', 'two')
    await msk.sh('rm same.html')
    await sees(ams, 'same.html', '')
    expect(await files(ams)).toBe('./one.html ./stray.html ./two.html')
    await msk.sh('mkdir pages; echo page >pages/one.html')
    await sees(ams, 'pages/one.html', 'page')
    await ams.sh('echo mine >pages/mine.html')
    await msk.sh('rm -r pages')
    await sees(ams, 'pages/mine.html', '')
    expect(await files(ams)).toBe('./one.html ./stray.html ./two.html')
    await stop()
    await stopBeat()

    // ams is made the writer while msk is away; msk returns with its files of before.
    await msk.sh('echo unsent >unsent.html; echo changed-there >two.html; touch -d "1 hour" two.html')
    expect(await install('ams', { writer: 'ams' })).toMatchObject({ code: 0 })
    expect(await msk.unit(pull)).toMatchObject({ code: 78, stderr: expect.stringContaining('region ams has become the writer') as string })
    // The old one lets the new one read still, as it did its receivers.
    for (const _ of [1, 2]) expect(await ams.unit(pull)).toMatchObject({ code: 0, stderr: '' })
    const push = await msk.sh(`setpriv --reuid=replication --regid=replication --init-groups rsync -a -e 'ssh -F /etc/dns-failover-replication/ssh_config' ./ dns-failover-ams:/ 2>&1`)
    expect(push.stdout).toContain('sending to read-only server is not allowed')

    // Rendered anew it receives: what was newer there is kept aside, and what never got out stays.
    expect(await install('msk', { writer: 'ams' })).toMatchObject({ code: 0 })
    expect((await msk.sh('ls /etc/dns-failover-replication /etc/systemd/system/dns-failover*')).stdout).not.toMatch(/lsyncd\.conf|dns-failover-replication\.service/)
    expect(await msk.unit(pull)).toMatchObject({ code: 0, stderr: '' })
    expect([await files(msk), await reads(msk, 'two.html'), await reads(msk, '/var/lib/dns-failover-replication/replaced/two.html')]).toEqual(['./one.html ./stray.html ./two.html ./unsent.html', 'two', 'changed-there'])
    const exact = '/usr/local/lib/dns-failover-replication/pull exact'
    expect((await msk.sh(`setpriv --reuid=replication --regid=replication --init-groups ${exact}`)).stdout).toContain('unsent.html')
    expect(await files(msk)).toContain('unsent.html')
    await msk.sh(`setpriv --reuid=replication --regid=replication --init-groups ${exact} yes`)
    expect(await files(msk)).toBe('./one.html ./stray.html ./two.html')

    // And back again, and once more, before a heartbeat has told of it.
    for (const unit of [send, beat]) await ams.start(unit)
    await expect.poll(() => reads(msk, '.dns-failover/ams.json'), { timeout: 60_000 }).toMatch(/,"term":2\}$/)
    for (const region of ['msk', 'ams']) expect(await install(region)).toMatchObject({ code: 0 })
    expect([await reads(msk, '/var/lib/dns-failover-replication/term'), (await msk.unit(pull)).code]).toEqual(['3', 0])
    expect(await install('ams', { writer: 'ams' })).toMatchObject({ code: 0 })
    expect([await reads(ams, '/var/lib/dns-failover-replication/term'), (await ams.unit(pull)).code, (await msk.unit(pull)).code]).toEqual(['4', 0, 78])
    // A writer that lost what it knew of itself is told by the others.
    await ams.sh('echo 1 >/var/lib/dns-failover-replication/term')
    expect([(await ams.unit(pull)).code, (await ams.unit(pull)).stderr]).toEqual([78, expect.stringContaining('region msk has become the writer')])
  })
})
