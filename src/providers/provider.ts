import type { Endpoint } from '../core/endpoint.ts'
import type { Fqdn } from '../core/fqdn.ts'
import type { Change, CurrentRRset, RRsetKey } from '../core/rrset.ts'

/** What a provider can do; the engine asks here and never for a provider's name. */
export interface Capabilities {
  /** `apply` refuses with code `conflict` if an RRset is no longer what `change.before` says. */
  readonly compareAndSet: boolean
  /** Where ownership is kept: in the records' comments, or in a TXT beside the name. */
  readonly marks: 'comment' | 'txt'
  /** Seconds: a TTL below this is refused. */
  readonly minTtl: number
  /** How many changes one call of `apply` takes at most. */
  readonly batch: number
}

/**
 * Where the main domain's records are kept. One instance per entry of `providers` in the config; safe for
 * concurrent calls. Every method settles within moments of its signal's abort.
 */
export interface Provider {
  readonly capabilities: Capabilities

  /** The servers that answer for the zone, if the provider knows them itself; otherwise they are found by NS. */
  readonly servers?: readonly Endpoint[]

  /**
   * The zone of this provider that holds `name`, or undefined if it keeps none that does.
   * @throws ProviderError
   */
  zoneOf(name: Fqdn, signal: AbortSignal): Promise<Fqdn | undefined>

  /**
   * The RRsets as the provider holds them now, not as a cache does, in the order of `keys`, with what our mark
   * says is ours in each. An absent RRset is one with no values. Reading changes nothing.
   * @throws ProviderError, with `obstacle` if something at a name makes address records impossible or meaningless.
   */
  read(keys: readonly RRsetKey[], signal: AbortSignal): Promise<readonly CurrentRRset[]>

  /**
   * Afterwards the RRset at each `change.key` holds exactly `change.after`, its TTL and mark included, and
   * nothing else in the zone has changed. Applying what is already there succeeds and changes nothing. With
   * `compareAndSet` each change is made only if the RRset still is `change.before` (or already `change.after`).
   * An `after` without values removes the RRset; one without owned values removes the mark.
   * @throws ProviderError; its `outcome` says what is known of the zone.
   */
  apply(changes: readonly Change[], signal: AbortSignal): Promise<void>

  /**
   * A call is likely to follow within seconds: what it would have to open may be opened now, and is closed again if no
   * call follows. Called as often as each check; costs the API nothing, changes nothing, tells of no failure and never throws.
   */
  warm?(): void

  /** Ends connections and servers of the provider's own. */
  close?(): Promise<void>
}
