/** Where a region's server is reached by the others. */
export interface ReplicationHost {
  /** A name or an address. */
  readonly address: string
  readonly port: number
  /** As in a known_hosts file, type and key: `ssh-ed25519 AAAA...`. Empty: not known yet. */
  readonly hostKeys: readonly string[]
}

/** How the regions of a site keep one document root alike. Times in milliseconds. */
export interface Replication {
  /** The document root, the same everywhere; absolute, without a slash at its end. */
  readonly root: string
  /** The account that sends and receives on every server; never root. */
  readonly user: string
  readonly mode: 'single-writer' | 'two-way'
  /** single-writer: the region that sends. two-way: the hub of a star, otherwise the first region. */
  readonly writer: string
  readonly topology: 'mesh' | 'star'
  /** Of a star in two-way mode alone. */
  readonly hub?: string
  /** Whole seconds. */
  readonly delayMs: number
  /** By region; every region of the site is there. */
  readonly hosts: Readonly<Record<string, ReplicationHost>>
  /** `path`: the folder in the document root, `/.dns-failover`, with one `REGION.json` a writer. `everyMs`: whole seconds. */
  readonly heartbeat: { readonly everyMs: number; readonly path: string }
  readonly maxLagMs: number
  readonly onLag: 'alarm' | 'withdraw'
  /** Paths of which every region must serve the same bytes. */
  readonly sameContent: readonly string[]
  readonly onDifference: 'report' | 'vote'
}

/** One direction in which content is sent. */
export interface ReplicationLink {
  readonly from: string
  readonly to: string
}

const regionsOf = (replication: Replication): readonly string[] => Object.keys(replication.hosts)

/** Who sends to whom. */
export const linksOf = (replication: Replication): readonly ReplicationLink[] => {
  const { mode, topology, writer } = replication
  const isLinked = (from: string, to: string): boolean => {
    if (mode === 'single-writer') return from === writer
    return topology === 'mesh' || from === writer || to === writer
  }
  const regions = regionsOf(replication)
  return regions.flatMap((from) => regions.filter((to) => to !== from && isLinked(from, to)).map((to) => ({ from, to })))
}

/** The regions whose content is their own, and that write a heartbeat of it. */
export const writersOf = (replication: Replication): readonly string[] =>
  replication.mode === 'single-writer' ? [replication.writer] : regionsOf(replication)

/** Whose heartbeats one link carries: the sender's own, and from a star's hub those of all the others too. */
export const heartbeatsOn = (replication: Replication, { from, to }: ReplicationLink): readonly string[] =>
  writersOf(replication).filter((writer) => writer !== to && (writer === from || (replication.topology === 'star' && replication.mode === 'two-way' && from === replication.writer)))

/** Where a writer's heartbeat stands in the document root, and in the URL of every region's copy. */
export const heartbeatPath = (replication: Replication, writer: string): string => `${replication.heartbeat.path}/${writer}.json`
