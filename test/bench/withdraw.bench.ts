import { describe, expect, test, type TestContext } from 'vitest'
import { titled } from '../system/servers/available.ts'
import { isShort, runCount } from './bench-size.ts'
import { equal, fastest, usual } from './our-settings.ts'
import { startGdnsd } from './peers/gdnsd.ts'
import { obstacle } from './peers/housed.ts'
import { startOurs, startOursOverBind } from './peers/ours.ts'
import { startPowerdns } from './peers/powerdns.ts'
import { runWithdraw, type WithdrawPlan } from './withdraw-run.ts'
import { type Sample, withdrawTable } from './withdraw-table.ts'

const missing = obstacle('gdnsd', 'pdns_server', 'named', 'nft')

const notes = [
  'From the fault to the first answer of the authoritative name server without the address, which is asked every 5 ms; then from the end of the fault to the first answer with it.',
  'All check the same servers at once, so each fault is the same for all of them. It comes at a random moment.',
  'dns-failover takes three failures to withdraw (fall 3) and two successes to restore (rise 2), without damping; PowerDNS and gdnsd take one of each.',
  'The limit is what one single check can do that comes at regular times: half the interval (90th: nine tenths), and the timeout where nobody answers.',
  '"Takes": how many times as long as this, median and 90th percentile.',
  'Who has missed a fault twice is not waited for any more.',
]

const fastCheckers: WithdrawPlan['checkers'] = [
  (watched) => startOurs(watched, 'dns-failover, every 250 ms', fastest),
  (watched) => startOursOverBind(watched, 'dns-failover, every 250 ms, BIND', fastest),
  (watched) => startOurs(watched, 'dns-failover, every 1 s', equal),
  (watched) => startPowerdns(watched, { everySeconds: 1, timeoutSeconds: 1 }),
  (watched) => startGdnsd(watched, { everySeconds: 2, timeoutSeconds: 1 }),
]

const usualCheckers: WithdrawPlan['checkers'] = [
  (watched) => startOurs(watched, 'dns-failover, defaults', usual),
  (watched) => startPowerdns(watched, { everySeconds: 5, timeoutSeconds: 2 }),
]

const hour = 3_600_000

describe.skipIf(missing !== undefined)(titled('time to withdraw and to restore', missing), () => {
  const play = async ({ task }: TestContext, title: string, plan: Omit<WithdrawPlan, 'tell'>): Promise<void> => {
    const samples: Sample[] = []
    const tell = (sample: Sample): void => {
      samples.push(sample)
      task.meta.tables = [withdrawTable(title, notes, samples)]
    }
    await runWithdraw({ ...plan, tell })
    const ours = samples.filter(({ product }) => product === 'dns-failover')
    expect(ours.filter(({ withdrawnMs, restoredMs }) => withdrawnMs === undefined || restoredMs === undefined)).toEqual([])
  }
  for (const regions of isShort ? [2] : [2, 4]) {
    test(`at the fastest settings, ${regions} regions`, { timeout: 3 * hour }, (context) => play(context, `Time to withdraw and to restore, ${regions} regions`, { regions, runs: runCount, checkers: fastCheckers, longestMs: 15_000 }))
  }
  if (!isShort) {
    test('at the default settings', { timeout: 3 * hour }, (context) =>
      play(context, 'Time to withdraw and to restore at the default settings', { regions: 2, runs: Math.ceil(runCount / 3), checkers: usualCheckers, longestMs: 40_000 }),
    )
  }
})
