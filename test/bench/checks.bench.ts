import { describe, expect, test } from 'vitest'
import { titled } from '../system/servers/available.ts'
import { runTool } from '../system/servers/run.ts'
import { isShort } from './bench-size.ts'
import { contenders, measureChecks, otherCore } from './checks-run.ts'
import { checksGoals } from './checks-goals.ts'
import { checksTable, type Measured } from './checks-table.ts'
import { openFilesAllowed, tooFewFiles } from './open-files.ts'
import { obstacle } from './peers/housed.ts'
import { monotonicMs } from './process-cost.ts'
import { makeProgress } from './progress.ts'

const missing = obstacle('nginx', 'haproxy', 'gdnsd', 'pdns_server', 'prometheus-blackbox-exporter', 'taskset')

const mostTargets = 5000
const sizes = isShort ? [40] : [200, 1000, mostTargets]
const warmUpMs = isShort ? 200 : 15_000
const measuredMs = isShort ? 1500 : 20_000

const notes = [
  `Each checks, one after the other, targets on loopback addresses that one nginx serves, once a second (gdnsd: every 2 s, its least), for ${measuredMs / 1000} s after ${warmUpMs / 1000} s to warm up.`,
  'Its process has one core for itself, nginx and whoever asks the other. CPU and memory are of its process alone; checks are counted by nginx.',
  'dns-failover: the whole service, with four regions of two addresses a site, over a zone that it serves itself. blackbox_exporter decides nothing, and is asked by another process, which is not counted.',
  'Bare sockets of Node are the floor: they ask, and decide nothing.',
  'CPU is counted in steps of 10 ms, memory is the most while it was measured.',
  'Lateness: how much later a check came than its regular turn.',
]

describe.skipIf(missing !== undefined)(titled('what a check costs', missing), () => {
  test('all of them, at each size', { timeout: 3_600_000 }, async ({ task }) => {
    await runTool('taskset', ['-a', '-p', '-c', `${otherCore}`, `${process.pid}`])
    const measured: Measured[] = []
    const allowed = openFilesAllowed()
    const leftOut = sizes.flatMap((targets) => tooFewFiles(targets, allowed) ?? [])
    for (const reason of leftOut) process.stderr.write(`bench: checks: ${reason}\n`)
    const fitting = sizes.filter((targets) => tooFewFiles(targets, allowed) === undefined)
    const progress = makeProgress('checks', fitting.length * contenders.length, monotonicMs, (text) => void process.stderr.write(text))
    for (const targets of fitting) {
      for (const contender of contenders) {
        measured.push(await measureChecks(contender, { targets, warmUpMs, measuredMs }))
        task.meta.tables = [{ ...checksTable([...notes, ...leftOut.map((reason) => `${reason}.`)], measured), goals: checksGoals(measured, mostTargets) }]
        progress.done(1)
      }
    }
    expect(measured.filter(({ perSecond }) => perSecond === 0)).toEqual([])
  })
})
