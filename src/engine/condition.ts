import type { Condition, RegionView, SetView } from './views.ts'

export interface ConditionFacts {
  readonly isFailed: boolean
  readonly hasTrouble: boolean
  readonly isPaused: boolean
  /** Whether the records have been read at all. */
  readonly isRead: boolean
  readonly sets: readonly SetView[]
  readonly regions: readonly RegionView[]
}

/** By an operator's order; a region that is forced up is not. */
const isOut = ({ drain, force }: RegionView): boolean => force?.to === 'down' || (drain !== null && force === null)

const isStale = ({ freshness }: RegionView): boolean => freshness?.state === 'stale'

/** Those of a region that is only stale are told of otherwise. */
const addressesWhere = (regions: readonly RegionView[], verdict: 'down' | 'undecided'): readonly string[] =>
  regions
    .filter((region) => !isOut(region))
    .flatMap((region) => region.addresses.flatMap((each) => (each.verdict === verdict && !(each.state === 'up' && isStale(region)) ? [`${region.region} (${each.address})`] : [])))

const inMode = (sets: readonly SetView[], mode: string): boolean => sets.some((set) => set.mode === mode && (mode !== 'fail-open' || set.published.length + set.wanted.length > 0))

/** Sets that are not as they should be. */
const pending = (sets: readonly SetView[]): readonly SetView[] => sets.filter(({ published, wanted }) => published.length !== wanted.length || published.some((value) => !wanted.includes(value)))

/** Regions whose content keeps them out, with why. */
const lackingContent = (regions: readonly RegionView[]): readonly string[] =>
  regions
    .filter((region) => !isOut(region) && region.addresses.some(({ verdict, sets }) => verdict !== 'undecided' && sets.some(({ isWanted }) => !isWanted)))
    .flatMap(({ region, freshness }) => {
      if (freshness?.state === 'stale') return [`${region} serves old content: it ${freshness.text}`]
      return freshness?.state === 'catching-up' ? [`${region} is ${freshness.text}`] : []
    })

/** How a site does, in one word: the worst that applies. */
export const conditionOf = (facts: ConditionFacts): Condition => {
  const { sets, regions } = facts
  if (facts.isFailed) return 'failed'
  if (inMode(sets, 'blind')) return 'blind'
  if (facts.hasTrouble) return 'provider-failing'
  if (inMode(sets, 'fail-closed')) return 'fail-closed'
  if (inMode(sets, 'fail-open')) return 'fail-open'
  if (facts.isPaused) return 'paused'
  const isUndecided = !facts.isRead || addressesWhere(regions, 'undecided').length > 0 || regions.some(({ addresses }) => addresses.length === 0)
  if (addressesWhere(regions, 'down').length > 0 || lackingContent(regions).length > 0 || regions.some(({ problems }) => problems.length > 0)) return 'degraded'
  if (isUndecided) return 'undecided'
  if (regions.some(isOut)) return 'drained'
  return 'healthy'
}

/** One sentence for people. */
export const conditionText = (condition: Condition, facts: ConditionFacts, trouble: string | undefined): string => {
  const { sets, regions } = facts
  const down = addressesWhere(regions, 'down')
  switch (condition) {
    case 'failed':
      return 'a fault of this program has ended its watch, which begins anew'
    case 'blind':
      return 'checks fail and nothing else answers us: we may be the ones cut off, so nothing moves'
    case 'provider-failing': {
      const wanted = pending(sets).map(({ name, type, wanted: values }) => `${name} ${type} should be ${values.join(', ') || 'empty'}`)
      return `the provider cannot be read or written: ${trouble ?? 'unknown'}${wanted.length === 0 ? '' : `; ${wanted.join('; ')}, and will be written once it can`}`
    }
    case 'fail-closed':
      return 'too few are up, and it fails closed, as configured'
    case 'fail-open':
      return `too few are up: fail open, for any address is better than none${down.length === 0 ? '' : ` (down: ${down.join(', ')})`}`
    case 'paused':
      return 'paused by an operator: nothing is written'
    case 'undecided':
      return facts.isRead ? `not decided yet: ${addressesWhere(regions, 'undecided').join(', ') || regions.filter(({ addresses }) => addresses.length === 0).map(({ region }) => `${region} has no address`).join(', ')}` : 'the records have yet to be read'
    case 'degraded': {
      const unresolved = regions.flatMap(({ region, problems }) => (problems.length === 0 ? [] : [`${region} cannot be resolved`]))
      return [...(down.length === 0 ? [] : [`down: ${down.join(', ')}`]), ...lackingContent(regions), ...unresolved].join('; ')
    }
    case 'drained':
      return regions.flatMap((region) => (isOut(region) ? [`${region.region} is ${region.force === null ? 'drained' : 'forced down'}: ${(region.force ?? region.drain)?.reason ?? ''}`] : [])).join('; ')
    case 'healthy':
      return 'all regions serve'
  }
}
