import { describe, expect, it } from 'vitest'
import type { Replication } from '../../src/core/replication.ts'
import { titled } from '../system/servers/available.ts'
import { type Play, playRegions, type PlayedRegion, replicationMissing } from './region-bench.ts'

const missing = await replicationMissing()
const root = '/srv/www'
const pull = 'dns-failover-replication-pull.service'
const send = 'dns-failover-replication.service'
const beat = 'dns-failover-replication-heartbeat.service'
const patience = { timeout: 90_000, interval: 100 }

const counterAt = async (region: PlayedRegion, writer: string): Promise<number> =>
  Number(/"counter":(\d+)/.exec((await region.sh(`cat .dns-failover/${writer}.json 2>/dev/null`)).stdout)?.[1] ?? 0)
const sumsAt = async (region: PlayedRegion, folder: string): Promise<string> => (await region.sh(`find ${folder} -type f 2>/dev/null | sort | xargs -r sha256sum`)).stdout
const untilCounter = (region: PlayedRegion, writer: string, counter: number): Promise<void> => expect.poll(() => counterAt(region, writer), patience).toBeGreaterThanOrEqual(counter)

/** From now on rsync there is as slow as a line of so many KiB/s. */
const slowDown = (region: PlayedRegion, rate: number): Promise<unknown> =>
  region.sh(
    `[ -f /usr/local/bin/rsync-itself ] || { cp /usr/bin/rsync /usr/local/bin/rsync-itself; touch /run/rsync; chmod 755 /run/rsync; mount --bind /run/rsync /usr/bin/rsync; }; printf '#!/bin/sh\\nexec /usr/local/bin/rsync-itself --bwlimit=${rate} "$@"\\n' >/run/rsync`,
  )
const killRsync = (region: PlayedRegion): Promise<unknown> => region.sh("for each in /proc/[0-9]*; do if grep -qs rsync-itself $each/cmdline; then kill -9 ${each#/proc/}; fi; done")

/** Files that take their time, and by when all heartbeats that are written know of them. */
const makeFiles = async (region: PlayedRegion, folder: string): Promise<{ readonly sums: string; readonly known: number }> => {
  await region.sh(`mkdir -p ${folder} && for n in 1 2 3 4; do head -c 250000 /dev/urandom >${folder}/$n.bin; done; chown -R replication: ${folder}`)
  // One may be in the making, which has not seen all of them.
  return { sums: await sumsAt(region, folder), known: (await counterAt(region, region.name)) + 2 }
}

