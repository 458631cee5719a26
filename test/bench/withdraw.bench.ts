import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test, type TestContext } from 'vitest'
import { titled } from '../system/servers/available.ts'
import { isShort, runCount } from './bench-size.ts'
import { faultNames } from './faults.ts'
import { equal, fastest, usual } from './our-settings.ts'
import { startGdnsd } from './peers/gdnsd.ts'
import { obstacle } from './peers/housed.ts'
import { startOurs, startOursOverBind } from './peers/ours.ts'
import { startPowerdns } from './peers/powerdns.ts'
import { monotonicMs } from './process-cost.ts'
import { makeProgress } from './progress.ts'
import { withdrawGoals } from './withdraw-goals.ts'
import { runWithdraw, type WithdrawPlan } from './withdraw-run.ts'
import type { Sample } from './withdraw-rows.ts'
import { withdrawTable } from './withdraw-table.ts'

const missing = obstacle('gdnsd', 'pdns_server', 'named', 'nft')

const notes = [
  'From the fault to the first answer of the authoritative name server without the address, which is asked every 5 ms; then from the end of the fault to the first answer with it.',
  'All check the same servers at once, so each fault is the same for all of them. It comes at a random moment.',
  'dns-failover takes three failures to withdraw (fall 3) and two successes to restore (rise 2), without damping; PowerDNS and gdnsd take one of each.',
  'The limit is what one single check can do that comes at regular times: half the interval (90th: nine tenths), and the timeout where nobody answers.',
  '"Takes": how many times as long as this, median and 90th percentile.',
  'Over it: how much longer it took than the limit, median and 90th percentile.',
  'Who has missed a fault twice is not waited for any more.',
]

type Start = WithdrawPlan['checkers'][number]

const fastCheckers: readonly Start[] = [
  (watched) => startOurs(watched, 'dns-failover, every 250 ms', fastest),
  (watched) => startOursOverBind(watched, 'dns-failover, every 250 ms, BIND', fastest),
  (watched) => startOurs(watched, 'dns-failover, every 1 s', equal),
  (watched) => startPowerdns(watched, { everySeconds: 1, timeoutSeconds: 1 }),
  (watched) => startGdnsd(watched, { everySeconds: 2, timeoutSeconds: 1 }),
]

/** So many of each stand beside each other at the default settings, which take long: what each does counts. */
const copies = 5

/** Begins somewhere within its interval, so that copies do not check in step. */
const anywhere =
  (everyMs: number, start: Start): Start =>
  async (watched) => {
    await pause(Math.random() * everyMs)
    return start(watched)
  }

const usualCheckers: readonly Start[] = Array.from({ length: copies }, () => [
  anywhere(5000, (watched) => startOurs(watched, 'dns-failover, defaults', usual)),
  anywhere(5000, (watched) => startPowerdns(watched, { everySeconds: 5, timeoutSeconds: 2 })),
]).flat()

const hour = 3_600_000
const regionCounts = isShort ? [2] : [2, 4]
/** What all of them see, where it need only be seen that all is there: nobody is waited for in vain. */
const faults = isShort ? (['killed', 'HTTP 500', 'frozen', 'blackholed'] as const) : faultNames
const usualRuns = isShort ? 0 : Math.ceil(runCount / (3 * copies))
/** How much longer a fault takes at the default settings. */
const usualSteps = 3

const steps = faults.length * (regionCounts.length * runCount + usualRuns * usualSteps)
const progress = makeProgress('withdraw', steps, monotonicMs, (text) => void process.stderr.write(text))

describe.skipIf(missing !== undefined)(titled('time to withdraw and to restore', missing), () => {
  const play = async ({ task }: TestContext, title: string, plan: Omit<WithdrawPlan, 'tell' | 'faults'>, moreNotes: readonly string[] = []): Promise<void> => {
    const samples: Sample[] = []
    const hasGoals = !isShort && plan.checkers === fastCheckers
    const tell = (sample: Sample): void => {
      samples.push(sample)
      task.meta.tables = [{ ...withdrawTable(title, [...notes, ...moreNotes], samples), goals: hasGoals ? withdrawGoals(samples) : [] }]
    }
    await runWithdraw({ ...plan, faults, tell })
    const ours = samples.filter(({ product }) => product === 'dns-failover')
    expect(ours.filter(({ withdrawnMs, restoredMs }) => withdrawnMs === undefined || restoredMs === undefined)).toEqual([])
  }
  const longestMs = isShort ? 60_000 : 10_000
  for (const regions of regionCounts) {
    test(`at the fastest settings, ${regions} regions`, { timeout: 3 * hour }, (context) =>
      play(context, `Time to withdraw and to restore, ${regions} regions`, { regions, runs: runCount, checkers: fastCheckers, longestMs, turned: () => progress.done(1) }))
  }
  if (usualRuns > 0) {
    test('at the default settings', { timeout: 3 * hour }, (context) =>
      play(context, 'Time to withdraw and to restore at the default settings', { regions: 2, runs: usualRuns, checkers: usualCheckers, longestMs: 40_000, turned: () => progress.done(usualSteps) }, [
        `${copies} of each check beside each other, at moments of their own.`,
      ]))
  }
})
