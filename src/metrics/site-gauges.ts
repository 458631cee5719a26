import type { AddressView, RegionView, SiteView } from '../engine/views.ts'
import type { Definition } from './site-series.ts'

export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** A gauge that is read off the views whenever it is asked for: what is not there any more has no series. */
export interface SiteGauge extends Definition {
  samples(view: SiteView): readonly Sample[]
}

const one = (labels: Sample['labels'], value: number | boolean): Sample => ({ labels, value: Number(value) })

/** Seconds since the epoch; none where there is no time. */
const timeOf = (labels: Sample['labels'], iso: string | null | undefined): readonly Sample[] => (iso === null || iso === undefined ? [] : [one(labels, Date.parse(iso) / 1000)])

const daySeconds = 86_400

interface Placed {
  readonly region: string
  readonly view: AddressView
}

const addressesOf = ({ regions, others }: SiteView): readonly Placed[] => [
  ...regions.flatMap(({ region, addresses }) => addresses.map((view) => ({ region, view }))),
  ...others.map((view) => ({ region: '', view })),
]

/** Up if any of its addresses is, down if all that is known of them is down. */
const isUp = ({ addresses }: RegionView): boolean | undefined => {
  const known = addresses.filter(({ state }) => state !== 'unknown')
  return known.length === 0 ? undefined : known.some(({ state }) => state === 'up')
}

const perRegion =
  (samples: (region: RegionView, labels: { readonly site: string; readonly region: string }) => readonly Sample[]): SiteGauge['samples'] =>
  ({ site, regions }) =>
    regions.flatMap((each) => samples(each, { site, region: each.region }))

const perSet =
  (samples: (set: SiteView['sets'][number], labels: { readonly site: string; readonly name: string; readonly type: string }) => readonly Sample[]): SiteGauge['samples'] =>
  ({ site, sets }) =>
    sets.flatMap((set) => samples(set, { site, name: set.name, type: set.type }))

const perRecord =
  (is: 'isPublished' | 'isWanted'): SiteGauge['samples'] =>
  (view) =>
    addressesOf(view).flatMap(({ region, view: { address, sets } }) => sets.map((set) => one({ site: view.site, region, address, name: set.name, type: set.type }, set[is])))

/** How many of each label value there are. */
const counted = (values: readonly string[]): ReadonlyMap<string, number> => values.reduce((counts, value) => counts.set(value, (counts.get(value) ?? 0) + 1), new Map<string, number>())

