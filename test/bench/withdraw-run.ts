import { setTimeout as pause } from 'node:timers/promises'
import { type AnswerChange, type AnswerWatch, watchAnswers } from './answer-watch.ts'
import { type Fault, type FaultName, makeFaults } from './faults.ts'
import type { Checker, Watched } from './peers/checker.ts'
import { openPacketFilter } from './peers/packet-filter.ts'
import { startRegion } from './peers/region.ts'
import { monotonicMs } from './process-cost.ts'
import type { Sample } from './withdraw-rows.ts'

export interface WithdrawPlan {
  readonly regions: number
  readonly runs: number
  readonly faults: readonly FaultName[]
  /** Each gets an address of its own for its name server. */
  readonly checkers: readonly ((watched: Watched) => Promise<Checker>)[]
  /** Milliseconds after which nobody withdraws any more. */
  readonly longestMs: number
  /** Is told each sample as it comes. */
  readonly tell: (sample: Sample) => void
  /** All have met with one more fault, and are over it. */
  readonly turned: () => void
}

const port = 8080
/** What all have that have just got everything back: connections are opened anew, states are saved. */
const restMs = 1000
/** Whoever has not got everything back by then never does. */
const backMs = 60_000
/** Who has missed a fault so often is not waited for any more. It may still be seen, while others are waited for. */
const missesBelieved = 2

interface Watcher {
  readonly checker: Checker
  readonly watch: AnswerWatch
}

/** Regions and everybody who checks them, all at once: they meet with the very same faults. */
const withHouse = async (plan: WithdrawPlan, run: (watchers: readonly Watcher[], faults: readonly Fault[], regionOf: (turn: number) => Awaited<ReturnType<typeof startRegion>>) => Promise<void>): Promise<void> => {
  const filter = await openPacketFilter()
  const addresses = Array.from({ length: plan.regions }, (_, index) => `127.0.1.${index + 1}`)
  const regions = await Promise.all(addresses.map((address) => startRegion(address, [port])))
  const watchers: Watcher[] = []
  try {
    for (const [index, start] of plan.checkers.entries()) {
      // One after the other: none is measured while it starts, but starting all at once could take too long for one of them.
      const checker = await start({ host: `127.0.2.${index + 1}`, addresses, port })
      watchers.push({ checker, watch: await watchAnswers(checker.host, checker.port) })
    }
    await run(watchers, makeFaults(filter).filter(({ name }) => plan.faults.includes(name)), (turn) => regions[turn % regions.length] ?? (regions[0] as (typeof regions)[number]))
  } finally {
    for (const { checker, watch } of watchers) {
      watch.close()
      await checker.close()
    }
    await filter.pass()
    await Promise.all(regions.map((region) => region.stop()))
  }
}

const hasComeBack = (changes: readonly AnswerChange[], isThere: (values: readonly string[]) => boolean, goneAt: number | undefined): boolean =>
  goneAt !== undefined && changes.some(({ at, values }) => at > goneAt && isThere(values))

/** How long each takes to answer without an address whose server went bad at a moment that none of them chose, and with it again. */
export const runWithdraw = (plan: WithdrawPlan): Promise<void> =>
  withHouse(plan, async (watchers, faults, regionOf) => {
    const longestIntervalMs = Math.max(...watchers.map(({ checker }) => checker.everyMs))
    const misses = new Map<string, number>()
    let turn = 0
    for (let run = 0; run < plan.runs; run += 1) {
      for (const fault of faults) {
        const region = regionOf(turn)
        turn += 1
        const isThere = (values: readonly string[]): boolean => values.includes(region.address)
        const isGone = (values: readonly string[]): boolean => values.length > 0 && !isThere(values)
        const isWhole = (values: readonly string[]): boolean => values.length === plan.regions
        const whole = await Promise.all(watchers.map(({ watch }) => watch.first(monotonicMs(), isWhole, backMs)))
        if (whole.some((each) => each === undefined)) throw new Error(`not all regions are back: ${watchers.map(({ checker, watch }) => `${checker.name}: ${watch.now().join(' ')}`).join('; ')}`)
        await pause(restMs + Math.random() * longestIntervalMs)
        const missKey = ({ name }: Checker): string => `${fault.name} ${name}`
        const isWaitedFor = ({ checker }: Watcher): boolean => (misses.get(missKey(checker)) ?? 0) < missesBelieved
        const faultAt = await fault.begin(region)
        await Promise.all(watchers.filter(isWaitedFor).map(({ watch }) => watch.first(faultAt, isGone, plan.longestMs)))
        const goneAt = await Promise.all(watchers.map(({ watch }) => watch.first(faultAt, isGone, 0)))
        const hasReturned = watchers.map(({ watch }, index) => hasComeBack(watch.changes(), isThere, goneAt[index]))
        const healedAt = await fault.end(region)
        const backAt = await Promise.all(watchers.map(({ watch }, index) => (goneAt[index] === undefined ? undefined : watch.first(healedAt, isThere, backMs))))
        for (const [index, { checker }] of watchers.entries()) {
          const [gone, back] = [goneAt[index], backAt[index]]
          if (gone === undefined) misses.set(missKey(checker), (misses.get(missKey(checker)) ?? 0) + 1)
          const { name, product, everyMs, timeoutMs } = checker
          plan.tell({ who: name, product, everyMs, timeoutMs, fault: fault.name, regions: plan.regions, withdrawnMs: gone === undefined ? undefined : gone - faultAt, restoredMs: back === undefined ? undefined : back - healedAt, hasReturned: hasReturned[index] ?? false })
        }
        plan.turned()
      }
    }
  })
