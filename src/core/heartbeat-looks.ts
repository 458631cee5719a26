import { type Copies, type FreshnessRules, lagBehind } from './freshness.ts'
import { type FreshnessState, noFreshness, withLook, writersOf } from './freshness-state.ts'
import { type Copy, heartbeatsOf } from './heartbeat.ts'
import type { Site } from './site.ts'
import type { SiteState } from './site-state.ts'
import { suspectedNow, type Suspicions, withSuspicions } from './suspicion.ts'

/** What one look at the regions found: their copies of each writer's heartbeat, by region and writer. Who could not be asked at all is not there. */
export type Answers = Readonly<Record<string, Readonly<Record<string, Copy>>>>

/** What all looks since the start of this process have added up to. */
export interface HeartbeatLooks {
  readonly state: FreshnessState
  readonly answers: Answers
  /** Of which writers a region ever had a copy, by region: what it has never had may be the fault of how it was set up. */
  readonly had: Readonly<Record<string, readonly string[]>>
  /** Looks at regions that are up, as long as none of them has ever found a heartbeat. */
  readonly emptyLooks: number
  readonly suspicions: Suspicions
}

export const noLooks: HeartbeatLooks = { state: noFreshness, answers: {}, had: {}, emptyLooks: 0, suspicions: {} }

/** The looks of a process that is told who was stale before: it goes on from there. */
export const looksFrom = ({ stale }: Pick<SiteState, 'stale'>): HeartbeatLooks => {
  const behind = Object.entries(stale).flatMap(([region, { looks, since, writer, lagMs, ahead }]) =>
    writer === undefined ? [] : [[region, { looks, since, lag: { writer, region, lagMs, isOtherContent: true, ahead }, isProven: true }] as const],
  )
  return { ...noLooks, state: { ...noFreshness, behind: Object.fromEntries(behind) } }
}

/** The rules of a site's replication; undefined: it has none. */
export const freshnessRules = ({ replication, regions, check }: Pick<Site, 'replication' | 'regions' | 'check'>): FreshnessRules | undefined =>
  replication && {
    mode: replication.mode,
    writer: replication.writer,
    ...(replication.hub === undefined ? {} : { hub: replication.hub }),
    regions: regions.map(({ name }) => name),
    everyMs: replication.heartbeat.everyMs,
    maxLagMs: replication.maxLagMs,
    onLag: replication.onLag,
    fall: check.fall,
  }

const isEmpty = (had: HeartbeatLooks['had']): boolean => Object.values(had).every((writers) => writers.length === 0)

const withHad = (had: HeartbeatLooks['had'], answers: Answers): HeartbeatLooks['had'] => {
  const found = Object.entries(answers).map(([region, copies]) => {
    const before = Object.hasOwn(had, region) ? (had[region] ?? []) : []
    return [region, [...new Set([...before, ...Object.keys(heartbeatsOf(copies))])]] as const
  })
  return { ...had, ...Object.fromEntries(found) }
}

/** The copies by which may be judged: of regions of which all is known, and that have lost what they do not have. */
const judgeable = (answers: Answers, had: HeartbeatLooks['had']): Copies =>
  Object.fromEntries(
    Object.entries(answers)
      .filter(([region, copies]) => Object.entries(copies).every(([writer, { kind }]) => kind === 'found' || (kind === 'missing' && (writer === region || had[region]?.includes(writer)))))
      .map(([region, copies]) => [region, heartbeatsOf(copies)]),
  )

export interface LookFacts {
  /** Regions that passed their checks again while they were out, since the last look. */
  readonly returned: readonly string[]
  readonly published: readonly string[]
}

/** One look more. */
export const withAnswers = (looks: HeartbeatLooks, answers: Answers, facts: LookFacts, rules: FreshnessRules, now: number): HeartbeatLooks => {
  const had = withHad(looks.had, answers)
  const state = withLook(looks.state, judgeable(answers, had), facts, rules, now)
  const emptyLooks = isEmpty(had) ? looks.emptyLooks + (Object.keys(answers).length > 0 ? 1 : 0) : 0
  const suspicions = withSuspicions(looks.suspicions, suspectedNow(state, answers, had, rules, now), answers, now)
  return { state, answers, had, emptyLooks, suspicions }
}

/** What has never shown a heartbeat is not set up yet, and holds nobody back. */
export const isSetUp = ({ emptyLooks }: HeartbeatLooks, { fall }: Pick<FreshnessRules, 'fall'>): boolean => emptyLooks < fall

/** Regions that lack nothing, by the latest look, of what any region shows of any writer. */
export const lackingNothing = ({ answers }: HeartbeatLooks, rules: FreshnessRules): readonly string[] => {
  const copies = Object.fromEntries(Object.entries(answers).map(([region, has]) => [region, heartbeatsOf(has)]))
  return rules.regions.filter((region) => {
    const lags = writersOf(rules).flatMap((writer) => (writer === region ? [] : [lagBehind(copies, writer, region, rules.regions, rules.everyMs)]))
    return lags.length > 0 && lags.every((lag) => lag !== undefined && !lag.isOtherContent)
  })
}

/** Regions that need wait for nothing any more. */
export const withoutReturning = (looks: HeartbeatLooks, regions: readonly string[]): HeartbeatLooks => {
  const { returning } = looks.state
  return { ...looks, state: { ...looks.state, returning: Object.fromEntries(Object.entries(returning).filter(([region]) => !regions.includes(region))) } }
}