export const siteGauges: readonly SiteGauge[] = [
  {
    name: 'dns_failover_site_condition',
    help: 'How a site does, in one word: 1 for the condition that applies, the others have no series',
    labels: ['site', 'condition'],
    samples: ({ site, condition }) => [one({ site, condition }, 1)],
  },
  {
    name: 'dns_failover_paused',
    help: 'Whether an operator has paused writing',
    labels: ['site'],
    samples: ({ site, pause }) => [one({ site }, pause !== null)],
  },
  {
    name: 'dns_failover_provider_failing',
    help: "Whether a site's provider is in trouble",
    labels: ['site', 'provider'],
    samples: ({ site, provider }) => [one({ site, provider: provider.name }, provider.trouble !== null)],
  },
  {
    name: 'dns_failover_last_change_timestamp_seconds',
    help: 'When records of the site were last written',
    labels: ['site'],
    samples: ({ site, lastChange }) => timeOf({ site }, lastChange?.at),
  },
  {
    name: 'dns_failover_blind',
    help: 'Whether nothing answers in an address family, so that nothing is changed automatically',
    labels: ['site', 'family'],
    samples: ({ site, sets }) =>
      (['A', 'AAAA'] as const).flatMap((type) => {
        const own = sets.filter((set) => set.type === type)
        return own.length === 0 ? [] : [one({ site, family: type === 'A' ? 'v4' : 'v6' }, own.some(({ mode }) => mode === 'blind'))]
      }),
  },
  {
    name: 'dns_failover_region_up',
    help: 'Whether an address of the region is up; no series while nothing is known of any',
    labels: ['site', 'region'],
    samples: perRegion((region, labels) => {
      const value = isUp(region)
      return value === undefined ? [] : [one(labels, value)]
    }),
  },
  {
    name: 'dns_failover_region_unresolved',
    help: "Whether a region's service subdomain cannot be resolved, so that its last known addresses are kept",
    labels: ['site', 'region'],
    samples: perRegion(({ problems }, labels) => [one(labels, problems.length > 0)]),
  },
  {
    name: 'dns_failover_drain',
    help: 'Drains in force: 1 for the phase that a drain is in (held, withdrawing, spreading, expiring, safe), the others have no series',
    labels: ['site', 'region', 'origin', 'phase'],
    samples: perRegion(({ drain }, labels) => (drain === null ? [] : [one({ ...labels, origin: drain.origin, phase: drain.progress.phase }, 1)])),
  },
  {
    name: 'dns_failover_drain_end_timestamp_seconds',
    help: 'When a drain ends by itself',
    labels: ['site', 'region'],
    samples: perRegion(({ drain }, labels) => timeOf(labels, drain?.until)),
  },
  {
    name: 'dns_failover_force',
    help: 'Regions that an operator has forced up or down',
    labels: ['site', 'region', 'to'],
    samples: perRegion(({ force }, labels) => (force === null ? [] : [one({ ...labels, to: force.to }, 1)])),
  },
  {
    name: 'dns_failover_force_end_timestamp_seconds',
    help: 'When a force ends by itself',
    labels: ['site', 'region'],
    samples: perRegion(({ force }, labels) => timeOf(labels, force?.until)),
  },
  {
    name: 'dns_failover_words',
    help: 'What outside monitors say of a region, while it is believed: how many say so',
    labels: ['site', 'region', 'source', 'opinion'],
    samples: perRegion(({ words }, labels) =>
      (['up', 'down'] as const).flatMap((opinion) =>
        [...counted(words.filter((word) => word.opinion === opinion).map(({ source }) => source))].map(([source, count]) => one({ ...labels, source, opinion }, count)),
      ),
    ),
  },
  {
    name: 'dns_failover_promotion_due_timestamp_seconds',
    help: 'When a replacement is promoted if all stays as it is',
    labels: ['site', 'region'],
    samples: perRegion(({ replacement }, labels) => timeOf(labels, replacement?.dueAt)),
  },
  {
    name: 'dns_failover_replication_lag_seconds',
    help: "How far a region's copy of a writer's heartbeat is behind the furthest copy; no series while it has none or cannot be asked",
    labels: ['site', 'region', 'writer'],
    samples: perRegion(({ freshness }, labels) => (freshness?.lags ?? []).flatMap(({ writer, lagMs }) => (lagMs === null ? [] : [one({ ...labels, writer }, lagMs / 1000)]))),
  },
  {
    name: 'dns_failover_replication_stale',
    help: 'Whether a region counts as down for serving older content than others; only where the site has a replication',
    labels: ['site', 'region'],
    samples: perRegion(({ freshness }, labels) => (freshness === null ? [] : [one(labels, freshness.state === 'stale')])),
  },
  {
    name: 'dns_failover_replication_heartbeat_age_seconds',
    help: "How long a writer's heartbeat has not advanced at the writer itself",
    labels: ['site', 'writer'],
    samples: ({ site, regions }) => regions.flatMap(({ region, freshness }) => (freshness === null || freshness.heartbeatAgeMs === null ? [] : [one({ site, writer: region }, freshness.heartbeatAgeMs / 1000)])),
  },
  {
    name: 'dns_failover_address_up',
    help: 'Health of an address: 1 up, 0 down, no series while unknown',
    labels: ['site', 'region', 'address', 'family'],
    samples: (view) =>
      addressesOf(view).flatMap(({ region, view: { address, state } }) =>
        state === 'unknown' ? [] : [one({ site: view.site, region, address, family: address.includes(':') ? 'v6' : 'v4' }, state === 'up')],
      ),
  },
  {
    name: 'dns_failover_certificate_remaining_seconds',
    help: "How long an address's certificate is valid still, in whole days; negative once it has expired",
    labels: ['site', 'region', 'address'],
    samples: (view) => addressesOf(view).flatMap(({ region, view: { address, certificateDays } }) => (certificateDays === null ? [] : [one({ site: view.site, region, address }, certificateDays * daySeconds)])),
  },
  {
    name: 'dns_failover_address_published',
    help: 'Whether an address is in the records of a name, as they were last read',
    labels: ['site', 'region', 'address', 'name', 'type'],
    samples: perRecord('isPublished'),
  },
  {
    name: 'dns_failover_address_wanted',
    help: 'Whether an address is to be in the records of a name',
    labels: ['site', 'region', 'address', 'name', 'type'],
    samples: perRecord('isWanted'),
  },
  {
    name: 'dns_failover_set_mode',
    help: 'How an RRset stands: 1 for the mode that applies (normal, blind, undecided, fail-open, fail-closed, family-down), the others have no series',
    labels: ['site', 'name', 'type', 'mode'],
    samples: perSet(({ mode }, labels) => [one({ ...labels, mode }, 1)]),
  },
  {
    name: 'dns_failover_set_refused',
    help: 'Whether the guard refuses the change that is wanted of an RRset',
    labels: ['site', 'name', 'type'],
    samples: perSet(({ refused }, labels) => [one(labels, refused !== null)]),
  },
  {
    name: 'dns_failover_records_read_timestamp_seconds',
    help: 'When an RRset was last read at the provider; the service reads each zone every minute',
    labels: ['site', 'name', 'type'],
    samples: perSet(({ readAt }, labels) => timeOf(labels, readAt)),
  },
  {
    name: 'dns_failover_verification',
    help: 'How the last write of an RRset stands with its name servers: 1 for the outcome that applies (agreed, disagreed, unconfirmed), the others have no series',
    labels: ['site', 'name', 'type', 'outcome'],
    samples: perSet(({ verification }, labels) => (verification === null ? [] : [one({ ...labels, outcome: verification.outcome }, 1)])),
  },
  {
    name: 'dns_failover_name_servers',
    help: 'Authoritative name servers by how they stood to the last write of an RRset (agrees, differs, lame, unreachable)',
    labels: ['site', 'name', 'type', 'standing'],
    samples: perSet(({ verification }, labels) => [...counted(verification?.servers.map(({ standing }) => standing) ?? [])].map(([standing, count]) => one({ ...labels, standing }, count))),
  },
]
