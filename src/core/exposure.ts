import type { Address } from './address.ts'
import { type Change, keyText, type RRsetKey, sameContent } from './rrset.ts'

/**
 * Until when a cache may hold an address that is no longer handed out, by RRset (`keyText`) and address; engine
 * milliseconds. Of every version of the set that held it: when it was last seen, plus its TTL.
 */
export type Exposures = Readonly<Record<string, Readonly<Record<Address, number>>>>

/** Caches count whole seconds. */
const slackMs = 1_000
/** What has expired is still told for so long: since when it is safe. */
const rememberedMs = 7 * 86_400_000

/** A version of a set was handed out until `at`, as far as is known. */
export const withExposure = (exposures: Exposures, key: RRsetKey, version: { readonly values: readonly Address[]; readonly ttl: number }, at: number): Exposures => {
  if (version.values.length === 0) return exposures
  const topic = keyText(key)
  const before = exposures[topic] ?? {}
  const until = at + version.ttl * 1000 + slackMs
  return { ...exposures, [topic]: { ...before, ...Object.fromEntries(version.values.map((value) => [value, Math.max(before[value] ?? until, until)])) } }
}

/** A write that is under way takes effect this much later, not more. Milliseconds. */
const longestFlightMs = 10_000

/** What changes are about to replace, as it has to be known to whoever comes after a crash in the middle of the write. */
export const withReplaced = (exposures: Exposures, changes: readonly Change[], now: number): Exposures =>
  changes.reduce((all, { key, before, after }) => (sameContent(before, after) ? all : withExposure(all, key, before, now + longestFlightMs)), exposures)

/** When the last cache has let go of all these addresses of these sets; undefined: none of them is known to have been handed out. */
export const exposedUntil = (exposures: Exposures, keys: readonly RRsetKey[], addresses: readonly Address[]): number | undefined => {
  const all = keys.flatMap((key) => addresses.flatMap((address) => exposures[keyText(key)]?.[address] ?? []))
  return all.length === 0 ? undefined : Math.max(...all)
}

export const withoutOldExposures = (exposures: Exposures, now: number): Exposures =>
  Object.fromEntries(
    Object.entries(exposures)
      .map(([topic, all]) => [topic, Object.fromEntries(Object.entries(all).filter(([, until]) => until + rememberedMs > now))] as const)
      .filter(([, all]) => Object.keys(all).length > 0),
  )
