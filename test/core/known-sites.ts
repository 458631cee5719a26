import type { Address } from '../../src/core/address.ts'
import { createCandidates, type Observer } from '../../src/core/candidates.ts'
import { decideSite, type SiteDecision } from '../../src/core/decide-site.ts'
import type { Health } from '../../src/core/health.ts'
import type { CurrentRRset } from '../../src/core/rrset.ts'
import type { Witness } from '../../src/core/sight.ts'
import type { Site } from '../../src/core/site.ts'
import { emptyState, knownAddresses, type SiteState, unresolvedRegions } from '../../src/core/site-state.ts'
import { downHealth, entryText, upHealth } from './samples.ts'

/** Something that has answered all the while. */
export const reference = (address: Address): Witness => ({ name: `at ${address}`, address, isLocal: false, isAnswering: true, answeredAt: 9_000, answeringSince: 0 })

export const observer: Observer = { vantage: 'here', references: [], local: new Set() }

/** Regions with what they resolved to. */
export const resolved = (regions: Readonly<Record<string, readonly Address[]>>, over: Partial<SiteState> = {}): SiteState => ({
  ...emptyState,
  regions: Object.fromEntries(Object.entries(regions).map(([name, addresses]) => [name, { addresses, problems: {} }])),
  ...over,
})

/** Ten seconds in: up all the while and just checked, or down for the last nine. */
export const healths = (up: readonly Address[], down: readonly Address[] = []): Readonly<Record<Address, Health>> =>
  Object.fromEntries([
    ...up.map((address) => [address, upHealth({ observedAt: 9_010 })] as const),
    ...down.map((address) => [address, downHealth()] as const),
  ])

/** The whole pure way from state and records to what is to be written. */
export const decideOn = (site: Site, state: SiteState, current: readonly CurrentRRset[], now = 10_000, who = observer): SiteDecision => {
  const known = new Set(knownAddresses(site, state, current))
  const candidatesOf = createCandidates(current, known, site, state, who, now)
  const addressCount = [...known].filter((address) => state.retired[address] === undefined).length
  return decideSite({ site, now, current, candidatesOf, known, addressCount, isAnyUnresolved: unresolvedRegions(site, state).length > 0, removals: state.removals })
}

export const outline = (decided: SiteDecision): readonly (readonly string[])[] =>
  decided.decisions.map((decision) => [`${decision.key.name} ${decision.key.type} ${decision.mode}`, ...decision.entries.map(entryText)])

/** What the RRsets hold once the allowed changes are made. */
export const afterwards = (decided: SiteDecision, current: readonly CurrentRRset[]): readonly CurrentRRset[] =>
  current.map((rrset) => {
    const change = decided.changes.find((each) => each.change.before === rrset && each.verdict.kind === 'allowed')
    return change === undefined ? rrset : { key: rrset.key, ...change.change.after }
  })
