import { type Copies, type FreshnessLook, type FreshnessRules, isBehind, type Lag, lagBehind, lookAtCopies } from './freshness.ts'
import type { Heartbeat } from './heartbeat.ts'

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

/** What looks at the copies have added up to. Times: engine milliseconds. */
export interface FreshnessState {
  /** By region. */
  readonly behind: Readonly<Record<string, Behind>>
  /** Regions that came back and have yet to catch up: with what, of whose heartbeat. By region; nothing to go by yet: undefined. */
  readonly returning: Readonly<Record<string, { readonly since: number; readonly writer: string; readonly counter: number | undefined }>>
  /** Of each writer the latest heartbeat at its source, when it last advanced, and whether it was ever seen to. */
  readonly sources: Readonly<Record<string, { readonly heartbeat: Heartbeat; readonly advancedAt: number; readonly hasAdvanced: boolean }>>
  readonly look: FreshnessLook
}

export const noFreshness: FreshnessState = { behind: {}, returning: {}, sources: {}, look: { behind: [], suspected: [] } }

/** A writer that writes nothing for so many of its intervals stands still. */
const stillAfter = 4

export const writersOf = ({ mode, writer, regions }: Pick<FreshnessRules, 'mode' | 'writer' | 'regions'>): readonly string[] => (mode === 'single-writer' ? [writer] : regions)

const get = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(record, key) ? record[key] : undefined)

/** What is served at the writer itself. */
const atSource = (copies: Copies, writer: string): Heartbeat | undefined => get(get(copies, writer) ?? {}, writer)

/**
 * Without regions that have more of a writer than it has itself: it began to count anew, and what they have is from before.
 * Copies are not all read at the same moment, so a few heartbeats are no reason.
 */
const believable = (copies: Copies, rules: FreshnessRules): Copies => {
  const isBelievable = (has: Copies[string]): boolean =>
    writersOf(rules).every((writer) => {
      const source = atSource(copies, writer)
      const own = get(has, writer)
      return source === undefined || own === undefined || own.counter <= source.counter + stillAfter
    })
  return Object.fromEntries(Object.entries(copies).filter(([, has]) => isBelievable(has)))
}

const withSources = (state: FreshnessState, copies: Copies, rules: FreshnessRules, now: number): FreshnessState['sources'] =>
  Object.fromEntries(
    writersOf(rules).flatMap((writer) => {
      const before = get(state.sources, writer)
      const heartbeat = atSource(copies, writer) ?? before?.heartbeat
      if (heartbeat === undefined) return []
      if (before === undefined) return [[writer, { heartbeat, advancedAt: now, hasAdvanced: false }]]
      const isNew = heartbeat.counter !== before.heartbeat.counter
      const hasAdvanced = isNew ? heartbeat.counter > before.heartbeat.counter : before.hasAdvanced
      return [[writer, { heartbeat, advancedAt: isNew ? now : before.advancedAt, hasAdvanced }]]
    }),
  )

/** Writers whose own heartbeat has not advanced: what others have of them says nothing any more. */
export const stillWriters = (state: FreshnessState, rules: FreshnessRules, now: number): readonly string[] =>
  Object.entries(state.sources).flatMap(([writer, { advancedAt }]) => (now - advancedAt > stillAfter * rules.everyMs ? [writer] : []))

/** Nothing shows that a region that was behind no longer is: it was not asked, or nobody with what it lacked. */
const mayStillBeBehind = (region: string, { lag: { writer, ahead } }: Behind, copies: Copies, rules: FreshnessRules): boolean => {
  if (!writersOf(rules).includes(writer) || !rules.regions.includes(region)) return false
  if (!Object.hasOwn(copies, region)) return true
  const lag = lagBehind(copies, writer, region, [ahead], rules.everyMs) ?? lagBehind(copies, writer, region, rules.regions, rules.everyMs)
  return lag === undefined || isBehind(lag, rules.maxLagMs)
}

/** Who is behind after a look: what could not be seen, and a writer that stands still, leave it as it was. */
const withLags = (before: FreshnessState['behind'], look: FreshnessLook, copies: Copies, sources: FreshnessState['sources'], still: readonly string[], rules: FreshnessRules, now: number): FreshnessState['behind'] => {
  const found = look.behind.flatMap((lag): readonly (readonly [string, Behind])[] => {
    const known = get(before, lag.region)
    if (still.includes(lag.writer)) return known === undefined ? [] : [[lag.region, { ...known, lag }]]
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
  const copies = believable(all, rules)
  const sources = withSources(state, copies, rules, now)
  const still = stillWriters({ ...state, sources }, rules, now)
  const look = lookAtCopies(copies, rules)
  const behind = withLags(state.behind, look, copies, sources, still, rules, now)
  const returning = { ...state.returning, ...Object.fromEntries(facts.returned.flatMap((region) => begin(region, sources, still, rules, now))) }
  const left = Object.entries(returning).filter(([region, goal]) => !hasCaughtUp(region, goal, copies, facts.published, sources, still, rules))
  return { behind, returning: Object.fromEntries(left), sources, look }
}

type Goal = FreshnessState['returning'][string]

/** A region that comes back is to have something that was written since; a writer has its own at once. */
const begin = (region: string, sources: FreshnessState['sources'], still: readonly string[], rules: FreshnessRules, now: number): readonly (readonly [string, Goal])[] => {
  const writer = rules.mode === 'single-writer' ? rules.writer : rules.regions.find((each) => each !== region && get(sources, each) !== undefined && !still.includes(each))
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
