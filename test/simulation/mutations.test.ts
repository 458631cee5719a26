import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { type Edit, type Mutation, operationMutations } from './operation-mutations.ts'
import { type Engine, simulate } from './run.ts'

/** Each breaks one of the design's rules on purpose; the simulation must notice. */
const mutations: readonly Mutation[] = [
  ...operationMutations,
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
    breaks: '3, nobody is asked beside the checks that would confirm a silence',
    edits: [{ file: 'engine/check-loops.ts', from: 'onBeside: (firstAt, secondAt) => lookBeside({ address, firstAt, secondAt })', to: 'onBeside: () => undefined' }],
  },
  {
    breaks: '3, whoever has answered before and after bears witness of the time between',
    edits: [{ file: 'core/overlap.ts', from: 'firstAt > after && secondAt + slackMs < until', to: 'false' }],
    noticedBy: 1515,
  },
  {
    breaks: '2, results count in the order in which the checks end',
    edits: [{ file: 'engine/check-round.ts', from: 'if (before !== undefined) await before', to: '' }],
  },
  {
    breaks: 'fast: a silent server costs a timeout for each check',
    edits: [{ file: 'core/habit.ts', from: 'if (passes < leastPasses)', to: 'if (passes >= 0)' }],
  },
  {
    breaks: '5, from a known before: a plan rests on a reading from before the last write',
    edits: [
      { file: 'core/early-reading.ts', from: 'startedAt >= since && now', to: 'now' },
      { file: 'engine/early-reading.ts', from: 'startedAt !== undefined && startedAt >= since', to: 'startedAt !== undefined' },
    ],
  },
  {
    breaks: '5, from a known before: a plan rests on a reading from long ago',
    edits: [{ file: 'core/early-reading.ts', from: 'now - startedAt <= longestEarlyMs', to: 'true' }],
  },
  {
    breaks: '5, from a known before: a plan rests on an early reading where the provider does not compare',
    edits: [
      { file: 'engine/early-reading.ts', from: '!provider.capabilities.compareAndSet || ', to: '' },
      { file: 'engine/cycle.ts', from: 'read === foreseen && ports.provider.capabilities.compareAndSet &&', to: 'read === foreseen &&' },
    ],
  },
  {
    breaks: 'orders: on records that were read ahead those count that were known before',
    edits: [{ file: 'engine/cycle.ts', from: 'const state = withOrders(pruned({ ...stateNow(), removals }, site, read.current), orders)', to: 'const before = pruned({ ...stateNow(), removals }, site, read.current)\n    const state = read === foreseen ? before : withOrders(before, orders)' }],
    noticedBy: 664,
  },
  {
    breaks: 'orders: a site at rest hears of none',
    edits: [{ file: 'core/rest.ts', from: '[drains, forces, words, stale, catchingUp].every(isEmpty)', to: '[words, stale, catchingUp].every(isEmpty)' }],
    noticedBy: 740,
  },
  {
    breaks: 'fast: a wait for re-admission ends at the next tick',
    edits: [{ file: 'core/moments-ahead.ts', from: "state === 'up' && readmitAt !== undefined ? [readmitAt] : []", to: '[]' }],
    noticedBy: 101,
  },
  {
    breaks: 'fast: a site at rest is never decided again before the next audit',
    edits: [{ file: 'engine/run-site.ts', from: 'idle !== undefined && isSameRest(', to: 'idle !== undefined && (() => true)(' }],
    noticedBy: 26,
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
  },
  {
    breaks: '10, one success forgives',
    edits: [{ file: 'core/health.ts', from: 'if (passing < rules.rise) return next', to: 'if (passing < rules.rise) return { ...next, failing: undefined }' }],
  },
  {
    breaks: '10, no budget',
    edits: [
      { file: 'core/budget.ts', from: 'Math.max(0, Math.ceil(siteAddresses / 2) - removals.length)', to: '1_000 + siteAddresses - removals.length' },
    ],
  },
  {
    breaks: 'a pause: it is written all the same',
    edits: [{ file: 'engine/cycle.ts', from: ' || pause !== undefined', to: '' }],
  },
  {
    breaks: '11, an outage of the provider ends the work',
    edits: [{ file: 'engine/retry.ts', from: 'ports.clock.now() + backoffMs(', to: 'Number.POSITIVE_INFINITY + backoffMs(' }],
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

it.each(mutations)('notices when $breaks', { timeout: 300_000 }, async ({ edits, noticedBy }) => {
  const engine = await brokenEngine(edits)
  for (const seed of [...(noticedBy === undefined ? [] : [noticedBy]), ...everySeed]) {
    if ((await simulate(seed, engine)).violations.length > 0) return
  }
  expect.fail(`${mostSeeds} schedules broke no rule`)
})
