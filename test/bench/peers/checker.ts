/** Who checks the regions and answers for the name, under test. */
export interface Checker {
  /** As the tables call it. */
  readonly name: string
  readonly product: 'dns-failover' | 'PowerDNS' | 'gdnsd'
  readonly everyMs: number
  readonly timeoutMs: number
  /** Where its name server answers. */
  readonly host: string
  readonly port: number
  readonly pid: number
  close(): Promise<void>
}

/** What there is to watch. */
export interface Watched {
  /** The address that the name server gets. */
  readonly host: string
  /** The regions' addresses and the one port of theirs that is this checker's. */
  readonly addresses: readonly string[]
  readonly port: number
}

export const zoneName = 'bench.test'
/** The name that leads to the regions. */
export const siteName = `www.${zoneName}`
export const wantedBody = 'Hello'
