import type { ReconcileIo } from './reconcile.ts'
import { type RegionOrderOptions, runRegionOrder } from './region-order.ts'

/** Lets the checks decide on a region again. */
export const unforce = (options: RegionOrderOptions, io: ReconcileIo, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> => {
  const { region, isDryRun } = options
  return runRegionOrder(
    options,
    {
      command: 'dns-failover unforce',
      give: (link, site) => link.unforce(site, { region, isDryRun }, signal),
      next: () => 'The checks decide again.',
    },
    io,
    env,
    signal,
  )
}
