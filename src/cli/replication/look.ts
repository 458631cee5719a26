import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../../compose/log.ts'
import { compose } from '../../compose.ts'
import type { LoadedGood } from '../../config/load-config.ts'
import type { Address } from '../../core/address.ts'
import { type Answers, freshnessRules } from '../../core/heartbeat-looks.ts'
import { type Replication, writersOf } from '../../core/replication.ts'
import type { Digests } from '../../core/same-content.ts'
import type { Region, Site } from '../../core/site.ts'
import { askDigests, askHeartbeats, type AskedRegion } from '../../engine/look-at-regions.ts'
import type { SitePorts } from '../../engine/ports.ts'

/** What the regions' web servers were found to hand out. */
export interface Look {
  readonly answers: Answers
  /** Writers whose heartbeat did not advance while it was looked at. */
  readonly still: readonly string[]
  /** Of each path of `sameContent`. */
  readonly digests: readonly { readonly path: string; readonly digests: Digests }[]
}

/** How many heartbeats may fail to come: its script may be slow to read a large document root. */
const heartbeatsAwaited = 3
const againMs = 1_000

const addressesOf = async ({ source }: Region, { resolver }: SitePorts, signal: AbortSignal): Promise<readonly Address[]> => {
  if (source.kind === 'fixed') return source.addresses
  const { v4, v6 } = await resolver.resolve(source.service, signal)
  return [v4, v6].flatMap((family) => (family.kind === 'found' ? family.addresses : []))
}

const isRead = (copies: Answers[string] | undefined): boolean => Object.values(copies ?? {}).some(({ kind }) => kind !== 'failed')

const counterOf = (answers: Answers, writer: string): number | undefined => {
  const copy = answers[writer]?.[writer]
  return copy?.kind === 'found' ? copy.heartbeat.counter : undefined
}

/** Whether to wait until every writer has gone on, or has had time enough; otherwise none is called still. */
type Patience = 'wait for writers' | 'look once'

/** Asks each region by the first of its addresses that answers. */
const lookWith = async (site: Site, replication: Replication, ports: SitePorts, patience: Patience, signal: AbortSignal): Promise<Look> => {
  const rules = freshnessRules(site)
  if (rules === undefined) return { answers: {}, still: [], digests: [] }
  const ask = (asked: readonly AskedRegion[]): Promise<Answers> => askHeartbeats(site, replication.heartbeat.path, rules, asked, ports, signal)
  const found = await Promise.all(
    site.regions.map(async (region): Promise<{ readonly asked: AskedRegion; readonly copies: Answers[string] } | undefined> => {
      let last: { readonly asked: AskedRegion; readonly copies: Answers[string] } | undefined
      for (const address of await addressesOf(region, ports, signal)) {
        const asked = { region: region.name, address }
        last = { asked, copies: (await ask([asked]))[region.name] ?? {} }
        if (isRead(last.copies)) return last
      }
      return last
    }),
  )
  const asked = found.flatMap((each) => (each === undefined ? [] : [each.asked]))
  const first: Answers = Object.fromEntries(found.flatMap((each) => (each === undefined ? [] : [[each.asked.region, each.copies]])))
  const digests = await Promise.all(replication.sameContent.map(async (path) => ({ path, digests: await askDigests(site, path, asked, ports, signal) })))

  if (patience === 'look once') return { answers: first, still: [], digests }
  let answers = first
  const isStill = (writer: string): boolean => counterOf(first, writer) !== undefined && counterOf(answers, writer) === counterOf(first, writer)
  const deadline = ports.clock.now() + heartbeatsAwaited * replication.heartbeat.everyMs
  const writers = writersOf(replication)
  while (writers.some(isStill) && ports.clock.now() < deadline && !signal.aborted) {
    await sleep(againMs, undefined, { signal }).catch(() => undefined)
    if (!signal.aborted) answers = await ask(asked)
  }
  return { answers, still: writers.filter(isStill), digests }
}

/** Looks at a site's regions from here, as its health check does. Writes nothing. */
export const lookAtReplication = async (loaded: LoadedGood, site: Site, replication: Replication, patience: Patience, log: Log, signal: AbortSignal): Promise<Look> => {
  const composition = await compose(loaded.config, { isDryRun: true, log, report: () => undefined })
  try {
    return await lookWith(site, replication, composition.portsOf(site), patience, signal)
  } finally {
    await composition.close()
  }
}