/** Watches a receiver until its copy of the heartbeat knows of the files; fails if it ever does so before they are there. */
const watchOrder = async (receiver: PlayedRegion, writer: string, files: Awaited<ReturnType<typeof makeFiles>>, folder: string, atEach: (look: number) => Promise<unknown> = async () => undefined): Promise<void> => {
  const until = Date.now() + 120_000
  for (let look = 0; Date.now() < until; look += 1) {
    const counter = await counterAt(receiver, writer)
    const sums = await sumsAt(receiver, folder)
    if (counter >= files.known) {
      expect(sums, `heartbeat ${counter} of ${writer} is at ${receiver.name}, and knows of these files since ${files.known}`).toBe(files.sums)
      return
    }
    await atEach(look)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the heartbeat has never come')
}

const play = async (names: readonly string[], changes: Partial<Replication> = {}): Promise<Play & { readonly of: (name: string) => PlayedRegion }> => {
  const playing = await playRegions(names, { root, ...changes })
  const of = (name: string): PlayedRegion => {
    const region = playing.regions[name]
    if (region === undefined) throw new Error(`no region ${name}`)
    return region
  }
  for (const name of names) await of(name).start('sshd')
  return { ...playing, of }
}

const asAccount = (line: string): string => `setpriv --reuid=replication --regid=replication --init-groups ${line}`

describe.skipIf(missing !== undefined)(titled('a heartbeat comes after the content that it knows of', missing), { timeout: 300_000 }, () => {
  it('while content comes slowly, while rsync is killed, and after a file that cannot be sent', async () => {
    const { of } = await play(['msk', 'ams'])
    const [msk, ams] = [of('msk'), of('ams')]
    for (const region of [ams, msk]) await region.unit(pull)
    await msk.start(beat)
    await msk.start(send)
    await untilCounter(ams, 'msk', 1)
    await slowDown(msk, 300)

    const slow = await makeFiles(msk, 'zz-slow')
    await watchOrder(ams, 'msk', slow, 'zz-slow')

    const killed = await makeFiles(msk, 'zz-killed')
    await watchOrder(ams, 'msk', killed, 'zz-killed', async (look) => (look % 15 === 2 && look < 50 ? killRsync(msk) : undefined))

    // Nobody but root may read it, so it is never sent: rsync ends with 23, which lsyncd takes for good.
    await slowDown(msk, 0)
    await msk.sh('echo secret >zz-unread.html; chmod 600 zz-unread.html; chown root: zz-unread.html')
    const known = (await counterAt(msk, 'msk')) + 2
    const alive = await makeFiles(msk, 'zz-meanwhile')
    await expect.poll(() => sumsAt(ams, 'zz-meanwhile'), patience).toBe(alive.sums)
    await untilCounter(msk, 'msk', known + 8)
    expect(await counterAt(ams, 'msk')).toBeLessThan(known)
    await msk.sh('chown replication: zz-unread.html; touch zz-unread.html; rm -f /var/lib/dns-failover-replication/sending/*/tried')
    await untilCounter(ams, 'msk', known + 8)
    expect((await ams.sh('cat zz-unread.html')).stdout).toBe('secret\n')
  })

  it('on a server that was filled anew, whether it takes everything by itself or the writer has to send it', async () => {
    const { of, install } = await play(['msk', 'ams'])
    const [msk, ams] = [of('msk'), of('ams')]
    const old = await makeFiles(msk, 'zz-old')
    for (const region of [ams, msk]) await region.unit(pull)
    await msk.start(beat)
    await msk.start(send)
    await watchOrder(ams, 'msk', old, 'zz-old')

    const lose = async (): Promise<void> => {
      await ams.sh('rm -rf .dns-failover-root .dns-failover* zz-old; rm -rf /var/lib/dns-failover-replication/taken')
      const before = await counterAt(msk, 'msk')
      await untilCounter(msk, 'msk', before + 3)
      // Without its marker nothing is taken at all.
      expect((await ams.sh('find . -mindepth 1')).stdout).toBe('')
    }
    await lose()
    await slowDown(ams, 300)
    const pulling = install('ams', {}, '--new-root').then(() => ams.unit(pull))
    await watchOrder(ams, 'msk', { ...old, known: 1 }, 'zz-old')
    expect(await pulling).toMatchObject({ code: 0 })

    await slowDown(ams, 0)
    await slowDown(msk, 300)
    await lose()
    await install('ams', {}, '--new-root')
    await watchOrder(ams, 'msk', { ...old, known: 1 }, 'zz-old')
  })

  it('through the hub of a star too', async () => {
    const { of } = await play(['msk', 'ams', 'fra'], { mode: 'two-way', topology: 'star', writer: 'msk', hub: 'msk' })
    const [msk, ams, fra] = [of('msk'), of('ams'), of('fra')]
    for (const region of [msk, ams, fra]) expect(await region.unit(pull)).toMatchObject({ code: 0, stderr: '' })
    for (const region of [msk, ams, fra]) for (const unit of [beat, send]) await region.start(unit)
    await untilCounter(fra, 'ams', 1)
    await untilCounter(ams, 'fra', 1)
    await slowDown(msk, 300)
    const files = await makeFiles(ams, 'zz-spoke')
    await watchOrder(fra, 'ams', files, 'zz-spoke')
    expect((await fra.sh("find .dns-failover -name '*.json' | sort")).stdout).toBe('.dns-failover/ams.json\n.dns-failover/fra.json\n.dns-failover/msk.json\n')
  })

  it('brings no heartbeat but those that a peer may carry, and none of one that may only read', async () => {
    const { of } = await play(['msk', 'ams', 'fra'])
    const [msk, ams] = [of('msk'), of('ams')]
    const ssh = (region: PlayedRegion, to: string, words: string, input: string): Promise<{ readonly code: number }> =>
      region.sh(asAccount(`/usr/bin/ssh -F /etc/dns-failover-replication/ssh_config dns-failover-${to} ${words}`), input)
    const text = (name: string): string => `{"version":1,"region":"${name}","counter":9,"boot":"b","writtenAt":"2026-11-22T15:00:00Z","content":"c"}\n`
    expect(await ssh(msk, 'ams', 'heartbeats', text('msk'))).toMatchObject({ code: 75 })
    expect(await ssh(msk, 'ams', 'complete', '')).toMatchObject({ code: 0 })
    expect(await ssh(msk, 'ams', 'heartbeats', `${text('fra')}${text('../index')}garbage\n${text('msk')}`)).toMatchObject({ code: 0 })
    expect((await ams.sh('find . -type f ! -name .dns-failover-root; cat .dns-failover/msk.json')).stdout).toBe(`./.dns-failover/msk.json\n${text('msk')}`)
    for (const words of ['heartbeats', 'complete']) expect(await ssh(ams, 'msk', words, text('ams'))).toMatchObject({ code: 1, stderr: expect.stringContaining('does not run rsync') as string })
  })
})
