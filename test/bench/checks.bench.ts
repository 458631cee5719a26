import { describe, expect, test } from 'vitest'
import { titled } from '../system/servers/available.ts'
import { runTool } from '../system/servers/run.ts'
import { isShort } from './bench-size.ts'
import { contenders, measureChecks, otherCore } from './checks-run.ts'
import { checksTable, type Measured } from './checks-table.ts'
import { obstacle } from './peers/housed.ts'

const missing = obstacle('nginx', 'haproxy', 'gdnsd', 'pdns_server', 'prometheus-blackbox-exporter', 'taskset')

const sizes = isShort ? [40] : [200, 1000, 5000]
const warmUpMs = isShort ? 1000 : 15_000
const measuredMs = isShort ? 2000 : 20_000

const notes = [
  `Each checks, one after the other, targets on loopback addresses that one nginx serves, once a second (gdnsd: every 2 s, its least), for ${measuredMs / 1000} s after ${warmUpMs / 1000} s to warm up.`,
  'Its process has one core for itself, nginx and whoever asks the other. CPU and memory are of its process alone; checks are counted by nginx.',
  'dns-failover: the whole service, with four regions of two addresses a site, over a zone that it serves itself. blackbox_exporter decides nothing, and is asked by another process, which is not counted.',
  'Bare sockets of Node are the floor: they ask, and decide nothing.',
  'Lateness: how much later a check came than its regular turn.',
]

describe.skipIf(missing !== undefined)(titled('what a check costs', missing), () => {
  test('all of them, at each size', { timeout: 3_600_000 }, async ({ task }) => {
    await runTool('taskset', ['-a', '-p', '-c', `${otherCore}`, `${process.pid}`])
    const measured: Measured[] = []
    for (const targets of sizes) {
      for (const contender of contenders) {
        measured.push(await measureChecks(contender, { targets, warmUpMs, measuredMs }))
        task.meta.tables = [checksTable(notes, measured)]
      }
    }
    expect(measured.filter(({ perSecond }) => perSecond === 0)).toEqual([])
  })
})
