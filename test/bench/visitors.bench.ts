import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { labName, labNamed, labObstacle } from '../lab/lab-command.ts'
import { type Publication, watchPublication } from '../lab/published.ts'
import { untilTrue } from '../lab/region-files.ts'
import { sendVisitors } from '../lab/visits.ts'
import { titled } from '../system/servers/available.ts'
import { experienceOf, type Round, visitorsTable } from './visitors-table.ts'

const obstacle = labObstacle()
const lab = labNamed(labName('visitors'))
const both = ['203.0.113.10', '198.51.100.20']
const all = [...both, '192.0.2.30']

/** How long visitors come after a server has gone bad, and how long each of them waits. */
const comingMs = 30_000
const patienceMs = 60_000

const faults: readonly { readonly name: string; readonly hit: readonly (readonly string[])[]; readonly of: readonly string[] }[] = [
  { name: 'one of two refuses', hit: [['kill', 'ams']], of: both },
  { name: 'one of two is silent', hit: [['blackhole', 'ams']], of: both },
  { name: 'one of two is frozen', hit: [['freeze', 'ams']], of: both },
  { name: 'one of two answers 500', hit: [['break', 'ams']], of: both },
  { name: 'two of three are silent', hit: [['blackhole', 'ams'], ['blackhole', 'fra']], of: all },
]

describe.skipIf(obstacle !== undefined)(titled('what visitors get', obstacle), () => {
  const rounds: Round[] = []
  let published: Publication

  beforeAll(async () => {
    await lab.up()
    published = await watchPublication(lab, 'failover.example.test')
  }, 120_000)
  afterAll(async () => {
    process.stdout.write(`\n${visitorsTable(rounds)}\n`)
    published?.stop()
    await lab.down()
  }, 60_000)

  const play = async (fault: (typeof faults)[number], isManaged: boolean): Promise<void> => {
    await lab('exec', 'manager', 'systemctl', 'start', 'dns-failover')
    // A service that has just been started takes no orders yet.
    const order = fault.of === both ? ['drain', 'fra', '--for', '2h', '--reason', 'two records'] : ['undrain', 'fra']
    await untilTrue(order.join(' '), async () => (await lab.tried('manage', ...order)).code === 0, 60_000)
    await published.until(fault.of, Date.now(), 60_000)
    if (!isManaged) await lab('exec', 'manager', 'systemctl', 'stop', 'dns-failover')
    await new Promise((resolve) => setTimeout(resolve, 3000))
    const visitors = await sendVisitors(lab, { curl: 500, node: 1500, python: 1500, chromium: 3000 }, patienceMs)
    await new Promise((resolve) => setTimeout(resolve, 2000))
    await Promise.all(fault.hit.map((each) => lab(...each)))
    const badSince = Date.now()
    await new Promise((resolve) => setTimeout(resolve, comingMs))
    const visits = await visitors.stop()
    await lab('heal')
    await lab('start', 'ams')
    rounds.push({ fault: fault.name, isManaged, badSince, visits })
  }

  for (const fault of faults) {
    test(`${fault.name}: the worst is over when the record is withdrawn and its TTL has passed`, { timeout: 600_000 }, async () => {
      await play(fault, false)
      await play(fault, true)
      // The check's turn, three bad checks of a second each, the TTL of two, and what a busy machine needs.
      const over = rounds.filter(({ isManaged }) => isManaged).at(-1)
      for (const kind of ['curl', 'node', 'python', 'chromium'] as const) expect(experienceOf(over?.visits ?? [], kind, over?.badSince ?? 0).lastBadMs ?? 0).toBeLessThan(500 + 3000 + 2000 + 8000)
    })
  }
})
