import type { Address } from './address.ts'
import { keyText, type RRsetContent, type RRsetKey } from './rrset.ts'

/** What was handed out of a set with one TTL, since all name servers were last known to have the same. */
export interface Version {
  /** Seconds. */
  readonly ttl: number
  readonly values: readonly Address[]
  /** When another one took its place; engine milliseconds. Undefined: it is the newest. */
  readonly replacedAt: number | undefined
}

/** With which TTLs sets may still be handed out, by `keyText`: a name server that lags can be several versions behind. */
export type Versions = Readonly<Record<string, readonly Version[]>>

/** A server that is further behind than this is not waited for. Milliseconds. */
const longestLagMs = 86_400_000
/** One that still hands out an old version is noted again no more often than so. Milliseconds. */
const renewedMs = 3_600_000
/** More than anybody makes within a day; what is too many counts as handed out with the next longer TTL. */
const mostVersions = 16
const mostValues = 1_000

type Content = Pick<RRsetContent, 'values' | 'ttl'>

const joined = (before: readonly Address[], values: readonly Address[]): readonly Address[] =>
  values.every((value) => before.includes(value)) ? before : [...new Set([...before, ...values])].slice(-mostValues)

const latest = (a: number | undefined, b: number | undefined): number | undefined => (a === undefined || b === undefined ? undefined : Math.max(a, b))

const bounded = (all: readonly Version[]): readonly Version[] => {
  const isNewest = ({ replacedAt }: Version): boolean => replacedAt === undefined
  const [shortest, next, ...longer] = all.filter((each) => !isNewest(each)).toSorted((a, b) => a.ttl - b.ttl)
  if (shortest === undefined || next === undefined || all.length <= mostVersions) return all
  return bounded([...all.filter(isNewest), { ttl: next.ttl, values: joined(shortest.values, next.values), replacedAt: latest(shortest.replacedAt, next.replacedAt) }, ...longer])
}

const withAll = (versions: Versions, key: RRsetKey, all: readonly Version[]): Versions => {
  const before = versions[keyText(key)] ?? []
  const isSame = all.length === before.length && all.every((each, index) => each === before[index])
  return isSame ? versions : { ...versions, [keyText(key)]: bounded(all) }
}

const recent = (versions: Versions, key: RRsetKey, now: number): readonly Version[] =>
  (versions[keyText(key)] ?? []).filter(({ replacedAt }) => replacedAt === undefined || replacedAt >= now - longestLagMs)

/** Nearly always so, and asked of each set each second. */
const isOnlyVersion = (versions: Versions, key: RRsetKey, { values, ttl }: Content): boolean => {
  const [only, ...others] = versions[keyText(key)] ?? []
  return only !== undefined && others.length === 0 && only.replacedAt === undefined && only.ttl === ttl && joined(only.values, values) === only.values
}

/** What the records are now. The very same where nothing is new; an empty set is no version. */
export const withNewest = (versions: Versions, key: RRsetKey, { values, ttl }: Content, now: number): Versions => {
  if (values.length === 0 || isOnlyVersion(versions, key, { values, ttl })) return versions
  const known = recent(versions, key, now).map((each): Version => {
    if (each.ttl !== ttl) return each.replacedAt === undefined ? { ...each, replacedAt: now } : each
    const all = joined(each.values, values)
    return all === each.values && each.replacedAt === undefined ? each : { ttl, values: all, replacedAt: undefined }
  })
  return withAll(versions, key, known.some((each) => each.ttl === ttl) ? known : [...known, { ttl, values, replacedAt: undefined }])
}

/** What a name server has answered, with a TTL that may be its own. */
export const withAnswered = (versions: Versions, key: RRsetKey, { values, ttl }: Content, now: number): Versions => {
  const known = recent(versions, key, now).map((each): Version => {
    if (each.ttl !== ttl) return each
    const all = joined(each.values, values)
    const isOld = each.replacedAt !== undefined && each.replacedAt < now - renewedMs
    return all === each.values && !isOld ? each : { ttl, values: all, replacedAt: each.replacedAt === undefined ? undefined : now }
  })
  return withAll(versions, key, known.some((each) => each.ttl === ttl) ? known : [...known, { ttl, values, replacedAt: now }])
}

/** The longest TTL with which a set may be handed out, in seconds; undefined: of no version is anything known. */
export const longestTtl = (versions: Versions, key: RRsetKey): number | undefined => {
  const all = versions[keyText(key)] ?? []
  return all.length === 0 ? undefined : Math.max(...all.map(({ ttl }) => ttl))
}

/**
 * Every name server has the newest version, which is `newest`: the older ones are forgotten, and told. Where something newer
 * has come since, nothing is.
 */
export const withAgreed = (versions: Versions, key: RRsetKey, newest: Content): { readonly versions: Versions; readonly older: readonly Version[] } => {
  const all = versions[keyText(key)] ?? []
  if (newest.values.length > 0 && all.find(({ replacedAt }) => replacedAt === undefined)?.ttl !== newest.ttl) return { versions, older: [] }
  const kept = all.filter(({ replacedAt }) => replacedAt === undefined).map((each): Version => (newest.values.length === 0 ? each : { ...each, values: newest.values }))
  return { versions: { ...versions, [keyText(key)]: kept }, older: all.filter(({ replacedAt }) => replacedAt !== undefined) }
}
