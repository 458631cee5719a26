import type { ApiClient } from '../../api/client.ts'
import type { DrainRequest, ForceRequest, RepointRequest } from '../../engine/operations.ts'
import type { OrderView, RepointView, SiteView } from '../../engine/views.ts'
import { type Answer, answerOfApi } from './answer.ts'

/** A site and its regions, to find which one is meant. */
export interface SitePlace {
  readonly site: string
  readonly regions: readonly string[]
}

export interface Places {
  readonly sites: readonly SitePlace[]
  /** How many more there may be: what has just begun to watch does not tell of all its sites yet. */
  readonly waiting: number
}

type Undo = { readonly region: string; readonly isDryRun: boolean }

/** What operators ask for, of a service that runs or, where none does, of this very process. Rejects only for the signal's reason. */
export interface OperatorLink {
  /** Who answers: a service, or this process by the state directory. */
  readonly via: 'service' | 'state'
  places(signal: AbortSignal): Promise<Answer<Places>>
  drain(site: string, request: DrainRequest, signal: AbortSignal): Promise<Answer<OrderView>>
  undrain(site: string, request: Undo, signal: AbortSignal): Promise<Answer<OrderView>>
  force(site: string, request: ForceRequest, signal: AbortSignal): Promise<Answer<OrderView>>
  unforce(site: string, request: Undo, signal: AbortSignal): Promise<Answer<OrderView>>
  repoint(site: string, request: RepointRequest, signal: AbortSignal): Promise<Answer<RepointView>>
  /** How a site stands now. */
  look(site: string, signal: AbortSignal): Promise<Answer<SiteView>>
  close(): Promise<void>
}

/** `2h`: what the API reads, in whole seconds. */
const spanOf = (ms: number): string => `${Math.round(ms / 1000)}s`

/** The sites that a service watches, and how many it has yet to decide on for the first time: some of these may not be watched yet. */
export const placesOfService = async (client: ApiClient, signal: AbortSignal): Promise<Answer<Places>> => {
  // Before the sites: one whose watch begins in between is among them.
  const readiness = answerOfApi(await client.readiness(signal))
  const answer = answerOfApi(await client.sites(signal))
  if (answer.kind !== 'done') return answer
  const sites = answer.value.map(({ site, regions, strayOrders = [] }) => ({ site, regions: [...new Set([...regions, ...strayOrders].map(({ region }) => region))] }))
  return { kind: 'done', value: { sites, waiting: readiness.kind === 'done' ? readiness.value.waiting : 0 } }
}

export const serviceOperator = (client: ApiClient): OperatorLink => ({
  via: 'service',
  places: (signal) => placesOfService(client, signal),
  drain: async (site, { region, forMs, reason, isForced, isDryRun }, signal) => answerOfApi(await client.drain(site, region, { for: spanOf(forMs), reason, force: isForced, dryRun: isDryRun }, signal)),
  undrain: async (site, { region, isDryRun }, signal) => answerOfApi(await client.undrain(site, region, { dryRun: isDryRun }, signal)),
  force: async (site, { region, to, forMs, reason, isDryRun }, signal) => answerOfApi(await client.force(site, region, { to, for: spanOf(forMs), reason, dryRun: isDryRun }, signal)),
  unforce: async (site, { region, isDryRun }, signal) => answerOfApi(await client.unforce(site, region, { dryRun: isDryRun }, signal)),
  repoint: async (site, { region, addresses, keepsOtherFamily, isUnchecked, reason, isDryRun }, signal) =>
    answerOfApi(
      await client.repoint(site, region, { addresses: [...addresses], keepOtherFamily: keepsOtherFamily, unchecked: isUnchecked, ...(reason === '' ? {} : { reason }), dryRun: isDryRun }, signal),
    ),
  look: async (site, signal) => answerOfApi(await client.site(site, signal)),
  close: () => client.close(),
})
