import { didYouMean } from '../config/suggest.ts'
import type { KeptEvent } from '../history/event-facts.ts'

const known = {
  operator: true,
  webhook: true,
  service: true,
  health: true,
  mode: true,
  decided: true,
  unresolved: true,
  resolved: true,
  refused: true,
  written: true,
  restored: true,
  'provider-failed': true,
  'provider-recovered': true,
  'write-unknown': true,
  verified: true,
  'state-not-saved': true,
  'state-saved': true,
  paused: true,
  resumed: true,
  drained: true,
  'drain-safe': true,
  'drain-ending': true,
  undrained: true,
  forced: true,
  unforced: true,
  'order-astray': true,
  'order-followed': true,
  heard: true,
  'word-expired': true,
  repointed: true,
  promoted: true,
  'promotion-failed': true,
  'certificate-expiring': true,
  stale: true,
  fresh: true,
  'caught-up': true,
  'replication-suspected': true,
  'replication-mended': true,
  'content-differs': true,
  'content-agrees': true,
  'site-failed': true,
} satisfies Readonly<Record<KeptEvent['kind'] | 'operator' | 'webhook' | 'service', true>>

/** What is wrong with kinds of events of which none was found; undefined: they are those that there are. */
export const unknownKind = (kinds: readonly string[]): string | undefined => {
  const strange = kinds.find((kind) => !Object.hasOwn(known, kind))
  return strange === undefined ? undefined : `there is no kind of event ${JSON.stringify(strange)}${didYouMean(strange, Object.keys(known), 'there are')}`
}
