import { expect, it } from 'vitest'
import { runOnce } from '../../src/engine/once.ts'
import { runSite } from '../../src/engine/run-site.ts'
import { decodeState, encodeState } from '../../src/store/document.ts'
import { simulate } from './run.ts'

const engine = { runSite, runOnce, encodeState, decodeState }
const replay = process.env['SEED']
const count = Number(process.env['SEEDS'] ?? 10_000)
const seeds = replay === undefined ? Array.from({ length: count }, (_, index) => index + 1) : [Number(replay)]

it(`keeps every rule through ${seeds.length} seeded fault schedules`, { timeout: 1_200_000 }, async () => {
  let checks = 0
  let writes = 0
  for (const seed of seeds) {
    const outcome = await simulate(seed, engine)
    checks += outcome.checks
    writes += outcome.writes
    const [first] = outcome.violations
    if (first !== undefined || replay !== undefined) {
      const told = [...outcome.story, ...outcome.violations.map((each) => `${(each.at / 1000).toFixed(3)} RULE ${each.rule}: ${each.text}`)]
      const text = `seed ${seed}; replay with: SEED=${seed} npx vitest run test/simulation/simulation.test.ts\n${told.join('\n')}\n`
      process.stderr.write(text)
      expect(first, text).toBeUndefined()
    }
  }
  process.stderr.write(`simulation: ${seeds.length} schedules, ${checks} checks, ${writes} writes\n`)
  expect(checks).toBeGreaterThan(0)
})
