import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { titled } from '../../system/servers/available.ts'
import { labObstacle } from '../lab-command.ts'
import { all, criticalMs, pause, replicating, sender } from './replicating.ts'

const obstacle = labObstacle()
const { lab, edit, write, files, untilHas, untilAlike, isSending, senderPid, loseRoot } = replicating('two-way')
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
    await Promise.all(all.flatMap((by) => all.map((region) => untilHas(region, `by-${by}.html`, `made in ${by}`, 40_000))))
  })

  // A limit that is stated: only how often it comes back is told.
  test('deleted seconds after it was made: how many come back', async () => {
    await Promise.all(criticalMs.map((ms) => edit('msk', `echo made >deleted-${ms}.html; sleep ${ms / 1000}; rm deleted-${ms}.html`)))
    await pause(15_000)
    const back = await Promise.all(all.map(async (region) => (await files(region)).filter((each) => each.startsWith('deleted-')).length))
    tell(`of ${criticalMs.length} deleted files ${back.join(', ')} are there again in ${all.join(', ')}`)
    await edit('msk', 'rm -f deleted-*.html')
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
    const before = await untilAlike(all, 60_000)
    await loseRoot('ams')
    await pause(15_000)
    expect(await isSending('ams')).toBe(false)
    expect(await files('msk')).toEqual(before)
    expect(await files('fra')).toEqual(before)
  })
})
