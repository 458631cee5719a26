import { describe, expect, test } from 'vitest'
import { titled } from '../system/servers/available.ts'
import { isShort } from './bench-size.ts'
import { obstacle } from './peers/housed.ts'
import { planTimesMs } from './plan-time.ts'
import { runScale } from './scale-run.ts'
import { runCloudflareScale } from './scale-cloudflare.ts'
import { cloudflareTable, scaleTable } from './scale-table.ts'

const missing = obstacle('nginx', 'nft')

const size = isShort ? { sites: 20, fewSites: 5, failing: 10, restMs: 1000, steadyMs: 3000 } : { sites: 1000, fewSites: 250, failing: 500, restMs: 25_000, steadyMs: 125_000 }
const planned = isShort ? [100] : [1000, 10_000]

const notes = [
  `Four regions a site, checked by the default settings (every 5 s, three failures that span a second), over a zone that the service serves itself; all addresses are one nginx's.`,
  `Steady: ${size.steadyMs / 1000} s, ${size.restMs / 1000} s after the start; calls an hour are those, as many times as it takes.`,
  'Withdrawn and restored: as the name server answers, which is asked for each of these sites every 200 ms, by a process on the same cores.',
  `Memory a site: what a process has more than one with ${size.fewSites} sites after as long, by how many more they are.`,
]

const cloudflareNotes = [
  'A fake of its API in one process with the bench, as its published schema has it, which refuses after 1,200 requests; Cloudflare counts those of five minutes.',
  `The zone holds the records of all sites at the start. They fail ${size.restMs / 1000} s after all are healthy.`,
]

describe.skipIf(missing !== undefined)(titled('many sites', missing), () => {
  test('in one process', { timeout: 1_800_000 }, async ({ task }) => {
    const plans = (await planTimesMs(planned)).map((ms, index) => ({ sites: planned[index] ?? 0, ms }))
    const report = await runScale(size)
    task.meta.tables = [scaleTable(notes, report, plans)]
    expect(Number.isFinite(report.withdrawn.worstMs)).toBe(true)
    expect(report.failover.apply).toBeGreaterThan(0)
  })

  test('at Cloudflare', { timeout: 900_000 }, async ({ task }) => {
    const report = await runCloudflareScale(size.failing, size.restMs)
    task.meta.tables = [cloudflareTable(cloudflareNotes, report)]
    expect({ isEach: Number.isFinite(report.withdrawn.worstMs), refused: report.refused }).toEqual({ isEach: true, refused: 0 })
  })
})
