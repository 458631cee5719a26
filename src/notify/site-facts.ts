import type { Family } from '../core/address.ts'
import type { Entry, Mode, Rule } from '../core/decision.ts'
import { keyText } from '../core/rrset.ts'
import type { Verification } from '../core/verification.ts'
import type { EngineEvent } from '../engine/events.ts'

/** Of one address: what of it may be worth an alert. */
export interface AddressFacts {
  /** Undefined: foreign. */
  readonly region: string | undefined
  /** `since`: milliseconds since the epoch. Stays while it is unknown how the address does. */
  readonly down: { readonly text: string; readonly cause: string | undefined; readonly since: number } | undefined
  /** By RRset: why it is kept out though it ought to serve. */
  readonly withheld: ReadonlyMap<string, string>
  /** Fewer days than at one of the marks. */
  readonly certificateDays: number | undefined
}

/** What of one site is worth alerts, as its events have told it. */
export interface SiteFacts {
  readonly addresses: ReadonlyMap<string, AddressFacts>
  /** By RRset. */
  readonly modes: ReadonlyMap<string, { readonly family: Family; readonly mode: Mode }>
  /** By region: the reason. */
  readonly drained: ReadonlyMap<string, string>
  /** By region: when it ends by itself, milliseconds since the epoch. */
  readonly drainsEnding: ReadonlyMap<string, number>
  readonly failedPromotions: ReadonlyMap<string, string>
  readonly disagreements: ReadonlyMap<string, string>
  readonly refusals: ReadonlyMap<string, string>
  /** By region: how it is behind. */
  readonly stale: ReadonlyMap<string, string>
  /** What may be wrong with the replication. */
  readonly replicationTrouble: string | undefined
  /** By path: who serves what. */
  readonly differences: ReadonlyMap<string, string>
  readonly providerTrouble: string | undefined
  readonly fault: string | undefined
}

export const noFacts: SiteFacts = {
  addresses: new Map(),
  modes: new Map(),
  drained: new Map(),
  drainsEnding: new Map(),
  failedPromotions: new Map(),
  disagreements: new Map(),
  refusals: new Map(),
  stale: new Map(),
  replicationTrouble: undefined,
  differences: new Map(),
  providerTrouble: undefined,
  fault: undefined,
}

const noAddress: AddressFacts = { region: undefined, down: undefined, withheld: new Map(), certificateDays: undefined }

/** Far enough from the first mark, at 30 days, that a renewed certificate was really seen. */
const renewedDays = 30

/** Rules by which an address that ought to serve does not. What an operator or the config wants is none. */
const isTrouble = (rule: Rule): boolean => ['down', 'waiting', 'fail-closed', 'never-passed'].includes(rule)

/** No region leads to the address any more, and it is out. */
const isGone = ({ action, rule }: Entry): boolean => action === 'withhold' && ['replaced', 'retired', 'foreign-removed'].includes(rule)

/** With an entry put in, or taken out (undefined); the same map where nothing changes. */
const put = <V>(map: ReadonlyMap<string, V>, key: string, value: V | undefined): ReadonlyMap<string, V> => {
  if (map.get(key) === value) return map
  const rest = [...map].filter(([each]) => each !== key)
  return new Map(value === undefined ? rest : [...rest, [key, value]])
}

const withAddress = (facts: SiteFacts, address: string, change: Partial<AddressFacts>): SiteFacts => ({
  ...facts,
  addresses: put(facts.addresses, address, { ...(facts.addresses.get(address) ?? noAddress), ...change }),
})

/** The very same facts if none of them is known. */
export const withoutAddresses = (facts: SiteFacts, gone: readonly string[]): SiteFacts =>
  gone.some((address) => facts.addresses.has(address))
    ? { ...facts, addresses: new Map([...facts.addresses].filter(([address]) => !gone.includes(address))) }
    : facts

const afterHealth = (facts: SiteFacts, event: Extract<EngineEvent, { kind: 'health' }>, at: number): SiteFacts => {
  const { address, region, to, text, cause } = event
  const known = facts.addresses.get(address) ?? noAddress
  switch (to) {
    case 'down':
      return withAddress(facts, address, { region, down: { text, cause, since: known.down?.since ?? at } })
    case 'up': {
      const risen = withAddress(facts, address, { region, down: undefined })
      return region === undefined ? risen : { ...risen, failedPromotions: put(risen.failedPromotions, region, undefined) }
    }
    case 'unknown':
      return facts
  }
}

const afterDecision = (facts: SiteFacts, event: Extract<EngineEvent, { kind: 'decided' }>): SiteFacts => {
  const { entry, key } = event
  if (isGone(entry)) return withoutAddresses(facts, [entry.address])
  const known = facts.addresses.get(entry.address) ?? noAddress
  const isOut = entry.action === 'withhold' && isTrouble(entry.rule)
  return withAddress(facts, entry.address, { region: entry.region, withheld: put(known.withheld, keyText(key), isOut ? entry.text : undefined) })
}

