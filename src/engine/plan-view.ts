import type { PlannedChange } from '../core/decide-site.ts'
import type { Change } from '../core/rrset.ts'
import type { PlannedChangeView } from './views.ts'

/** A change as it is told, with why the guard refuses it. */
export const plannedChangeView = ({ key, before, after, reasons }: Change, refused: string | undefined): PlannedChangeView => ({
  ...key,
  before: { values: before.values, ttl: before.ttl },
  after: { values: after.values, ttl: after.ttl },
  reasons: reasons.map(({ address, action, rule, text }) => ({ address: address ?? null, action, rule, text })),
  refused: refused ?? null,
})

export const plannedChangeViews = (planned: readonly PlannedChange[]): readonly PlannedChangeView[] =>
  planned.map(({ change, verdict }) => plannedChangeView(change, verdict.kind === 'refused' ? verdict.text : undefined))

/** What a plan comes to, in one line. */
export const planText = (changes: readonly PlannedChangeView[]): string => {
  if (changes.length === 0) return 'nothing changes'
  return changes
    .map(({ name, type, before, after, refused }) => `${name} ${type}: ${before.values.join(', ') || 'nothing'} -> ${after.values.join(', ') || 'nothing'}${refused === null ? '' : ` (refused: ${refused})`}`)
    .join('; ')
}
