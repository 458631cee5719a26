import type { Health } from './health.ts'
import { isConfirming } from './pacing.ts'
import type { CurrentRRset } from './rrset.ts'
import type { Site } from './site.ts'
import type { SiteState } from './site-state.ts'

/** Milliseconds: no plan rests on a reading that is older. */
export const longestEarlyMs = 10_000
/** Between two readings of a site. Milliseconds. */
const leastGapMs = 3_000

const ofCheck = ({ check }: Pick<Site, 'check'>, state: SiteState): readonly (readonly [string, Health])[] =>
  Object.entries(state.health).filter(([, health]) => health.identity === check.identity)

/** Whether a verdict is being gathered on some address, towards down or up: the provider may be wanted within moments. */
export const isVerdictNear = (site: Pick<Site, 'check'>, state: SiteState): boolean => ofCheck(site, state).some(([, health]) => isConfirming(health, site.check.rise))

/** When that began which may change the records: what is published fails, or what is not passes. Engine milliseconds. */
export const turnsBegun = (site: Pick<Site, 'check'>, state: SiteState, current: readonly CurrentRRset[]): readonly number[] => {
  const published = new Set<string>(current.flatMap(({ values }) => values))
  return ofCheck(site, state).flatMap(([address, { failing, passing, passingSince }]) => {
    if (published.has(address)) return failing === undefined ? [] : [failing.firstAt]
    return passing === 0 ? [] : [passingSince]
  })
}

/** Whether the records are to be read ahead of a verdict: once for each turn, and seldom enough for an address that flaps. */
export const isReadingDue = (begun: readonly number[], lastStartedAt: number | undefined, now: number): boolean =>
  begun.some((at) => lastStartedAt === undefined || (at > lastStartedAt && now - lastStartedAt >= leastGapMs))

/**
 * Whether a plan may rest on a reading that began at `startedAt`: after the turn had begun, not long ago, and after
 * `since`, when the records were last written or read. Engine milliseconds.
 */
export const isFitToPlanOn = (startedAt: number, begun: readonly number[], since: number, now: number): boolean =>
  startedAt >= since && now - startedAt <= longestEarlyMs && begun.some((at) => at <= startedAt)
