import { type Copies, type FreshnessLook, type FreshnessRules, isBehind, type Lag, lagBehind, lookAtCopies } from './freshness.ts'
import type { Heartbeat } from './heartbeat.ts'
import { hasStrangeCopies, type SeenCopies, withSeen } from './strange-copies.ts'

/** A region that looks have found behind another. */
export interface Behind {
  /** In a row. */
  readonly looks: number
  readonly since: number
  /** The latest. */
  readonly lag: Lag
  /** Whether its writer was seen to go on while it was behind: only then is it a measure. */
  readonly isProven: boolean
}

/** A writer's heartbeat as it serves it itself. */
interface Source {
  /** The latest. */
  readonly heartbeat: Heartbeat
  /** When it was last another one. */
  readonly advancedAt: number
  /** Whether it was seen to go on as it should: not back, and not by a leap. */
  readonly hasAdvanced: boolean
  /** The last time that it went back. */
  readonly back?: { readonly at: number; readonly from: number; readonly to: number }
}

/** What looks at the copies have added up to. Times: engine milliseconds. */
export interface FreshnessState {
  /** By region. */
  readonly behind: Readonly<Record<string, Behind>>
  /** Regions that came back and have yet to catch up: with what, of whose heartbeat. By region; nothing to go by yet: undefined. */
  readonly returning: Readonly<Record<string, { readonly since: number; readonly writer: string; readonly counter: number | undefined }>>
  /** By writer. */
  readonly sources: Readonly<Record<string, Source>>
  readonly seen: SeenCopies
  readonly look: FreshnessLook
}

export const noFreshness: FreshnessState = { behind: {}, returning: {}, sources: {}, seen: {}, look: { behind: [], suspected: [] } }

/** A writer that writes nothing for so many of its intervals stands still. By as many a copy may seem ahead of it, for they are not all read at the same moment. */
export const stillAfter = 4

export const writersOf = ({ mode, writer, regions }: Pick<FreshnessRules, 'mode' | 'writer' | 'regions'>): readonly string[] => (mode === 'single-writer' ? [writer] : regions)

const get = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(record, key) ? record[key] : undefined)

/** Within so long of the first look at heartbeats and pages it has come out what is wrong with the content. Milliseconds. */
export const findingMs = ({ everyMs, maxLagMs, fall }: Pick<FreshnessRules, 'everyMs' | 'maxLagMs' | 'fall'>): number => (stillAfter + fall + 2) * everyMs + 2 * maxLagMs

/** What is served at the writer itself. */
const atSource = (copies: Copies, writer: string): Heartbeat | undefined => get(get(copies, writer) ?? {}, writer)

/** The highest number that a writer can have come to; undefined: it was never seen. Copies are not all read at the same moment. */
const highestOf = (writer: string, copies: Copies, sources: FreshnessState['sources'], everyMs: number, now: number): number | undefined => {
  const source = atSource(copies, writer)
  if (source !== undefined) return source.counter + stillAfter
  const known = get(sources, writer)
  return known === undefined ? undefined : known.heartbeat.counter + Math.ceil(Math.max(0, now - known.advancedAt) / everyMs) + stillAfter
}

/** Copies with a higher number than their writer can have come to: it counts anew, or it is not who wrote them. */
export const copiesAhead = (copies: Copies, sources: FreshnessState['sources'], rules: FreshnessRules, now: number): readonly { readonly region: string; readonly writer: string; readonly counter: number }[] =>
  writersOf(rules).flatMap((writer) => {
    const highest = highestOf(writer, copies, sources, rules.everyMs, now) ?? Number.POSITIVE_INFINITY
    return Object.entries(copies).flatMap(([region, has]) => {
      const counter = get(has, writer)?.counter
      return counter !== undefined && counter > highest ? [{ region, writer, counter }] : []
    })
  })

/** Without regions that have more of a writer than there is, or what somebody else goes on writing: they are no measure. */
const believable = (copies: Copies, state: Pick<FreshnessState, 'sources' | 'seen'>, rules: FreshnessRules, now: number): Copies => {
  const ahead = copiesAhead(copies, state.sources, rules, now)
  const isBelievable = (region: string): boolean => !ahead.some((each) => each.region === region) && !hasStrangeCopies(state.seen, region, stillAfter * rules.everyMs, now)
  return Object.fromEntries(Object.entries(copies).filter(([region]) => isBelievable(region)))
}

const withSources = (state: FreshnessState, copies: Copies, rules: FreshnessRules, now: number): FreshnessState['sources'] =>
  Object.fromEntries(
    writersOf(rules).flatMap((writer) => {
      const before = get(state.sources, writer)
      const heartbeat = atSource(copies, writer) ?? before?.heartbeat
      if (heartbeat === undefined) return []
      if (before === undefined) return [[writer, { heartbeat, advancedAt: now, hasAdvanced: false }]]
      const by = heartbeat.counter - before.heartbeat.counter
      if (by === 0) return [[writer, { ...before, heartbeat }]]
      const isLeap = by > stillAfter + Math.ceil((now - before.advancedAt) / rules.everyMs)
      const back = by < 0 ? { at: now, from: before.heartbeat.counter, to: heartbeat.counter } : before.back
      return [[writer, { heartbeat, advancedAt: now, hasAdvanced: by > 0 && !isLeap, ...(back === undefined ? {} : { back }) }]]
    }),
  )

/** Writers whose own heartbeat has not advanced: what others have of them says nothing any more. */
export const stillWriters = (state: FreshnessState, rules: FreshnessRules, now: number): readonly string[] =>
  Object.entries(state.sources).flatMap(([writer, { advancedAt }]) => (now - advancedAt > stillAfter * rules.everyMs ? [writer] : []))

