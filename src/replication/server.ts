import { linksOf, type Replication, type ReplicationHost, writersOf } from '../core/replication.ts'
import { markerName, temporaryName } from './place.ts'

/** What a peer's key opens here. */
export type Right = 'read' | 'write' | 'both'

/** One region's server, and its part in the replication. */
export interface Server {
  readonly site: string
  readonly region: string
  readonly replication: Replication
  /** Whom it sends to. */
  readonly targets: readonly string[]
  /** From whom it takes, before anything is sent. */
  readonly sources: readonly string[]
  readonly isWriter: boolean
  /** Who comes in here, and what for; in the order of the regions. */
  readonly grants: readonly { readonly region: string; readonly right: Right }[]
}

/** Whether it alone writes: then it has a term, by which a writer that was succeeded is told from its successor. */
export const isLoneWriter = ({ replication, isWriter }: Pick<Server, 'replication' | 'isWriter'>): boolean => replication.mode === 'single-writer' && isWriter

export const serverOf = (site: string, region: string, replication: Replication): Server => {
  const links = linksOf(replication)
  const targets = links.filter(({ from }) => from === region).map(({ to }) => to)
  const sources = links.filter(({ to }) => to === region).map(({ from }) => from)
  const grants = Object.keys(replication.hosts).flatMap((each): Server['grants'] => {
    const [reads, writes] = [targets.includes(each), sources.includes(each)]
    if (!reads && !writes) return []
    return [{ region: each, right: reads && writes ? 'both' : reads ? 'read' : 'write' }]
  })
  return { site, region, replication, targets, sources, isWriter: writersOf(replication).includes(region), grants }
}

/** The name by which ssh knows a region's server and its host key: it stays when a replacement takes the region over. */
export const aliasOf = (region: string): string => `dns-failover-${region.toLowerCase()}`

export const hostOf = ({ replication }: Server, region: string): ReplicationHost => replication.hosts[region] ?? { address: region, port: 22, hostKeys: [] }

/** What in the document root is each server's own, and never sent or taken as content. */
export const ownPaths = ({ heartbeat }: Pick<Replication, 'heartbeat'>): readonly string[] => [`/${markerName}`, `/${temporaryName}/`, `${heartbeat.path}/`]

/** The first lines of every file. Ends with a full stop, for a backslash at the end of a line would go on in the next. */
export const heading = ({ site, region }: Server, about: string, path: string, comment = '#'): string =>
  [
    `${about}`,
    `Goes to ${path} on the server of region ${region}, site ${site}.`,
    'Rendered by dns-failover replication render: change the config and render again, not this file.',
  ]
    .map((line) => `${comment} ${line}\n`)
    .join('')
