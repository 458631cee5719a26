import { type Copies, isBehind, type FreshnessRules, lagBehind } from '../core/freshness.ts'
import { writersOf } from '../core/freshness-state.ts'
import type { Heartbeat } from '../core/heartbeat.ts'
import type { HeartbeatLooks } from '../core/heartbeat-looks.ts'
import { lagText } from '../core/lag-text.ts'
import { catchingUpOf, type SiteState, staleOf } from '../core/site-state.ts'
import type { FreshnessView } from './views.ts'

const get = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined => (Object.hasOwn(record, key) ? record[key] : undefined)

type State = Pick<FreshnessView, 'state' | 'text'>

/** How one region's content stands to the others', as it is told. */
export const freshnessView = (region: string, looks: HeartbeatLooks, state: Pick<SiteState, 'stale' | 'catchingUp'>, rules: FreshnessRules, now: number): FreshnessView => {
  const answers = get(looks.answers, region)
  const copyOf = (of: string, writer: string): Heartbeat | undefined => {
    const copy = get(get(looks.answers, of) ?? {}, writer)
    return copy?.kind === 'found' ? copy.heartbeat : undefined
  }
  const copiesOf = (of: string): Copies[string] =>
    Object.fromEntries(
      writersOf(rules).flatMap((writer) => {
        const copy = copyOf(of, writer)
        return copy === undefined ? [] : [[writer, copy]]
      }),
    )
  const copies = Object.fromEntries(rules.regions.map((of) => [of, copiesOf(of)]))
  const writers = writersOf(rules).filter((writer) => writer !== region)
  const found = writers.map((writer) => ({ writer, lag: lagBehind(copies, writer, region, rules.regions, rules.everyMs) }))
  const worst = found.toSorted((a, b) => (b.lag?.lagMs ?? -1) - (a.lag?.lagMs ?? -1))[0]
  const ofRegion = (each: (typeof found)[number]): number | null => (copyOf(region, each.writer) === undefined ? null : (each.lag?.lagMs ?? null))
  const source = get(looks.state.sources, region)

  const judge = (): State => {
    const stale = staleOf(state, region)
    if (stale !== undefined) return { state: 'stale', text: stale.detail }
    const catchingUp = catchingUpOf(state, region)
    if (catchingUp !== undefined) return { state: 'catching-up', text: catchingUp }
    if (answers === undefined) return { state: 'unknown', text: 'not asked, for no address of it is up' }
    const unread = Object.values(answers).find(({ kind }) => kind === 'failed')
    if (unread !== undefined && 'detail' in unread) return { state: 'unknown', text: `its copies cannot be read: ${unread.detail}` }
    const never = writers.find((writer) => get(answers, writer)?.kind === 'missing' && get(looks.had, region)?.includes(writer) !== true)
    if (never !== undefined) return { state: 'unknown', text: `it has never had a heartbeat of ${never}` }
    const behind = found.find(({ lag }) => isBehind(lag, rules.maxLagMs))?.lag
    if (behind !== undefined) return { state: 'behind', text: lagText(behind) }
    if (writers.length === 0) return source === undefined ? { state: 'unknown', text: 'it writes, but has no heartbeat' } : { state: 'fresh', text: 'it writes' }
    if (worst?.lag === undefined) return { state: 'unknown', text: 'nobody has a heartbeat to compare with' }
    if (worst.lag.lagMs === 0) return { state: 'fresh', text: 'it has what others have' }
    return { state: 'fresh', text: `${lagText(worst.lag)}, ${worst.lag.isOtherContent ? 'as it may be for a while' : 'with the same content'}` }
  }

  return {
    ...judge(),
    writer: worst?.writer ?? null,
    lagMs: worst === undefined ? null : ofRegion(worst),
    contentId: copyOf(region, worst?.writer ?? region)?.content ?? null,
    lags: found.map((each) => ({ writer: each.writer, lagMs: ofRegion(each) })),
    heartbeatAgeMs: source === undefined ? null : now - source.advancedAt,
  }
}
