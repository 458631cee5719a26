import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { titled } from '../../system/servers/available.ts'
import { labObstacle } from '../lab-command.ts'
import { untilTrue } from '../region-files.ts'
import { all, criticalMs, pause, replicating, sender } from './replicating.ts'

const obstacle = labObstacle()
const { lab, edit, write, files, has, untilHas, isSending, senderPid, heartbeat, loseRoot } = replicating('two-way')
const tell = (text: string): void => void process.stdout.write(`    ${text}\n`)

describe.skipIf(obstacle !== undefined)(titled('two-way', obstacle), () => {
  beforeAll(() => lab.up('--no-manager', '--two-way', '--delay=3s'))
  afterAll(() => lab.down())

  test('what cannot be made good is said where the files are rendered', async () => {
    const guide = await lab('exec', 'ams', 'cat', '/root/replication/INSTALL.md')
    for (const limit of ['deleted within seconds after it was made', 'a rename in that time', 'two edits of one file within the same second', 'clock is behind', 'an edit made within seconds after the other side deleted', 'deleted while a region was off']) expect(guide).toContain(limit)
  })

  test('a file made anywhere appears everywhere', async () => {
    await Promise.all(all.map((region) => write(region, `by-${region}.html`, `made in ${region}`)))
    await Promise.all(all.flatMap((by) => all.map((region) => untilHas(region, `by-${by}.html`, `made in ${by}`))))
  })

  /** Plays it until what is said of it is seen, a few times at most; gives how often it was. */
  const seen = async (what: string, play: (round: number) => Promise<number>): Promise<void> => {
    for (let round = 1; round <= 4; round += 1) {
      const times = await play(round)
      tell(`${what}: ${times}`)
      if (times > 0) return
    }
    throw new Error(`${what}: never seen; if it is gone, say so in src/replication/limits.ts and the README`)
  }
  const hasAny = async (name: string): Promise<boolean> => (await Promise.all(all.map((region) => files(region)))).some((each) => each.some((file) => file.startsWith(`${name} `)))
  /** Puts a file there at once as it is to be: no moment in which it has another text or time. */
  const place = (region: string, name: string, text: string, time: string): Promise<string> =>
    edit(region, `echo '${text}' >.dns-failover-temp/${name}; touch -d '${time}' .dns-failover-temp/${name}; mv .dns-failover-temp/${name} ${name}`)
  const count = async (found: readonly Promise<boolean>[]): Promise<number> => (await Promise.all(found)).filter((each) => each).length

  test('stated: of files that are deleted seconds after they were made, some come back', () =>
    seen('deleted files that came back, of 8', async (round) => {
      await Promise.all(criticalMs.map((ms) => edit('msk', `echo made >deleted-${round}-${ms}.html; sleep ${ms / 1000}; rm deleted-${round}-${ms}.html`)))
      await pause(15_000)
      return count(criticalMs.map((ms) => hasAny(`deleted-${round}-${ms}.html`)))
    }))

  test('stated: of files that are renamed seconds after they were made, some have two names', () =>
    seen('renamed files whose old name came back, of 8', async (round) => {
      await Promise.all(criticalMs.map((ms) => edit('msk', `echo made >old-${round}-${ms}.html; sleep ${ms / 1000}; mv old-${round}-${ms}.html new-${round}-${ms}.html`)))
      await pause(15_000)
      return count(criticalMs.map((ms) => hasAny(`old-${round}-${ms}.html`)))
    }))

  test('stated: of two versions of one size within the same second the second does not arrive', async () => {
    const numbers = Array.from({ length: 12 }, (_, at) => at)
    await Promise.all(numbers.map((at) => place('msk', `twice-${at}.html`, 'version one', '2026-01-01 12:00:00.1')))
    await Promise.all(numbers.map((at) => untilHas('ams', `twice-${at}.html`, 'version one')))
    await pause(10_000)
    await seen('second versions that were lost, of 12', async () => {
      await Promise.all(numbers.map((at) => place('msk', `twice-${at}.html`, 'version two', '2026-01-01 12:00:00.6')))
      await pause(15_000)
      return count(numbers.map((at) => has('ams', `twice-${at}.html`, 'version one')))
    })
  })

  test('stated: what is edited where the clock is 60 s behind does not get out', async () => {
    await write('msk', 'clock.html', 'the first')
    await Promise.all(all.map((region) => untilHas(region, 'clock.html', 'the first')))
    await pause(10_000)
    await seen('edits that did not get out, of 1', async () => {
      await place('ams', 'clock.html', 'the second, earlier', '60 seconds ago')
      await pause(15_000)
      return count([has('msk', 'clock.html', 'the first')])
    })
  })

  test('stated: an edit that is made one second after the other side deleted the file is lost', () =>
    seen('edits that were lost, of 1', async (round) => {
      const name = `edited-${round}.html`
      await write('msk', name, 'before')
      await Promise.all(all.map((region) => untilHas(region, name, 'before')))
      await pause(10_000)
      await edit('msk', `rm ${name}`)
      await pause(1000)
      await write('ams', name, 'edited')
      await pause(15_000)
      return count([hasAny(name).then((isThere) => !isThere)])
    }))

  test('stated: what was deleted while a region was off comes back with it, where lsyncd was restarted meanwhile', () =>
    seen('deleted files that came back, of 1', async (round) => {
      const name = `off-${round}.html`
      await write('msk', name, 'to be deleted')
      await Promise.all(all.map((region) => untilHas(region, name, 'to be deleted')))
      await pause(10_000)
      await lab('poweroff', 'ams')
      await edit('msk', `rm ${name}`)
      await pause(8000)
      // As by a reboot: what waits for ams is forgotten with it. Otherwise it is a matter of who is first.
      await lab('exec', 'msk', 'systemctl', 'restart', sender)
      await lab('start', 'ams')
      return untilHas('msk', name, 'to be deleted', 60_000).then(() => 1, () => 0)
    }))

  test('a server that refuses at the start of lsyncd does not end it, and gets all once it is there', async () => {
    await lab('exec', 'ams', 'systemctl', 'stop', 'ssh')
    await lab('exec', 'msk', 'systemctl', 'restart', sender)
    const pid = await senderPid('msk')
    await write('msk', 'refused.html', 'made while ams refused')
    await untilHas('fra', 'refused.html', 'made while ams refused', 60_000)
    await pause(10_000)
    expect(await senderPid('msk')).toBe(pid)
    await lab('exec', 'ams', 'systemctl', 'start', 'ssh')
    tell(`caught up after ${await untilHas('ams', 'refused.html', 'made while ams refused', 60_000)} ms`)
  })

  test('an lsyncd that is dead shows by its heartbeat, and the others go on', async () => {
    await lab('exec', 'msk', 'systemctl', 'kill-for-good', sender)
    await pause(3000)
    const [own, copy, other] = await Promise.all([heartbeat('msk', 'msk'), heartbeat('ams', 'msk'), heartbeat('msk', 'ams')])
    await pause(8000)
    expect(await heartbeat('ams', 'msk')).toBe(copy)
    expect(await heartbeat('msk', 'msk')).toBeGreaterThan(own)
    expect(await heartbeat('msk', 'ams')).toBeGreaterThan(other)
    await lab('start', 'msk')
    await untilTrue('the heartbeat in ams', async () => (await heartbeat('ams', 'msk')) > own, 40_000)
  })

  test('a region that returns destroys nothing that was made while it was off, on either side', async () => {
    await pause(10_000)
    const before = await files('msk')
    await lab('poweroff', 'ams')
    await write('msk', 'made-in-msk.html', 'while ams was off')
    await pause(10_000)
    await lab('start', 'ams')
    await untilHas('ams', 'made-in-msk.html', 'while ams was off', 60_000)
    await write('ams', 'made-in-ams.html', 'after it was back')
    await untilHas('msk', 'made-in-ams.html', 'after it was back', 60_000)
    for (const region of all) expect(await files(region)).toEqual(expect.arrayContaining([...before]))
  })

  test('a server that is silent at the start of lsyncd does not end it', async () => {
    await lab('blackhole', 'ams')
    await lab('exec', 'msk', 'systemctl', 'restart', sender)
    const pid = await senderPid('msk')
    await pause(140_000)
    expect(await senderPid('msk')).toBe(pid)
    await write('msk', 'silent.html', 'made while ams was silent')
    await lab('heal', 'ams')
    tell(`caught up after ${await untilHas('ams', 'silent.html', 'made while ams was silent', 40_000)} ms`)
  })

  test.each([40, 100])('after a black hole of %i s it has caught up within seconds', async (seconds) => {
    await lab('blackhole', 'ams')
    await write('msk', `hole-${seconds}.html`, 'made during the hole')
    await pause(seconds * 1000)
    await lab('heal', 'ams')
    const took = await untilHas('ams', `hole-${seconds}.html`, 'made during the hole', 60_000)
    tell(`caught up after ${took} ms`)
    expect(took).toBeLessThan(15_000)
  })

  test('a region with an empty document root sends nothing, and empties nobody', async () => {
    await edit('msk', 'for n in 1 2 3 4 5 6 7 8 9 10 11 12; do echo $n >precious-$n.html; done')
    await Promise.all(all.map((region) => untilHas(region, 'precious-12.html', '12')))
    await pause(10_000)
    // Not all alike: what was shown above has left them apart.
    const before = await Promise.all(['msk', 'fra'].map((region) => files(region)))
    await loseRoot('ams')
    await pause(15_000)
    expect(await isSending('ams')).toBe(false)
    expect(await Promise.all(['msk', 'fra'].map((region) => files(region)))).toEqual(before)
  })
})
