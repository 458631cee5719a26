import { type Copies, type FreshnessLook, type FreshnessRules, type Lag, lagBehind, lookAtCopies } from './freshness.ts'
import type { Heartbeat } from './heartbeat.ts'

/** What looks at the copies have added up to. Times: engine milliseconds. */
export interface FreshnessState {
  /** Looks in a row that found a region behind, with the latest of them. By region. */
  readonly behind: Readonly<Record<string, { readonly looks: number; readonly since: number; readonly lag: Lag }>>
  /** Regions that came back and have yet to catch up: with what, of whose heartbeat. By region; nothing to go by yet: undefined. */
  readonly returning: Readonly<Record<string, { readonly since: number; readonly writer: string; readonly counter: number | undefined }>>
  /** Of each writer the latest heartbeat at its source, and when it last advanced. */
  readonly sources: Readonly<Record<string, { readonly heartbeat: Heartbeat; readonly advancedAt: number }>>
  readonly look: FreshnessLook
}

export const noFreshness: FreshnessState = { behind: {}, returning: {}, sources: {}, look: { behind: [], suspected: [] } }

/** A writer that writes nothing for so many of its intervals stands still. */
const stillAfter = 4

const writersOf = ({ mode, writer, regions }: FreshnessRules): readonly string[] => (mode === 'single-writer' ? [writer] : regions)

const get = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(record, key) ? record[key] : undefined)

const withSources = (state: FreshnessState, copies: Copies, rules: FreshnessRules, now: number): FreshnessState['sources'] =>
  Object.fromEntries(
    writersOf(rules).flatMap((writer) => {
      const before = get(state.sources, writer)
      const heartbeat = get(get(copies, writer) ?? {}, writer) ?? before?.heartbeat
      if (heartbeat === undefined) return []
      const isNew = before === undefined || heartbeat.counter !== before.heartbeat.counter
      return [[writer, { heartbeat, advancedAt: isNew ? now : before.advancedAt }]]
    }),
  )

/** Writers whose own heartbeat has not advanced: what others have of them says nothing any more. */
export const stillWriters = (state: FreshnessState, rules: FreshnessRules, now: number): readonly string[] =>
  Object.entries(state.sources).flatMap(([writer, { advancedAt }]) => (now - advancedAt > stillAfter * rules.everyMs ? [writer] : []))

/**
 * One look more. `returned`: regions whose health check passes again since the last look. `published`: those that visitors get
 * now: with no writer to go by, who has what they have is as fresh as any.
 */
export const withLook = (
  state: FreshnessState,
  copies: Copies,
  facts: { readonly returned: readonly string[]; readonly published: readonly string[] },
  rules: FreshnessRules,
  now: number,
): FreshnessState => {
  const sources = withSources(state, copies, rules, now)
  const still = stillWriters({ ...state, sources }, rules, now)
  const look = lookAtCopies(copies, rules)
  const behind = Object.fromEntries(
    look.behind
      .filter(({ writer }) => !still.includes(writer))
      .map((lag) => {
        const before = get(state.behind, lag.region)
        return [lag.region, { looks: (before?.looks ?? 0) + 1, since: before?.since ?? now, lag }]
      }),
  )
  const returning = { ...state.returning, ...Object.fromEntries(facts.returned.flatMap((region) => begin(region, sources, still, rules, now))) }
  const left = Object.entries(returning).filter(([region, goal]) => !hasCaughtUp(region, goal, copies, facts.published, still, rules))
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

const hasCaughtUp = (region: string, { writer, counter }: Goal, copies: Copies, published: readonly string[], still: readonly string[], rules: FreshnessRules): boolean => {
  const own = get(get(copies, region) ?? {}, writer)
  if (own === undefined) return false
  if (counter !== undefined && !still.includes(writer)) return own.counter >= counter
  const others = published.filter((each) => each !== region)
  const lag = lagBehind(copies, writer, region, others, rules.everyMs)
  return lag !== undefined && !lag.isOtherContent
}

/** Regions that are withdrawn for it: behind for `fall` looks in a row. */
export const staleRegions = ({ behind }: FreshnessState, { fall }: Pick<FreshnessRules, 'fall'>): readonly (Lag & { readonly looks: number; readonly since: number })[] =>
  Object.values(behind).flatMap(({ lag, looks, since }) => (looks >= fall ? [{ ...lag, looks, since }] : []))
