import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { titled } from '../system/servers/available.ts'
import { watchAnswers } from './answer-watch.ts'
import { isShort } from './bench-size.ts'
import { type Flapping, flapperTable } from './flapper-table.ts'
import { equal, fastest } from './our-settings.ts'
import type { Checker, Watched } from './peers/checker.ts'
import { startGdnsd } from './peers/gdnsd.ts'
import { obstacle } from './peers/housed.ts'
import { startOurs } from './peers/ours.ts'
import { startPowerdns } from './peers/powerdns.ts'
import { startRegion } from './peers/region.ts'
import { monotonicMs } from './process-cost.ts'

const missing = obstacle('gdnsd', 'pdns_server')

/** Ours with all that dampens, as it is by default. */
const checkers: readonly ((watched: Watched) => Promise<Checker>)[] = [
  (watched) => startOurs(watched, 'dns-failover, every 250 ms', fastest, ''),
  (watched) => startOurs(watched, 'dns-failover, every 1 s', equal, ''),
  (watched) => startPowerdns(watched, { everySeconds: 1, timeoutSeconds: 1 }),
  (watched) => startGdnsd(watched, { everySeconds: 2, timeoutSeconds: 1 }),
]

const addresses = ['127.0.1.1', '127.0.1.2']
const watchedMs = isShort ? 5000 : 60_000
/** Everybody has seen all regions serve. */
const restMs = isShort ? 1000 : 4000

describe.skipIf(missing !== undefined)(titled('a server that fails every other check', missing), () => {
  test('record changes', { timeout: 600_000 }, async ({ task, onTestFinished }) => {
    const portOf = (index: number): number => 8080 + index
    const regions = await Promise.all(addresses.map((address) => startRegion(address, checkers.map((_, index) => portOf(index)))))
    onTestFinished(async () => void (await Promise.all(regions.map((region) => region.stop()))))
    const watchers = []
    for (const [index, start] of checkers.entries()) {
      const checker = await start({ host: `127.0.2.${index + 1}`, addresses, port: portOf(index) })
      onTestFinished(() => checker.close())
      const watch = await watchAnswers(checker.host, checker.port)
      onTestFinished(() => watch.close())
      watchers.push({ checker, watch })
    }
    const areWhole = await Promise.all(watchers.map(({ watch }) => watch.first(monotonicMs(), (values) => values.length === addresses.length, 30_000)))
    expect(areWhole).not.toContain(undefined)
    await pause(restMs)
    const since = await regions[0]?.set('alternate')
    await pause(watchedMs)
    const flapping = watchers.map(({ checker: { name, product, everyMs }, watch }): Flapping => ({ who: name, product, everyMs, changes: watch.changes().filter(({ at }) => at >= (since ?? 0)).length, watchedMs }))
    const table = flapperTable(flapping)
    task.meta.tables = [isShort ? { ...table, goals: [] } : table]
    // Who takes a single failure for an outage shows that the servers failed.
    expect(flapping.find(({ product }) => product === 'PowerDNS')?.changes).toBeGreaterThan(1)
  })
})
