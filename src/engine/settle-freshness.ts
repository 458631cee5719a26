import type { Address } from '../core/address.ts'
import type { Site } from '../core/site.ts'
import { regionState } from '../core/site-state.ts'
import type { Target } from '../core/targets.ts'
import type { FreshnessWatch } from './freshness-watch.ts'
import type { Monitor } from './monitor.ts'
import type { SitePorts } from './ports.ts'

/**
 * Looks at the regions' heartbeats until it is known who serves old content: once if nobody lacks anything, otherwise as often
 * as a verdict takes, and until whoever came back has had time to catch up. Checks all addresses before each further look, so
 * that what the checks said is not old by then. Returns the addresses of regions that lack something, but of which there was
 * no time to judge: `boundMs`, or the signal.
 */
export const settleFreshness = async (
  site: Site,
  watch: FreshnessWatch,
  targets: readonly Target[],
  monitor: Monitor,
  { clock }: Pick<SitePorts, 'clock'>,
  boundMs: number,
  signal: AbortSignal,
): Promise<readonly Address[]> => {
  const { fall } = site.check
  const names = site.regions.map(({ name }) => name)
  const withState = (state: string): readonly string[] => names.filter((name) => watch.view(name)?.state === state)
  // A writer may be seen twice at one heartbeat, and only one that goes on is a measure.
  const looksNeeded = fall + 1
  const catchUpMs = looksNeeded * watch.everyMs + (site.replication?.delayMs ?? 0)
  const startedAt = clock.now()
  const isOver = (withinMs: number): boolean => clock.now() + watch.everyMs - startedAt > Math.min(withinMs, boundMs)

  let looks = 0
  for (;;) {
    await watch.look(signal)
    if (signal.aborted) break
    looks += 1
    const isVerdictOpen = looks < looksNeeded && withState('behind').length > 0 && !isOver(boundMs)
    const isAwaited = withState('catching-up').length > 0 && !isOver(catchUpMs)
    if (!isVerdictOpen && !isAwaited) break
    await clock.sleep(watch.everyMs, signal)
    await Promise.all(targets.map((target) => monitor.check(target, signal)))
    if (signal.aborted) break
  }
  if (!signal.aborted && withState('catching-up').length > 0) watch.letInFresh()
  if (looks >= looksNeeded) return []
  return withState('behind').flatMap((name) => regionState(monitor.state(), name)?.addresses ?? [])
}