/** Writers whose heartbeat went back a short while ago: restored from a backup, or two that take turns. Its numbers are no measure for a while. */
export const writersGoneBack = ({ sources }: Pick<FreshnessState, 'sources'>, { everyMs, fall }: FreshnessRules, now: number): readonly { readonly writer: string; readonly from: number; readonly to: number }[] =>
  Object.entries(sources).flatMap(([writer, { back }]) => (back !== undefined && now - back.at <= Math.max(12, 2 * fall) * everyMs ? [{ writer, from: back.from, to: back.to }] : []))

/** Nothing shows that a region that was behind no longer is: it was not asked, or nobody with what it lacked. */
const mayStillBeBehind = (region: string, { lag: { writer, ahead } }: Behind, copies: Copies, rules: FreshnessRules): boolean => {
  if (!writersOf(rules).includes(writer) || !rules.regions.includes(region)) return false
  if (!Object.hasOwn(copies, region)) return true
  const lag = lagBehind(copies, writer, region, [ahead], rules.everyMs) ?? lagBehind(copies, writer, region, rules.regions, rules.everyMs)
  return lag === undefined || isBehind(lag, rules.maxLagMs)
}

/** Who is behind after a look: what could not be seen, and a writer that stands still, leave it as it was. */
const withLags = (before: FreshnessState['behind'], look: FreshnessLook, copies: Copies, sources: FreshnessState['sources'], noMeasure: readonly string[], rules: FreshnessRules, now: number): FreshnessState['behind'] => {
  const found = look.behind.flatMap((lag): readonly (readonly [string, Behind])[] => {
    const known = get(before, lag.region)
    if (noMeasure.includes(lag.writer)) return known === undefined ? [] : [[lag.region, { ...known, lag }]]
    const isProven = known?.isProven === true || get(sources, lag.writer)?.hasAdvanced === true
    return [[lag.region, { looks: (known?.looks ?? 0) + 1, since: known?.since ?? now, lag, isProven }]]
  })
  const kept = Object.entries(before).filter(([region, known]) => !look.behind.some((lag) => lag.region === region) && mayStillBeBehind(region, known, copies, rules))
  return Object.fromEntries([...kept, ...found])
}

/**
 * One look more. `returned`: regions whose health check passes again since the last look. `published`: those that visitors get
 * now: with no writer to go by, who has what they have is as fresh as any.
 */
export const withLook = (
  state: FreshnessState,
  all: Copies,
  facts: { readonly returned: readonly string[]; readonly published: readonly string[] },
  rules: FreshnessRules,
  now: number,
): FreshnessState => {
  const seen = withSeen(state.seen, all, state.sources, rules.everyMs, now)
  const copies = believable(all, { sources: state.sources, seen }, rules, now)
  const sources = withSources(state, all, rules, now)
  const still = stillWriters({ ...state, sources }, rules, now)
  const look = lookAtCopies(copies, rules)
  const noMeasure = [...still, ...writersGoneBack({ sources }, rules, now).map(({ writer }) => writer)]
  const behind = withLags(state.behind, look, copies, sources, noMeasure, rules, now)
  const returning = { ...state.returning, ...Object.fromEntries(facts.returned.flatMap((region) => begin(region, sources, still, rules, now))) }
  const left = Object.entries(returning).filter(([region, goal]) => !hasCaughtUp(region, goal, copies, facts.published, sources, still, rules))
  return { behind, returning: Object.fromEntries(left), sources, seen, look }
}

type Goal = FreshnessState['returning'][string]

/** Whose heartbeat shows that a region has caught up: with a hub, that of the hub, for nothing comes past it. */
const goalWriter = (region: string, sources: FreshnessState['sources'], still: readonly string[], { mode, writer, hub, regions }: FreshnessRules): string | undefined => {
  if (mode === 'single-writer') return writer
  if (hub !== undefined && hub !== region) return get(sources, hub) === undefined ? undefined : hub
  return regions.find((each) => each !== region && get(sources, each) !== undefined && !still.includes(each))
}

/** A region that comes back is to have something that was written since; a writer has its own at once. */
const begin = (region: string, sources: FreshnessState['sources'], still: readonly string[], rules: FreshnessRules, now: number): readonly (readonly [string, Goal])[] => {
  const writer = goalWriter(region, sources, still, rules)
  if (writer === undefined || writer === region) return []
  const source = get(sources, writer)
  return [[region, { since: now, writer, counter: source === undefined || still.includes(writer) ? undefined : source.heartbeat.counter + 1 }]]
}

const hasCaughtUp = (region: string, { writer, counter }: Goal, copies: Copies, published: readonly string[], sources: FreshnessState['sources'], still: readonly string[], rules: FreshnessRules): boolean => {
  const own = get(get(copies, region) ?? {}, writer)
  if (own === undefined) return false
  // A writer that began to count anew never gets there.
  const isReachable = counter !== undefined && counter <= (get(sources, writer)?.heartbeat.counter ?? counter) + 1
  if (isReachable && !still.includes(writer)) return own.counter >= counter
  const others = published.filter((each) => each !== region)
  const lag = lagBehind(copies, writer, region, others, rules.everyMs)
  return lag !== undefined && !lag.isOtherContent
}

/** Regions that are withdrawn for it: behind for `fall` looks in a row, by a writer that goes on. */
export const staleRegions = ({ behind }: FreshnessState, { fall }: Pick<FreshnessRules, 'fall'>): readonly (Lag & Pick<Behind, 'looks' | 'since'>)[] =>
  Object.values(behind).flatMap(({ lag, looks, since, isProven }) => (isProven && looks >= fall ? [{ ...lag, looks, since }] : []))
