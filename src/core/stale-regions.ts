import type { FreshnessRules } from './freshness.ts'
import { staleRegions } from './freshness-state.ts'
import type { HeartbeatLooks } from './heartbeat-looks.ts'
import { lagText } from './lag-text.ts'
import type { Agreement } from './same-content.ts'
import type { Stale } from './stale.ts'

/** By path. */
export type Agreements = Readonly<Record<string, Agreement>>

/** Regions that alone serve something else than most at a path, for longer than they may. */
const oddRegions = (agreements: Agreements, { fall, maxLagMs }: FreshnessRules, now: number): readonly (readonly [string, Stale])[] =>
  Object.entries(agreements).flatMap(([path, { odd }]) =>
    Object.entries(odd).flatMap(([region, { looks, since, others }]): readonly (readonly [string, Stale])[] =>
      looks < fall || now - since <= maxLagMs ? [] : [[region, { looks, since, detail: `serves another ${path} than ${others.join(' and ')}`, ahead: others[0] ?? '', writer: undefined, lagMs: undefined }]],
    ),
  )

/**
 * Who counts as down for serving what is old, by region. `agreements`: those that vote; `spared`: regions that came back, which
 * wait, and are let in if they are needed, until they have caught up.
 */
export const staleNow = (looks: HeartbeatLooks, agreements: Agreements, spared: ReadonlySet<string>, rules: FreshnessRules, now: number): Readonly<Record<string, Stale>> => {
  const behind = staleRegions(looks.state, rules).map((lag) => [lag.region, { looks: lag.looks, since: lag.since, detail: lagText(lag), ahead: lag.ahead, writer: lag.writer, lagMs: lag.lagMs }] as const)
  return Object.fromEntries([...oddRegions(agreements, rules, now), ...behind].filter(([region]) => !spared.has(region)))
}

/** What is said of a region that waits until it has what others have. */
export const catchingUpText = (region: string, looks: HeartbeatLooks, rules: FreshnessRules): string => {
  const whom = Object.hasOwn(looks.state.returning, region) ? looks.state.returning[region]?.writer : undefined
  const writer = rules.mode === 'single-writer' ? rules.writer : whom
  return `up, but it has yet to catch up with ${writer ?? 'the others'}`
}
