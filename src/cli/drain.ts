import { durationText } from '../config/duration.ts'
import { systemClock } from '../engine/clock.ts'
import { waitForDrain } from './drain-wait.ts'
import { refusal } from './link/answer.ts'
import type { OperatorLink } from './link/operator-link.ts'
import type { Ending } from './print-ending.ts'
import type { ReconcileIo } from './reconcile.ts'
import { type RegionOrderOptions, runRegionOrder } from './region-order.ts'
import { clockText } from './render/duration.ts'
import { momentText } from './render/moment.ts'
import type { RegionOrderReport } from './render/region-order-report.ts'
import { createWaitLine } from './wait-line.ts'
import type { WaitReport } from './render/wait-report.ts'

export interface DrainOptions extends RegionOrderOptions {
  readonly forMs: number
  readonly reason: string
  readonly isForced: boolean
  readonly isWaited: boolean
  /** Milliseconds to wait at most. */
  readonly timeoutMs: number
}

/** Between two looks: a service knows how far it is, from here the name servers are asked. Milliseconds. */
const everyMs: Readonly<Record<OperatorLink['via'], number>> = { service: 500, state: 1_000 }

const exitCodes: Readonly<Record<WaitReport['outcome'], number>> = { safe: 0, held: 3, ended: 1, timeout: 4, interrupted: 1, failed: 1 }

const endsText = ({ drain }: RegionOrderReport): string => (drain?.until === null || drain === null ? 'when it is taken back' : `at ${momentText(drain.until)}`)

const errorOf = (wait: WaitReport, { region, ...report }: RegionOrderReport): Ending<RegionOrderReport>['error'] => {
  const stays = `the drain stays in force and ends ${endsText({ region, ...report })}; "dns-failover undrain ${region}" ends it now`
  switch (wait.outcome) {
    case 'safe':
      return undefined
    case 'held':
      return refusal('held', `the drain is in force, but ${region} is not taken out: ${wait.text}`).error
    case 'ended':
      return refusal('ended', `${region} is not drained any more: ${wait.text}`).error
    case 'timeout':
      return refusal('timeout', wait.text, stays).error
    case 'interrupted':
      return { ...refusal('interrupted', wait.text, stays).error, code: 'wait-interrupted' }
    case 'failed':
      return refusal('failed', wait.text, stays).error
  }
}

const nextText = (report: RegionOrderReport): string => {
  const { via, drain, force } = report
  if (force !== null) return `It is drained as well, but forced ${force.to}, which counts first: "dns-failover unforce ${report.region}" ends that.`
  if (drain?.progress.phase === 'safe') return `${report.region} is safe to reboot since ${clockText(drain.progress.safeSince ?? drain.since)}.`
  return `${via === 'service' ? 'The service takes it out now' : 'It is taken out'}; caches may have it until its TTL has passed. With --wait, drain waits until it is safe to reboot.`
}

/** Takes a region out for a while and, if asked to, waits until nobody has its addresses any more. */
export const drain = (options: DrainOptions, io: ReconcileIo, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> => {
  const { region, forMs, reason, isForced, isDryRun, timeoutMs } = options
  const wait = async (link: OperatorLink, ending: Ending<RegionOrderReport>): Promise<Ending<RegionOrderReport>> => {
    const { site } = ending.data
    // A name server that lags is what is waited for.
    if (!options.isWaited || site === null || (ending.exitCode !== 0 && ending.exitCode !== 4)) return ending
    if (!options.isJson) io.stderr(`${site}: ${region} is drained, which ends ${endsText(ending.data)}; waiting at most ${durationText(timeoutMs)} until it is safe to reboot (Ctrl-C leaves the drain in force)\n`)
    const line = createWaitLine(io)
    const { report: waited, drain: last } = await waitForDrain({ look: (until) => link.look(site, until), region, timeoutMs, everyMs: everyMs[link.via], clock: systemClock, show: line.show }, signal)
    line.stop()
    const outcome = waited.outcome === 'safe' ? 'done' : waited.outcome === 'held' ? 'held' : waited.outcome === 'timeout' ? 'unverified' : 'failed'
    const data = { ...ending.data, outcome, wait: waited, drain: waited.outcome === 'ended' ? null : (last ?? ending.data.drain) } as const
    return { exitCode: exitCodes[waited.outcome], data, error: errorOf(waited, ending.data) }
  }
  return runRegionOrder(
    options,
    {
      command: 'dns-failover drain',
      give: (link, site) => link.drain(site, { region, forMs, reason, isForced, isDryRun }, signal),
      next: nextText,
      after: wait,
    },
    io,
    env,
    signal,
  )
}
