import { expect, it } from 'vitest'
import { runOnce } from '../../src/engine/once.ts'
import { runSite } from '../../src/engine/run-site.ts'
import { createZoneAudit } from '../../src/engine/zone-audit.ts'
import { decodeState, encodeState } from '../../src/store/document.ts'
import { ordersIn } from '../../src/store/stored-orders.ts'
import { type Engine, type Outcome, simulate } from './run.ts'

const engine = { runSite, runOnce, encodeState, decodeState, ordersIn, createZoneAudit }
/** As one of many sites, which act at turns of their own. */
const spread: Engine = { ...engine, runSite: (site, ports, timing, signal, around) => runSite(site, ports, timing, signal, { ...around, isSpread: true }) }

const told = (seed: number, outcome: Outcome, replay: string): string =>
  [
    `seed ${seed}; replay with: SEED=${seed} npx vitest run test/simulation/${replay}.test.ts`,
    ...outcome.story,
    ...outcome.violations.map((each) => `${(each.at / 1000).toFixed(3)} RULE ${each.rule}: ${each.text}`),
  ].join('\n')

/** Alone; at turns of its own; or with all that a site has among many others. */
type Way = 'alone' | 'spread' | 'many'

const replays: Readonly<Record<Way, string>> = { alone: 'seeds-1', spread: 'seeds-spread', many: 'seeds-many' }

/** Lives through a share of the 2,400 schedules, in a file of its own so that shares run side by side. */
export const simulateSeeds = (from: number, to: number, way: Way = 'alone'): void => {
  const replay = replays[way]
  const one = process.env['SEED']
  const seeds = one === undefined ? Array.from({ length: to - from + 1 }, (_, index) => from + index) : [Number(one)]

  it(`keeps every rule through the fault schedules of seeds ${seeds[0]} to ${seeds.at(-1)}`, { timeout: 1_200_000 }, async () => {
    let checks = 0
    for (const seed of seeds) {
      const outcome = await simulate(seed, way === 'spread' ? spread : engine, way === 'many')
      checks += outcome.checks
      expect(outcome.violations, told(seed, outcome, replay)).toEqual([])
      if (one !== undefined) process.stdout.write(`${told(seed, outcome, replay)}\n`)
    }
    expect(checks).toBeGreaterThan(seeds.length)
  })
}
