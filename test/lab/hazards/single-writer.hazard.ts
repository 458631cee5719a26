import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { titled } from '../../system/servers/available.ts'
import { labObstacle } from '../lab-command.ts'
import { untilTrue } from '../region-files.ts'
import { all, criticalMs, pause, replicating, sender } from './replicating.ts'

const obstacle = labObstacle()
const { lab, edit, write, files, has, untilHas, untilAlike, isSending, senderPid, heartbeat, loseRoot } = replicating('single-writer')
const tell = (text: string): void => void process.stdout.write(`    ${text}\n`)
/** What a peer that is back may have to wait: for lsyncd's next try, and for the connection that hangs to be given up. */
const catchUpMs = 15_000

describe.skipIf(obstacle !== undefined)(titled('with one writer', obstacle), () => {
  beforeAll(() => lab.up('--no-manager', '--delay=3s'))
  afterAll(() => lab.down())

  test('a file that is deleted seconds after it was made stays deleted everywhere', async () => {
    await Promise.all(criticalMs.map((ms) => edit('msk', `echo made >deleted-${ms}.html; sleep ${ms / 1000}; rm deleted-${ms}.html`)))
    await pause(12_000)
    expect((await untilAlike(all)).filter((each) => each.startsWith('deleted-'))).toEqual([])
  })

  test('a file that is renamed seconds after it was made has its new name everywhere', async () => {
    await Promise.all(criticalMs.map((ms) => edit('msk', `echo made >old-${ms}.html; sleep ${ms / 1000}; mv old-${ms}.html new-${ms}.html`)))
    await pause(12_000)
    const names = (await untilAlike(all)).map((each) => each.split(' ')[0])
    expect(names.filter((each) => each?.startsWith('old-'))).toEqual([])
    expect(names.filter((each) => each?.startsWith('new-'))).toHaveLength(criticalMs.length)
  })

  test('of two versions within one second the second arrives', async () => {
    const numbers = Array.from({ length: 12 }, (_, at) => at)
    await edit('msk', numbers.map((at) => `echo 'version one' >twice-${at}.html`).join('; '))
    await untilAlike(all, 30_000)
    // The same size and the same second, so that only the fraction of the second or the content tells them apart.
    await edit('msk', numbers.map((at) => `touch -d '2026-01-01 12:00:00.1' twice-${at}.html`).join('; '))
    const isThere = async (region: string): Promise<boolean> => [...new Set((await edit(region, 'stat -c %Y twice-*.html')).trim().split('\n'))].join() === String(Date.parse('2026-01-01T12:00:00Z') / 1000)
    await Promise.all(['ams', 'fra'].map((region) => untilTrue(`the first version in ${region}`, () => isThere(region), 30_000)))
    await edit('msk', numbers.map((at) => `echo 'version two' >twice-${at}.html; touch -d '2026-01-01 12:00:00.6' twice-${at}.html`).join('; '))
    await Promise.all(['ams', 'fra'].flatMap((region) => numbers.map((at) => untilHas(region, `twice-${at}.html`, 'version two', 30_000))))
  })

  test('a clock that is 60 s behind gets its edits out', async () => {
    await write('msk', 'clock.html', 'the first')
    await untilAlike(all)
    await edit('msk', "echo 'the second, earlier' >clock.html; touch -d '60 seconds ago' clock.html")
    await Promise.all(['ams', 'fra'].map((region) => untilHas(region, 'clock.html', 'the second, earlier')))
  })

  test('a file that is made again one second after it was deleted arrives', async () => {
    await write('msk', 'again.html', 'the first')
    await untilAlike(all)
    await edit('msk', "rm again.html; sleep 1; echo 'the second' >again.html")
    await Promise.all(['ams', 'fra'].map((region) => untilHas(region, 'again.html', 'the second')))
    await pause(12_000)
    for (const region of all) expect(await has(region, 'again.html', 'the second')).toBe(true)
  })

  test('a region that returns destroys nothing, and gets what it has missed, deletions included', async () => {
    await write('msk', 'to-be-deleted.html', 'soon gone')
    const before = await untilAlike(all)
    await lab('poweroff', 'ams')
    await write('msk', 'made-meanwhile.html', 'made while ams was off')
    await edit('msk', 'rm to-be-deleted.html')
    await pause(10_000)
    await lab('start', 'ams')
    const after = await untilAlike(all, 60_000)
    expect(after).toEqual([...before.filter((each) => !each.startsWith('to-be-deleted')), 'made-meanwhile.html 23'].toSorted())
  })

  test('the writer that returns destroys nothing', async () => {
    const before = await untilAlike(all)
    await lab('poweroff', 'msk')
    await pause(5000)
    await lab('start', 'msk')
    await write('msk', 'after-return.html', 'sent again')
    expect(await untilAlike(all, 30_000)).toEqual([...before, 'after-return.html 11'].toSorted())
  })

  test('a server that refuses at the start of lsyncd does not end it, and gets all once it is there', async () => {
    await lab('exec', 'ams', 'systemctl', 'stop', 'ssh')
    await lab('exec', 'msk', 'systemctl', 'restart', sender)
    const pid = await senderPid('msk')
    await write('msk', 'refused.html', 'made while ams refused')
    await untilHas('fra', 'refused.html', 'made while ams refused')
    await pause(10_000)
    expect(await senderPid('msk')).toBe(pid)
    await lab('exec', 'ams', 'systemctl', 'start', 'ssh')
    tell(`caught up after ${await untilHas('ams', 'refused.html', 'made while ams refused', 30_000)} ms`)
  })

  test('a server that is silent at the start of lsyncd for 140 s does not end it, and keeps nobody waiting', async () => {
    await lab('blackhole', 'ams')
    await lab('exec', 'msk', 'systemctl', 'restart', sender)
    const pid = await senderPid('msk')
    await write('msk', 'silent.html', 'made while ams was silent')
    await untilHas('fra', 'silent.html', 'made while ams was silent', 30_000)
    await pause(140_000)
    expect(await senderPid('msk')).toBe(pid)
    await lab('heal', 'ams')
    tell(`caught up after ${await untilHas('ams', 'silent.html', 'made while ams was silent', 30_000)} ms`)
  })

  test.each([40, 100])('after a black hole of %i s it has caught up within seconds', async (seconds) => {
    await lab('blackhole', 'ams')
    await write('msk', `hole-${seconds}.html`, 'made during the hole')
    await pause(seconds * 1000)
    await lab('heal', 'ams')
    const took = await untilHas('ams', `hole-${seconds}.html`, 'made during the hole', 60_000)
    tell(`caught up after ${took} ms`)
    expect(took).toBeLessThan(catchUpMs)
  })

  test('stated: what is deleted while lsyncd of the writer is down stays on the receivers, until they are told to be exact', async () => {
    await write('msk', 'left-behind.html', 'to be deleted')
    await untilAlike(all)
    await lab('exec', 'msk', 'systemctl', 'stop', sender)
    await edit('msk', 'rm left-behind.html')
    await lab('exec', 'msk', 'systemctl', 'start', sender)
    await write('msk', 'after-the-stop.html', 'sent again')
    await Promise.all(['ams', 'fra'].map((region) => untilHas(region, 'after-the-stop.html', 'sent again', 60_000)))
    const exact = (...words: readonly string[]): Promise<string> => lab('exec', 'ams', 'runuser', '-u', 'replication', '--', '/usr/local/lib/dns-failover-replication/pull', 'exact', ...words)
    expect(await exact()).toContain('left-behind.html')
    for (const region of ['ams', 'fra']) expect(await has(region, 'left-behind.html', 'to be deleted')).toBe(true)
    await exact('yes')
    expect(await files('ams')).toEqual(await files('msk'))
    await edit('fra', 'rm left-behind.html')
  })

  test('an lsyncd that is dead shows by the heartbeats, not by its status file', async () => {
    await lab('exec', 'msk', 'systemctl', 'kill-for-good', sender)
    expect(await isSending('msk')).toBe(false)
    await pause(3000)
    const [own, copy] = [await heartbeat('msk', 'msk'), await heartbeat('ams', 'msk')]
    await pause(6000)
    expect(await heartbeat('ams', 'msk')).toBe(copy)
    expect(await heartbeat('msk', 'msk')).toBeGreaterThan(own)
    expect((await lab.tried('exec', 'msk', 'cat', '/run/dns-failover-replication/lsyncd.status')).output).not.toContain('dead')
    await lab('start', 'msk')
    await untilTrue('the heartbeat in ams', async () => (await heartbeat('ams', 'msk')) > own, 20_000)
  })

  test('heartbeats are seconds old everywhere', async () => {
    const lags: number[] = []
    for (let look = 0; look < 30; look += 1) {
      const [own, ...copies] = await Promise.all(all.map((region) => heartbeat(region, 'msk')))
      lags.push(...copies.map((copy) => (own ?? 0) - copy))
      await pause(1000)
    }
    const sorted = lags.toSorted((one, other) => one - other)
    tell(`behind by ${sorted[Math.floor(sorted.length / 2)]} s in the median, ${sorted.at(-1)} s at most`)
    expect(sorted.at(-1)).toBeLessThan(15)
  })

  test('a receiver with an empty document root refuses it, and empties nobody', async () => {
    const before = await untilAlike(all)
    await loseRoot('ams')
    expect(await lab.tried('exec', 'ams', '/usr/local/lib/dns-failover-replication/pull')).toMatchObject({ code: 78 })
    await pause(10_000)
    expect(await files('msk')).toEqual(before)
    expect(await files('fra')).toEqual(before)
    await lab('exec', 'ams', 'sh', '/root/replication/install.sh', '--new-root')
    expect(await untilAlike(all, 60_000)).toEqual(before)
  })

  test('a writer with an empty document root sends nothing, and empties nobody', async () => {
    const before = await untilAlike(all)
    await loseRoot('msk')
    await pause(10_000)
    expect(await isSending('msk')).toBe(false)
    expect(await files('ams')).toEqual(before)
    expect(await files('fra')).toEqual(before)
  })
})
