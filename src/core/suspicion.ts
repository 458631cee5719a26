import type { FreshnessRules, Lag } from './freshness.ts'
import { copiesAhead, type FreshnessState, stillWriters, writersGoneBack, writersOf } from './freshness-state.ts'
import { heartbeatsOf } from './heartbeat.ts'
import type { Answers, HeartbeatLooks } from './heartbeat-looks.ts'
import { lagText } from './lag-text.ts'
import { secondWriters } from './strange-copies.ts'

/** Something about the replication that is not as it should be, and by which nobody is withdrawn. */
export interface Suspicion {
  /** Looks in a row that found it. */
  readonly looks: number
  /** Engine milliseconds. */
  readonly since: number
  readonly text: string
  /** The region that it was seen at: while it cannot be asked, it stays. */
  readonly region: string
}

/** By what it is, without numbers. */
export type Suspicions = Readonly<Record<string, Suspicion>>

type Found = readonly (readonly [string, Pick<Suspicion, 'text' | 'region'>])[]

const lagging = (lags: readonly Lag[]): Found =>
  lags.map((lag) => [`lag ${lag.region} ${lag.writer}`, { region: lag.region, text: `${lag.region} ${lagText(lag)}, and the fault may be that of whoever sends` }])

const standing = (state: FreshnessState, answers: Answers, rules: FreshnessRules, now: number): Found =>
  stillWriters(state, rules, now)
    .filter((writer) => answers[writer]?.[writer]?.kind === 'found')
    .map((writer) => [`still ${writer}`, { region: writer, text: `the heartbeat of ${writer} stands still: it tells nothing of how fresh the others are` }])

const unreadable = (answers: Answers, had: HeartbeatLooks['had'], rules: FreshnessRules): Found =>
  Object.entries(answers).flatMap(([region, copies]) =>
    writersOf(rules).flatMap((writer): Found => {
      const copy = copies[writer]
      if (copy === undefined || copy.kind === 'found') return []
      if (copy.kind === 'failed') return [[`unread ${region}`, { region, text: `the heartbeats that ${region} has cannot be read: ${copy.detail}` }]]
      if (writer === region) return [[`none ${region}`, { region, text: `${region} has no heartbeat of its own: ${copy.detail}` }]]
      return had[region]?.includes(writer) === true ? [] : [[`never ${region} ${writer}`, { region, text: `${region} has never had a heartbeat of ${writer}: ${copy.detail}` }]]
    }),
  )

/** Signs that a writer was restored from a backup, or that two write in its name. */
const doubled = (state: FreshnessState, answers: Answers, rules: FreshnessRules, now: number): Found => {
  const copies = Object.fromEntries(Object.entries(answers).map(([region, has]) => [region, heartbeatsOf(has)]))
  return [
    ...copiesAhead(copies, state.sources, rules, now).flatMap(({ region, writer, counter }): Found => {
      const own = copies[writer]?.[writer]?.counter
      return own === undefined ? [] : [[`ahead ${region} ${writer}`, { region, text: `${region} has a later heartbeat of ${writer} (number ${counter}) than ${writer} itself (${own}): ${writer} was restored from a backup, or two servers write in its name` }]]
    }),
    ...writersGoneBack(state, rules, now).map(({ writer, from, to }) => [`back ${writer}`, { region: writer, text: `the heartbeat of ${writer} went back from number ${from} to ${to}: it was restored from a backup, or two servers write in its name` }] as const),
    ...secondWriters(state.seen).map(({ region, writer }) => [`second ${region} ${writer}`, { region, text: `two servers write in the name of ${writer}: what ${region} has of its heartbeat goes on, but comes from another than the one at ${writer}'s address` }] as const),
  ]
}

/** All that a look finds suspicious. */
export const suspectedNow = (state: FreshnessState, answers: Answers, had: HeartbeatLooks['had'], rules: FreshnessRules, now: number): Found => [
  ...lagging(state.look.suspected),
  ...doubled(state, answers, rules, now),
  ...standing(state, answers, rules, now),
  ...unreadable(answers, had, rules),
]

/** One look more. What was seen at a region that could not be asked this time stays as it was. */
export const withSuspicions = (before: Suspicions, found: Found, answers: Answers, now: number): Suspicions => {
  const kept = Object.entries(before).filter(([, { region }]) => !Object.hasOwn(answers, region))
  const seen = found.map(([key, what]) => {
    const known = Object.hasOwn(before, key) ? before[key] : undefined
    return [key, { ...what, looks: (known?.looks ?? 0) + 1, since: known?.since ?? now }] as const
  })
  return Object.fromEntries([...kept, ...seen])
}

/** Those that are said: found for `fall` looks in a row. */
export const confirmedSuspicions = (suspicions: Suspicions, { fall }: Pick<FreshnessRules, 'fall'>): readonly (readonly [string, Suspicion])[] =>
  Object.entries(suspicions).filter(([, { looks }]) => looks >= fall)
