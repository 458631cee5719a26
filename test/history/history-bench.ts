import { cpuUsage } from 'node:process'
import { statSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { createHistory } from '../../src/history/create-history.ts'
import { ip, addressView, checked, down, failed, lineOf, passed, regionView, siteView, up } from './samples.ts'

/**
 * What the history costs: CPU for 10,000 checks and a day of reports. Argument: the worker. Bundled and run by hand:
 * see bundled.ts.
 */
const [, , worker = ''] = process.argv
const folder = await mkdtemp(join(tmpdir(), 'dns-failover-bench-'))
const file = join(folder, 'history.sqlite')
const dayMs = 86_400_000
let skipped = 0
const begin = Date.parse('2026-03-01T00:00:00Z')
const now = (): number => skipped
const print = (text: string): void => void process.stdout.write(`${text}\n`)

const history = createHistory({
  file,
  workerUrl: new URL(worker),
  retention: { eventsMs: 90 * dayMs, minutesMs: 7 * dayMs, hoursMs: 400 * dayMs },
  now,
  wallNow: () => begin + skipped,
  toWall: (ms) => begin + ms,
  log: (level, message) => print(`${level} ${message}`),
  lineOf,
})

const addresses = Array.from({ length: 1_000 }, (_, index) => ip(`203.0.${Math.floor(index / 250)}.${(index % 250) + 1}`))
const views = Array.from({ length: 500 }, (_, index) => ({
  ...siteView(regionView('msk', addressView(`203.0.0.${index % 250}`, 'up', true)), regionView('ams', addressView(`198.51.100.${index % 250}`, 'up', true))),
  site: `site-${index}.example`,
}))

/** Seconds of a busy service: 200 checks and a tenth of an event each, a sample every five. */
const seconds = 500
const before = { all: cpuUsage(), main: performance.eventLoopUtilization() }
let mainMs = 0
let longestMs = 0
for (let second = 0; second < seconds; second++) {
  skipped += 1_000
  const started = performance.now()
  for (let index = 0; index < 200; index++) {
    const which = (second * 200 + index) % 1_000
    const address = addresses[which] ?? ip('192.0.2.1')
    const event = checked(index % 50 === 0 ? failed() : passed(20 + (index % 40)))
    history.engine({ ...event, site: `site-${which >> 1}.example`, address } as typeof event)
  }
  if (second % 10 === 0) history.engine(second % 20 === 0 ? down() : up())
  if (second % 5 === 0) history.sample(views)
  const took = performance.now() - started
  mainMs += took
  longestMs = Math.max(longestMs, took)
  // The rows of ten seconds are handed over and written meanwhile.
  if (second % 10 === 9) {
    // oxlint-disable-next-line no-await-in-loop
    await sleep(600)
  }
}
const used = cpuUsage(before.all)
const per = (ms: number): string => `${((ms / (seconds * 200)) * 10_000).toFixed(1)} ms`
print(`${seconds * 200} checks of 1,000 addresses in ${seconds} s of service: whole process ${per((used.user + used.system) / 1000)} CPU per 10,000 checks`)
print(`of that in calls to engine and sample: ${per(mainMs)}, longest turn of one second ${longestMs.toFixed(1)} ms; event loop active ${per(performance.eventLoopUtilization(before.main).active)}`)
const asked = performance.now()
const report = await history.report({ sites: views.slice(0, 20).map(({ site }) => site), sinceMs: begin, untilMs: begin + skipped })
print(`report of 20 sites: ${(performance.now() - asked).toFixed(0)} ms, trouble ${report.trouble}; RSS ${Math.round(process.memoryUsage().rss / 1e6)} MB`)
await history.close()
print(`file: ${(statSync(file).size / 1e6).toFixed(1)} MB`)
await rm(folder, { recursive: true })
