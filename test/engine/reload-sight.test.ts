import { expect, it } from 'vitest'
import type { CheckResult } from '../../src/core/result.ts'
import { createMonitor, type Monitor } from '../../src/engine/monitor.ts'
import type { SitePorts } from '../../src/engine/ports.ts'
import type { SiteState } from '../../src/core/site-state.ts'
import { check, v4 } from '../core/samples.ts'
import { resolved } from '../core/known-sites.ts'
import { makeBench, siteOf } from './bench.ts'

const [msk, ams] = [v4(1), v4(2)]
const passed = (startedAt: number, finishedAt: number): CheckResult => ({ kind: 'ok', status: 200, startedAt, finishedAt, timing: { connectMs: 1, totalMs: finishedAt - startedAt } })
const timedOut = (startedAt: number): CheckResult => ({ kind: 'failed', cause: 'connect-timeout', detail: 'no answer', startedAt, finishedAt: startedAt + check.bounds.totalMs, timing: { totalMs: check.bounds.totalMs } })

const monitorFrom = (state: SiteState, ports: SitePorts): Monitor => createMonitor(siteOf({ msk, ams }), state, ports, () => undefined, new AbortController().signal)

it('takes nobody for a witness after a reload who was none before it: of whom nothing was heard while checks ran beside each other', async () => {
  const bench = makeBench()
  // Only the site's own addresses bear witness.
  const ports: SitePorts = { ...bench.ports, references: { ask: async () => [] } }
  const monitor = monitorFrom(resolved({ msk: [msk], ams: [ams] }), ports)
  const join = (address: typeof msk, result: CheckResult): void => monitor.join({ address, url: check.url }, result)
  for (const address of [msk, ams]) for (const at of [100, 600]) join(address, passed(at, at + 10))
  await bench.time.runUntil(2_100)
  // The line is cut from 1,000 to 2,050 ms: it is all that the three checks of ams that run beside each other say, and spanned by one of msk.
  for (const [firstAt, secondAt] of [[1_010, 1_510], [1_510, 2_010]] as const) monitor.lookBeside({ address: ams, firstAt, secondAt })
  join(msk, passed(990, 2_090))
  await bench.time.runUntil(4_100)
  for (const at of [1_010, 1_510, 2_010]) join(ams, timedOut(at))
  expect([monitor.health(ams).state, monitor.lacksWitness(ams)]).toEqual(['down', true])
  expect(monitorFrom(monitor.state(), ports).lacksWitness(ams)).toBe(true)
})
