import type { Heartbeat } from './heartbeat.ts'

/** All that is known at one look: of each region its latest copies of each writer's heartbeat, by writer. */
export type Copies = Readonly<Record<string, Readonly<Record<string, Heartbeat>>>>

export interface FreshnessRules {
  readonly mode: 'single-writer' | 'two-way'
  readonly writer: string
  /** Of a star in two-way mode: the region by way of which all content goes. */
  readonly hub?: string
  readonly regions: readonly string[]
  /** How often a heartbeat is written. Milliseconds. */
  readonly everyMs: number
  readonly maxLagMs: number
  readonly onLag: 'alarm' | 'withdraw'
  /** Looks in a row until somebody is stale. */
  readonly fall: number
}

/** How one region stands to one writer's content. */
export interface Lag {
  readonly writer: string
  readonly region: string
  /** How far behind the furthest copy, by the heartbeats between. Milliseconds; undefined: it has none. */
  readonly lagMs: number | undefined
  /** Whether there is anything that it does not have. */
  readonly isOtherContent: boolean
  /** Who has the furthest copy, the writer itself included. */
  readonly ahead: string
}

const copyOf = (copies: Copies, region: string, writer: string): Heartbeat | undefined => {
  const own = Object.hasOwn(copies, region) ? copies[region] : undefined
  return own !== undefined && Object.hasOwn(own, writer) ? own[writer] : undefined
}

/** The region with the furthest copy of a writer's heartbeat, among those asked about. */
const furthest = (copies: Copies, writer: string, regions: readonly string[]): { readonly region: string; readonly heartbeat: Heartbeat } | undefined => {
  const all = regions.flatMap((region) => {
    const heartbeat = copyOf(copies, region, writer)
    return heartbeat === undefined ? [] : [{ region, heartbeat }]
  })
  return all.toSorted((a, b) => b.heartbeat.counter - a.heartbeat.counter)[0]
}

/** How a region stands to the furthest copy that some others have; undefined: nobody has one. */
export const lagBehind = (copies: Copies, writer: string, region: string, others: readonly string[], everyMs: number): Lag | undefined => {
  const best = furthest(copies, writer, others.filter((other) => other !== region))
  if (best === undefined) return undefined
  const own = copyOf(copies, region, writer)
  if (own === undefined) return { writer, region, lagMs: undefined, isOtherContent: true, ahead: best.region }
  const lagMs = Math.max(0, best.heartbeat.counter - own.counter) * everyMs
  return { writer, region, lagMs, isOtherContent: lagMs > 0 && own.content !== best.heartbeat.content, ahead: best.region }
}

/** Behind on changed content, by more than is allowed. */
export const isBehind = (lag: Lag | undefined, maxLagMs: number): lag is Lag => lag !== undefined && lag.isOtherContent && (lag.lagMs === undefined || lag.lagMs > maxLagMs)

export interface FreshnessLook {
  /** Regions whose content is older than another's, by a fault of their own as far as can be told. */
  readonly behind: readonly Lag[]
  /** Regions that are behind, where it may be the sender's fault, or a cut between them: an alarm, and nothing moves. */
  readonly suspected: readonly Lag[]
}

const nothing: FreshnessLook = { behind: [], suspected: [] }

/**
 * One writer: a receiver that is behind another receiver has a fault of its own. If all are behind the writer, the writer may
 * be at fault, for it is it who sends.
 */
const lookAtReceivers = (copies: Copies, rules: FreshnessRules): FreshnessLook => {
  const { writer, regions, everyMs, maxLagMs, onLag } = rules
  const receivers = regions.filter((region) => region !== writer && Object.hasOwn(copies, region))
  const behindOthers = receivers.flatMap((region) => {
    const lag = lagBehind(copies, writer, region, receivers, everyMs)
    return isBehind(lag, maxLagMs) ? [lag] : []
  })
  const behindWriter = receivers.flatMap((region) => {
    const lag = lagBehind(copies, writer, region, [writer], everyMs)
    return isBehind(lag, maxLagMs) && !behindOthers.some((each) => each.region === region) ? [lag] : []
  })
  return onLag === 'withdraw' ? { behind: [...behindOthers, ...behindWriter], suspected: [] } : { behind: behindOthers, suspected: behindWriter }
}

/** Each region writes: one that lacks what all others have, while they have what it wrote, receives nothing. Both ways is a cut. */
const lookAtPairs = (copies: Copies, { regions, everyMs, maxLagMs }: FreshnessRules): FreshnessLook => {
  const asked = regions.filter((region) => Object.hasOwn(copies, region))
  const lacks = (region: string, writer: string): Lag | undefined => {
    const lag = lagBehind(copies, writer, region, asked, everyMs)
    return isBehind(lag, maxLagMs) ? lag : undefined
  }
  return asked.reduce<FreshnessLook>((look, region) => {
    const others = asked.filter((other) => other !== region)
    const missed = others.flatMap((writer) => lacks(region, writer) ?? [])
    const [first] = missed
    if (first === undefined) return look
    const isOneWay = missed.length === others.length && others.every((other) => lacks(other, region) === undefined)
    return isOneWay ? { ...look, behind: [...look.behind, first] } : { ...look, suspected: [...look.suspected, first] }
  }, nothing)
}

/**
 * By way of a hub: the others can have no more than it has, so each is compared with the hub alone, and the hub with each. One
 * of the others that gets nothing, while the rest do and the hub has what it wrote, has a fault of its own; if none of them gets
 * anything, the hub may have it. A hub that cannot be asked tells nothing of them.
 */
const lookAtStar = (copies: Copies, { regions, everyMs, maxLagMs }: FreshnessRules, hub: string): FreshnessLook => {
  if (!Object.hasOwn(copies, hub)) return nothing
  const others = regions.filter((region) => region !== hub && Object.hasOwn(copies, region))
  const lacks = (region: string, writer: string, than: string): readonly Lag[] => {
    const lag = lagBehind(copies, writer, region, [than], everyMs)
    return isBehind(lag, maxLagMs) ? [lag] : []
  }
  const atHub = others.flatMap((other) => lacks(hub, other, other))
  const cutOff = others.filter((other) => lacks(other, hub, hub).length > 0)
  const isHubBehind = others.length > 0 && atHub.length === others.length && cutOff.length === 0
  const isOwnFault = (other: string): boolean => cutOff.includes(other) && (others.length === 1 || cutOff.length < others.length) && lacks(hub, other, other).length === 0
  return {
    behind: [...(isHubBehind ? atHub.slice(0, 1) : []), ...others.filter(isOwnFault).flatMap((other) => lacks(other, hub, hub))],
    suspected: [
      ...(isHubBehind ? [] : atHub),
      ...others.filter((other) => !isOwnFault(other)).flatMap((other) => [hub, ...others].flatMap((writer) => (writer === other ? [] : lacks(other, writer, hub))).slice(0, 1)),
    ],
  }
}

/** What one look at all copies says. Regions that could not be asked are not in `copies`: their health check judges them. */
export const lookAtCopies = (copies: Copies, rules: FreshnessRules): FreshnessLook => {
  if (rules.mode === 'single-writer') return lookAtReceivers(copies, rules)
  return rules.hub === undefined ? lookAtPairs(copies, rules) : lookAtStar(copies, rules, rules.hub)
}
