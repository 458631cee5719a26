import type { Decision, Entry } from './decision.ts'
import { type Change, content, type CurrentRRset, type Reason, type RRsetContent, sameContent } from './rrset.ts'
import { type Address, sameAddresses } from './address.ts'

/** What the RRset is to hold by a decision. What cannot be marked stays unmarked: it would be tried for ever. */
export const desiredContent = (decision: Decision, ttl: number, unmarkable: readonly Address[] = []): RRsetContent => {
  const published = decision.entries.filter((entry) => entry.action === 'publish')
  return content(
    published.map((entry) => entry.address),
    ttl,
    published.filter((entry) => entry.isOwned && !unmarkable.includes(entry.address)).map((entry) => entry.address),
  )
}

const actionOf = (entry: Entry): Reason['action'] =>
  entry.action === 'publish' ? (entry.wasPublished ? 'keep' : 'add') : entry.wasPublished ? 'remove' : 'keep'

const reasonsOf = (decision: Decision, before: RRsetContent, after: RRsetContent): readonly Reason[] => {
  const perAddress = decision.entries
    .filter((entry) => entry.action === 'publish' || entry.wasPublished)
    .map((entry): Reason => ({ address: entry.address, action: actionOf(entry), rule: entry.rule, text: entry.text }))
  const isOtherTtl = before.values.length > 0 && after.values.length > 0 && before.ttl !== after.ttl
  const ttl: Reason = { address: undefined, action: 'ttl', rule: 'ttl', text: `TTL ${before.ttl} becomes ${after.ttl}, as configured` }
  const mark: Reason = { address: undefined, action: 'mark', rule: 'mark', text: 'the ownership mark names the values that are ours' }
  return [...perAddress, ...(isOtherTtl ? [ttl] : []), ...(sameAddresses(before.owned, after.owned) ? [] : [mark])]
}

/**
 * The change from what is there to what is decided, or undefined if there is none. While checks have not said
 * enough, TTL and mark alone are no reason to write.
 */
export const plan = (current: CurrentRRset, decision: Decision, ttl: number): Change | undefined => {
  // The TTL of what is hidden behind a proxy is the proxy's to choose.
  const after = desiredContent(decision, current.isHidden === true ? current.ttl : ttl, current.unmarkable)
  const isSame = decision.isSettled ? sameContent(current, after) : sameAddresses(current.values, after.values)
  return isSame ? undefined : { key: current.key, before: current, after, reasons: reasonsOf(decision, current, after) }
}
