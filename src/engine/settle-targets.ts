import { setMaxListeners } from 'node:events'
import type { Address } from '../core/address.ts'
import { confirmationShare, isWorthWitnessing, nextBesideAt, patienceInRunMs } from '../core/pacing.ts'
import type { Site } from '../core/site.ts'
import { counted, emptyTally, isDecided, isHopeless, nextInRunAt, type Tally } from '../core/tally.ts'
import type { Target } from '../core/targets.ts'
import { type RoundParts, runRound } from './check-round.ts'
import type { Monitor } from './monitor.ts'
import type { SitePorts } from './ports.ts'

const witnessPauseMs = 250

/** How often one that is decided is checked while nobody knows yet whether there are others: a provider may take long. */
const waitingPauseMs = 1000

/**
 * Checks all addresses until the verdict on each has fallen in this run, or the signal aborts. One that is decided
 * is checked on, at half the pace of a confirmation, while others are not: it is their witness. While one is silent, the checks
 * that would confirm it start beside the first. One of which this
 * machine cannot tell anything, for want of a route say, keeps nobody waiting. Those known at `first` are checked at once, while `all`
 * of them, in which they are, are still being found out.
 */
export const settleTargets = async (
  first: readonly Target[],
  all: Promise<readonly Target[]>,
  site: Site,
  monitor: Monitor,
  ports: SitePorts,
  signal: AbortSignal,
): Promise<ReadonlyMap<Address, Tally>> => {
  const tallies = new Map(first.map((target) => [target.address, emptyTally]))
  let whole: readonly Target[] | undefined
  const allDecided = new AbortController()
  const until = AbortSignal.any([signal, allDecided.signal])
  setMaxListeners(0, until)
  const tallyOf = ({ address }: Target): Tally => tallies.get(address) ?? emptyTally
  const isUnseen = (target: Target): boolean => isWorthWitnessing(tallyOf(target).failed, monitor.lacksWitness(target.address), site.check)
  const isDone = (target: Target): boolean =>
    isHopeless(tallyOf(target), site.check) || (isDecided(tallyOf(target), monitor.health(target.address), site.check) && !isUnseen(target))
  const areAllDone = (): boolean => whole?.every(isDone) ?? false
  const share = confirmationShare(site.check)

  const nextAt = (target: Target): number => {
    const { lastStartedAt } = tallyOf(target)
    if (isDone(target)) return ports.clock.now() + (whole === undefined ? Math.max(share, waitingPauseMs) : Math.max(share / 2, witnessPauseMs))
    return isUnseen(target) ? lastStartedAt + Math.max(share, 50) : nextInRunAt(tallyOf(target), site.check)
  }

  const settleOne = async (target: Target): Promise<void> => {
    const { address } = target
    const parts: RoundParts = {
      ask: () => monitor.ask(target, until),
      join: (result) => {
        monitor.join(target, result)
        tallies.set(address, counted(tallyOf(target), result))
      },
      besideAt: (underway) => (isDone(target) ? Number.POSITIVE_INFINITY : nextBesideAt(monitor.health(address), underway, patienceInRunMs, site.check)),
      onBeside: (firstAt, secondAt) => monitor.lookBeside({ address, firstAt, secondAt }),
    }
    while (!until.aborted) {
      await runRound(parts, ports.clock, until)
      if (until.aborted) return
      if (areAllDone()) return allDecided.abort()
      await ports.clock.sleep(nextAt(target) - ports.clock.now(), until)
    }
  }
  const settleRest = async (): Promise<void> => {
    whole = await all
    if (areAllDone()) return allDecided.abort()
    await Promise.all(whole.filter(({ address }) => !tallies.has(address)).map(settleOne))
  }
  await Promise.all([...first.map(settleOne), settleRest()])
  return tallies
}