const disagreementText = ({ source, servers }: Verification): string => {
  if (source === 'provider') return 'the provider does not hold what was written'
  const others = servers.filter(({ standing }) => standing !== 'agrees').map(({ server, standing }) => `${server.name} ${standing}`)
  return `of ${servers.length} name servers: ${others.join(', ')}`
}

/** Unconfirmed is neither: nobody could be asked. */
const afterVerification = (facts: SiteFacts, verification: Verification): SiteFacts => {
  const { key, outcome } = verification
  if (outcome === 'unconfirmed') return facts
  const text = outcome === 'disagreed' ? disagreementText(verification) : undefined
  return { ...facts, disagreements: put(facts.disagreements, keyText(key), text) }
}

/** A cycle that came as far as the guard, and was refused nothing, ends what was refused before; any cycle shows that the site is watched. */
const afterCycle = (facts: SiteFacts, event: Extract<EngineEvent, { kind: 'cycled' }>): SiteFacts => {
  const isJudged = event.refusals.length === 0 && ['steady', 'planned', 'applied'].includes(event.outcome)
  const endsRefusals = isJudged && facts.refusals.size > 0
  if (facts.fault === undefined && !endsRefusals) return facts
  return { ...facts, fault: undefined, refusals: endsRefusals ? new Map() : facts.refusals }
}

const afterMove = (facts: SiteFacts, event: Extract<EngineEvent, { kind: 'repointed' | 'promoted' }>): SiteFacts => {
  const left = withoutAddresses(facts, event.from.filter((address) => !event.to.includes(address)))
  return { ...left, failedPromotions: put(left.failedPromotions, event.region, undefined) }
}

/** What is known once an event has been heard; the very same facts if it says nothing that matters here. */
export const learn = (facts: SiteFacts, event: EngineEvent, at: number): SiteFacts => {
  switch (event.kind) {
    case 'health':
      return afterHealth(facts, event, at)
    case 'decided':
      return afterDecision(facts, event)
    case 'mode':
      return { ...facts, modes: put(facts.modes, keyText(event.key), { family: event.family, mode: event.to }) }
    case 'verified':
      return afterVerification(facts, event.verification)
    case 'cycled':
      return afterCycle(facts, event)
    case 'checked': {
      const days = event.result.certificateDays
      const isRenewed = days !== undefined && days >= renewedDays && facts.addresses.get(event.address)?.certificateDays !== undefined
      return isRenewed ? withAddress(facts, event.address, { certificateDays: undefined }) : facts
    }
    case 'certificate-expiring':
      return withAddress(facts, event.address, { region: event.region, certificateDays: event.days })
    case 'provider-failed':
      return { ...facts, providerTrouble: event.text }
    case 'provider-recovered':
      return { ...facts, providerTrouble: undefined }
    case 'refused':
      return { ...facts, refusals: put(facts.refusals, keyText(event.key), `${event.text} (${event.code})`) }
    case 'written':
      return { ...facts, refusals: new Map([...facts.refusals].filter(([key]) => !event.changes.some((change) => keyText(change.key) === key))) }
    case 'drained':
      return { ...facts, drained: put(facts.drained, event.region, event.reason), drainsEnding: put(facts.drainsEnding, event.region, undefined) }
    case 'drain-ending':
      return { ...facts, drainsEnding: put(facts.drainsEnding, event.region, event.until) }
    case 'undrained':
      return { ...facts, drained: put(facts.drained, event.region, undefined), drainsEnding: put(facts.drainsEnding, event.region, undefined) }
    case 'repointed':
    case 'promoted':
      return afterMove(facts, event)
    case 'promotion-failed':
      return { ...facts, failedPromotions: put(facts.failedPromotions, event.region, event.text) }
    case 'site-failed':
      return { ...facts, fault: event.text }
    case 'stale':
      return { ...facts, stale: put(facts.stale, event.region, event.text) }
    case 'fresh':
      return { ...facts, stale: put(facts.stale, event.region, undefined) }
    case 'replication-suspected':
      return { ...facts, replicationTrouble: event.text }
    case 'replication-mended':
      return { ...facts, replicationTrouble: undefined }
    case 'content-differs':
      return { ...facts, differences: put(facts.differences, event.path, event.text) }
    case 'content-agrees':
      return { ...facts, differences: put(facts.differences, event.path, undefined) }
    case 'caught-up':
    case 'unresolved':
    case 'resolved':
    case 'restored':
    case 'write-unknown':
    case 'state-not-saved':
    case 'state-saved':
    case 'paused':
    case 'resumed':
    case 'drain-safe':
    case 'forced':
    case 'unforced':
    case 'order-astray':
    case 'order-followed':
    case 'heard':
    case 'word-expired':
      return facts
  }
}
