import type { ReconcileIo } from './reconcile.ts'
import { type RegionOrderOptions, runRegionOrder } from './region-order.ts'

export interface ForceOptions extends RegionOrderOptions {
  readonly to: 'up' | 'down'
  readonly forMs: number
  readonly reason: string
}

/** Publishes or withholds a region for a while whatever the checks say. */
export const force = (options: ForceOptions, io: ReconcileIo, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> => {
  const { region, to, forMs, reason, isDryRun } = options
  return runRegionOrder(
    options,
    {
      command: 'dns-failover force',
      give: (link, site) => link.force(site, { region, to, forMs, reason, isDryRun }, signal),
      next: () => `Whatever the checks say. "dns-failover unforce ${region}" lets them decide again.`,
    },
    io,
    env,
    signal,
  )
}
