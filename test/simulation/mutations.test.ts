import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { type Edit, type Mutation, operationMutations } from './operation-mutations.ts'
import { type Engine, simulate } from './run.ts'
import { scheduleOf } from './schedule.ts'
import { speedMutations } from './speed-mutations.ts'

/** Each breaks one of the design's rules on purpose; the simulation must notice. */
const mutations: readonly Mutation[] = [
  ...operationMutations,
  ...speedMutations,
  {
    breaks: '1, never empty: neither decision nor guard keep a last address',
    edits: [
      { file: 'core/decide.ts', from: 'if (isAllowed || remains) return choices', to: 'return choices' },
      { file: 'core/decide.ts', from: 'return isEnough ||', to: 'return true ||' },
      { file: 'core/guard.ts', from: 'had > 0 && left === 0', to: 'had > 0 && left < 0' },
    ],
  },
  {
    breaks: '2, unknown is not down: what is not decided is withdrawn',
    edits: [
      {
        file: 'core/decide.ts',
        from: "if (opinion === 'undecided') return asItIs(candidate, abstentionOf(candidate.verdict))",
        to: "if (opinion === 'undecided') return withhold(candidate, 'down')",
      },
    ],
  },
  {
    breaks: '2, a check that has never passed withdraws',
    edits: [{ file: 'core/ballot.ts', from: 'if (!health.hasPassed)', to: 'if (false)' }],
  },
  {
    breaks: '2, a restart believes what was written down',
    edits: [{ file: 'core/health.ts', from: "({ ...health, state: 'unknown', failing: undefined, passing: 0 })", to: 'health' }],
  },
  {
    breaks: '3, no withdrawal without sight: anything is a witness',
    edits: [
      { file: 'core/sight.ts', from: 'witness.isAnswering &&', to: '' },
      { file: 'core/sight.ts', from: 'witness.answeringSince !== undefined &&', to: '' },
      { file: 'core/sight.ts', from: 'witness.answeredAt !== undefined &&', to: '' },
      { file: 'core/sight.ts', from: 'witness.answeredAt >= previousAt &&', to: '' },
      { file: 'core/sight.ts', from: 'isEnough(starts, witness.answeringSince, check)', to: 'true' },
    ],
  },
  {
    breaks: '3, failures from a time when we were cut off count once the line is back',
    edits: [{ file: 'core/sight.ts', from: 'isEnough(starts, witness.answeringSince, check)', to: 'true' }],
  },
  {
    breaks: '4, only what is ours: foreign values are removed',
    edits: [
      { file: 'core/decide.ts', from: 'return chooseForeign(candidate, input)', to: "return withhold(candidate, 'foreign-removed')" },
      { file: 'core/guard.ts', from: 'foreign !== undefined && !facts.mayRemoveForeign', to: 'false' },
    ],
  },
  {
    breaks: '7, twice is once: a plan that is never empty',
    edits: [{ file: 'core/plan.ts', from: 'return isSame ? undefined :', to: 'return' }],
  },
  {
    breaks: '10, one failure is enough',
    edits: [
      { file: 'core/health.ts', from: 'run.count >= rules.fall &&', to: 'run.count >= 1 &&' },
      { file: 'core/sight.ts', from: 'seen.length >= check.fall &&', to: 'seen.length >= 1 &&' },
    ],
  },
  {
    breaks: '10, the failures need not span anything',
    edits: [
      { file: 'core/health.ts', from: 'run.lastAt - run.firstAt >= rules.confirmSpanMs', to: 'true' },
      { file: 'core/sight.ts', from: '(seen.at(-1) ?? 0) - (seen[0] ?? 0) >= check.confirmSpanMs', to: 'true' },
    ],
    noticedBy: 29,
  },
  {
    breaks: '10, one success forgives',
    edits: [{ file: 'core/health.ts', from: 'if (isSteady || passing < rules.rise) return next', to: 'if (isSteady || passing < rules.rise) return { ...next, failing: undefined }' }],
  },
  {
    breaks: '10, no budget',
    edits: [
      { file: 'core/budget.ts', from: 'Math.max(0, Math.ceil(siteAddresses / 2) - removals.length)', to: '1_000 + siteAddresses - removals.length' },
    ],
    noticedBy: 49,
  },
  {
    breaks: 'a pause: it is written all the same',
    edits: [{ file: 'engine/cycle.ts', from: ' || pause !== undefined', to: '' }],
  },
  {
    breaks: '11, an outage of the provider ends the work',
    edits: [{ file: 'engine/retry.ts', from: 'ports.clock.now() + backoffMs(', to: 'Number.POSITIVE_INFINITY + backoffMs(' }],
    noticedBy: 15,
  },
]

const root = join(import.meta.dirname, '../..')
const folders: string[] = []

afterAll(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })))
})

const brokenEngine = async (edits: readonly Edit[]): Promise<Engine> => {
  const folder = await mkdtemp(join(import.meta.dirname, '.mutant-'))
  folders.push(folder)
  for (const part of ['core', 'engine', 'providers/provider-error.ts', 'providers/provider.ts', 'store']) {
    await cp(join(root, 'src', part), join(folder, part), { recursive: true })
  }
  for (const { file, from, to } of edits) {
    const text = await readFile(join(folder, file), 'utf8')
    expect(text.split(from), `${file} holds "${from}" once`).toHaveLength(2)
    await writeFile(join(folder, file), text.replace(from, () => to))
  }
  const load = (file: string): Promise<Record<string, unknown>> => import(/* @vite-ignore */ join(folder, file)) as Promise<Record<string, unknown>>
  return { ...(await load('engine/run-site.ts')), ...(await load('engine/once.ts')), ...(await load('engine/zone-audit.ts')), ...(await load('store/document.ts')), ...(await load('store/stored-orders.ts')) } as unknown as Engine
}

const mostSeeds = 1_500
const everySeed = Array.from({ length: mostSeeds }, (_, index) => index + 1)

/**
 * A seed in `noticedBy` saves the way to it, and nothing else: it is a schedule of the generator like any other. Where generator or engine have changed so
 * that it shows nothing any more, all others are searched, as they are without it; only then is the mutant missed, or the test slow.
 */
it.each(mutations)('notices when $breaks', { timeout: 300_000 }, async ({ edits, noticedBy, among, isOneOfMany }) => {
  const engine = await brokenEngine(edits)
  const seeds = everySeed.filter((seed) => among === undefined || among(scheduleOf(seed)))
  for (const seed of [...(noticedBy === undefined ? [] : [noticedBy]), ...seeds]) {
    if ((await simulate(seed, engine, isOneOfMany)).violations.length > 0) return
  }
  expect.fail(`${seeds.length} schedules broke no rule`)
})
