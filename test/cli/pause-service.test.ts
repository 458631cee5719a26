import { setMaxListeners } from 'node:events'
import { expect, it, onTestFinished } from 'vitest'
import { compose } from '../../src/compose.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import { explain } from '../../src/cli/explain.ts'
import { pause, resume } from '../../src/cli/pause.ts'
import { release } from '../../src/cli/release.ts'
import type { ExplainReport } from '../../src/cli/render/explain-report.ts'
import type { EngineEvent } from '../../src/engine/events.ts'
import { defaultTiming, runSite } from '../../src/engine/run-site.ts'
import { parseFqdn } from '../../src/core/fqdn.ts'
import { acquireLock } from '../../src/store/lock.ts'
import { amsAddress, makeOperatorBench, mskAddress, never, type OperatorBench, siteName } from './operator-bench.ts'

interface Service {
  /** Resolves with the first event, from the start on, that is as asked for; each event counts once. */
  next(isMeant: (event: EngineEvent) => boolean): Promise<EngineEvent>
  published(): Promise<readonly string[]>
}

/** What `serve` does with one site, in this process, under the lock. */
const startService = async (bench: OperatorBench): Promise<Service> => {
  const loaded = await loadConfig(bench.config, {})
  const [site] = loaded.ok ? loaded.config.sites : []
  if (!loaded.ok || site === undefined) throw new Error('the config is wrong')
  const lock = await acquireLock(bench.stateDir, { command: 'dns-failover serve' })
  if (lock.kind !== 'held') throw new Error('not held')
  const events: EngineEvent[] = []
  const wake: (() => void)[] = []
  const composition = await compose(loaded.config, {
    isDryRun: false,
    log: () => undefined,
    report: (event) => {
      events.push(event)
      for (const each of wake.splice(0)) each()
    },
  })
  const controller = new AbortController()
  setMaxListeners(0, controller.signal)
  const quick = { ...site, check: { ...site.check, everyMs: 200 } }
  const ended = runSite(quick, composition.portsOf(quick), { ...defaultTiming, tickMs: 100 }, controller.signal)
  onTestFinished(async () => {
    controller.abort()
    await ended
    await composition.close()
    await lock.release()
  })
  return {
    next: async (isMeant) => {
      for (;;) {
        const at = events.findIndex(isMeant)
        const [found] = at === -1 ? [] : events.splice(0, at + 1).slice(-1)
        if (found !== undefined) return found
        await new Promise<void>((resolve) => wake.push(resolve))
      }
    },
    published: async () => {
      const name = parseFqdn(siteName)
      const provider = composition.providers.get('local')
      const [set] = name === undefined ? [] : ((await provider?.read([{ name, type: 'A' }], never)) ?? [])
      return set?.values ?? []
    },
  }
}

it('a service that runs writes nothing while it is paused, tells of it when asked, and writes once it is resumed', async () => {
  const bench = await makeOperatorBench()
  const service = await startService(bench)
  const hasWritten = (event: EngineEvent): boolean => event.kind === 'verified'
  await service.next(hasWritten)
  while ((await service.published()).length < 2) await service.next(hasWritten)
  expect(await service.published()).toEqual([mskAddress, amsAddress])

  expect((await bench.say((io) => pause({ config: bench.config, sites: [], isJson: false, forMs: 60_000, reason: 'a move' }, io, {}, never))).code).toBe(0)
  bench.regions.set(amsAddress, 'fail')
  await service.next(({ kind }) => kind === 'paused')
  expect(await service.published()).toEqual([mskAddress, amsAddress])

  const explained = async (): Promise<unknown> => {
    const { code, stdout } = await bench.say((io) => explain({ config: bench.config, sites: [], isJson: true, address: amsAddress, isChecked: false, checksMs: 5000 }, io, {}, never))
    const report: ExplainReport = JSON.parse(stdout)
    return { code, pause: report.sites[0]?.pause?.reason, sets: report.sites[0]?.addresses[0]?.sets.map(({ published, action, rule }) => ({ published, action, rule })) }
  }
  // The service writes its state down in the background.
  await expect.poll(explained, { timeout: 30_000, interval: 100 }).toEqual({ code: 0, pause: 'a move', sets: [{ published: true, action: 'withhold', rule: 'down' }] })
  const refused = await bench.say((io) => release({ config: bench.config, sites: [siteName], isJson: false, isConfirmed: true, verifyMs: 2000 }, io, {}, never))
  expect({ code: refused.code, isNamed: refused.stderr.includes('is in use by dns-failover serve') }).toEqual({ code: 3, isNamed: true })

  expect((await bench.say((io) => resume({ config: bench.config, sites: [], isJson: false }, io, {}, never))).stdout).toBe('one.example.test: resumed\n')
  await service.next(({ kind }) => kind === 'written')
  expect(await service.published()).toEqual([mskAddress])
})
