import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test } from 'vitest'
import { titled } from '../system/servers/available.ts'
import { labName, labNamed, labObstacle } from './lab-command.ts'
import { regionFiles } from './region-files.ts'

const obstacle = labObstacle()
const name = labName('crash')
const folder = `/run/dns-failover-${name}`
const lab = labNamed(name)

const commandLine = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return ''
  }
}

/** What a lab of this name has on this machine. */
const leftovers = (): readonly string[] => [
  ...readdirSync('/proc').filter((each) => /^\d+$/.test(each)).map(commandLine).filter((line) => line.includes(folder)),
  ...readFileSync('/proc/self/mounts', 'utf8').split('\n').filter((line) => line.includes(folder)),
  ...(existsSync(folder) ? [folder] : []),
]

/** The machine's own network, which no lab may touch. */
const network = (): string => ['link', 'address', 'rule', 'route'].map((what) => execFileSync('ip', ['-br', what], { encoding: 'utf8' })).join('\n')

const { write, untilHas } = regionFiles(lab)

/** Every region sends to these, by the file that its lsyncd runs with; and what is made anywhere arrives everywhere. */
const sentToAll = async (wanted: Readonly<Record<string, readonly string[]>>): Promise<void> => {
  const regions = Object.keys(wanted)
  const confs = await Promise.all(regions.map(async (region) => [region, await lab('exec', region, 'cat', '/etc/dns-failover-replication/lsyncd.conf')] as const))
  expect(Object.fromEntries(confs.map(([region, conf]) => [region, [...conf.matchAll(/^ *target *= "dns-failover-(\w+):/gm)].map(([, target]) => target ?? '').toSorted()]))).toEqual(wanted)
  await Promise.all(regions.map((region) => write(region, `by-${region}.html`, `made in ${region}`)))
  for (const by of regions) await Promise.all(regions.map((region) => untilHas(region, `by-${by}.html`, `made in ${by}`)))
}

describe.skipIf(obstacle !== undefined)(titled('the lab', obstacle), () => {
  afterEach(async () => {
    await lab.tried('down')
  })

  test.each([80, 300, 900, 2000])('leaves nothing behind when its "up" is killed after %i ms', async (ms) => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('lab.mjs', import.meta.url)), 'up'], { env: { ...process.env, LAB_NAME: name }, stdio: 'ignore', detached: true })
    await new Promise((resolve) => setTimeout(resolve, ms))
    // The whole group: as when its terminal or its container goes.
    process.kill(-(child.pid ?? 0), 'SIGKILL')
    await once(child, 'exit')
    await lab('down')
    expect(leftovers()).toEqual([])
  })

  test('waits for what an "up" that was killed alone still has at work outside', async () => {
    // As its rendering is: it makes its folder and files anew while that is removed.
    const work = 'const { mkdirSync, writeFileSync } = require("node:fs"); const end = Date.now() + 3000; for (let n = 0; Date.now() < end; n += 1) { mkdirSync(process.argv[1], { recursive: true }); writeFileSync(`${process.argv[1]}/${n % 100}`, "") }'
    const child = spawn(process.execPath, ['-e', work, `${folder}/rendered/msk`], { stdio: 'ignore' })
    while (!existsSync(`${folder}/rendered/msk/99`)) await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await lab('down')).toBe('the lab is gone\n')
    expect([child.exitCode, leftovers()]).toEqual([0, []])
  })

  test('comes up after a crash, is not built twice over, replicates as a mesh and as a star, and goes without a trace, twice in a row', async () => {
    const before = network()
    const child = spawn(process.execPath, [fileURLToPath(new URL('lab.mjs', import.meta.url)), 'up'], { env: { ...process.env, LAB_NAME: name }, stdio: 'ignore', detached: true })
    while (!existsSync(`${folder}/machines/fra/pid`)) await new Promise((resolve) => setTimeout(resolve, 20))
    process.kill(-(child.pid ?? 0), 'SIGKILL')
    expect(await lab('up', '--no-manager', '--two-way')).toContain('cleaned away')
    expect(await lab.tried('up')).toMatchObject({ code: 1, output: expect.stringContaining('is up already') as string })
    expect(await lab('exec', 'client', 'curl', '-s', '--max-time', '20', 'http://failover.example.test/')).toContain('Hello')
    await sentToAll({ msk: ['ams', 'fra'], ams: ['fra', 'msk'], fra: ['ams', 'msk'] })
    expect(await lab('down')).toContain('gone')
    expect(leftovers()).toEqual([])
    await lab('up', '--no-manager', '--star')
    await sentToAll({ msk: ['ams', 'fra'], ams: ['msk'], fra: ['msk'] })
    await lab('down')
    expect(leftovers()).toEqual([])
    expect(network()).toBe(before)
  }, 180_000)

  test('is not razed while it is built, and goes with whoever holds it', async () => {
    const holder = lab.start('hold')
    const rising = lab('up', '--no-manager')
    while (!existsSync(`${folder}/house-stands`)) await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await lab.tried('down')).toEqual({ code: 3, stdout: '', output: 'lab: another "up" or "down" of this lab is at work\n' })
    // As when whoever asked for it is killed in the middle of that.
    const gone = once(holder, 'exit')
    holder.stdin?.end()
    await rising
    await gone
    expect(leftovers()).toEqual([])
  }, 180_000)

  test('says how it is used, what it does not know, and that it is not up', async () => {
    expect(await lab.tried('poweroff', 'nowhere')).toMatchObject({ code: 64, output: expect.stringContaining('"nowhere" is no machine') as string })
    expect(await lab.tried('up', '--three-way')).toMatchObject({ code: 64, output: expect.stringContaining('no option "--three-way"') as string })
    expect(await lab.tried('shake')).toMatchObject({ code: 64, output: expect.stringContaining('no verb "shake"') as string })
    expect(await lab.tried('status')).toEqual({ code: 1, stdout: '', output: 'lab: the lab is not up; start it with: npm run lab -- up\n' })
    expect(await lab('down')).toBe('there was no lab\n')
  })
})
