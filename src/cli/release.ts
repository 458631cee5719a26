import { releaseChanges, unknownRegions } from '../core/release.ts'
import { unresolvedRegions } from '../core/site-state.ts'
import { changeOnce } from '../engine/change-once.ts'
import { withResolutions } from '../core/region-claims.ts'
import { resolveRegions } from '../engine/resolve-regions.ts'
import type { Io } from './io.ts'
import { type OrderOptions, runOrder } from './order.ts'
import { leftSite, orderedSite } from './render/order-report.ts'

/** Publishes all configured addresses of a site, whatever the checks say, and drops our marks. For exit codes see `runOrder`. */
export const release = (options: OrderOptions, io: Io, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> =>
  runOrder(
    options,
    {
      command: 'dns-failover release',
      onSite: async (site, composition, isDryRun, inner) => {
        const ports = composition.portsOf(site)
        const saved = await ports.store.load(site.name)
        const state = withResolutions(saved, await resolveRegions(site, ports.resolver, inner))
        const details = unresolvedRegions(site, state)
        const unknown = unknownRegions(site, state)
        if (unknown.length > 0) {
          const why = details.filter(({ region }) => unknown.includes(region)).map(({ detail }) => detail)
          return leftSite(site.name, 'held', `no address of region ${unknown.join(', ')} is known, so not all could be published; nothing was written. Correct its service subdomain, or take the region out of the config (${why.join('; ')})`)
        }
        const result = await changeOnce(site, (current) => releaseChanges(site, state, current), ports, { isDryRun, verifyMs: options.verifyMs }, inner)
        // What regions once led to would be taken for ours again by a later start.
        if (!isDryRun && result.failure === undefined) await ports.store.save(site.name, { ...saved, retired: {} }, true)
        const stale = details.map(({ region, detail }) => `region ${region} is not resolved, its last known addresses are taken: ${detail}`)
        const end = isDryRun || result.failure !== undefined ? [] : ['released: take the site out of the config, or stop every service and timer that works on it, or it is taken over again']
        return orderedSite(site.name, result, [...stale, ...end], ports.clock, (text) => text)
      },
    },
    io,
    env,
    signal,
  )
