import type { ReconcileIo } from './reconcile.ts'
import { type RegionOrderOptions, runRegionOrder } from './region-order.ts'

/** Ends a drain, or keeps the planned window that lasts now from counting. */
export const undrain = (options: RegionOrderOptions, io: ReconcileIo, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> => {
  const { region, isDryRun } = options
  return runRegionOrder(
    options,
    {
      command: 'dns-failover undrain',
      give: (link, site) => link.undrain(site, { region, isDryRun }, signal),
      next: ({ via, force }) =>
        force !== null ? `It is not drained any more, but forced ${force.to}: "dns-failover unforce ${region}" lets the checks decide.` : via === 'service' ? 'It is published again once its checks pass.' : 'It is published if its checks passed just now; otherwise dns-reconcile publishes it once they do.',
    },
    io,
    env,
    signal,
  )
}
