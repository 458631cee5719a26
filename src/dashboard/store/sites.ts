import { computed, signal } from '@preact/signals'
import type { Condition } from '../../engine/views.ts'
import type { Failure } from '../api/problem.ts'
import type { Sites } from '../live/merge-sites.ts'

export const sites = signal<Sites>(new Map())
/** Whether they were read at all. */
export const isRead = signal(false)
/** Why the latest reading failed. */
export const sitesFailure = signal<Failure | undefined>(undefined)

/** From how many sites on the list goes easy: far rows are not laid out, ages are said in minutes. */
const many = 60
/** Up to how many there is room for the checks themselves. */
const few = 4

export const areMany = computed(() => sites.value.size > many)
export const areFew = computed(() => sites.value.size <= few)

export const standing = computed(() => {
  const counts: Partial<Record<Condition, number>> = {}
  for (const { condition } of sites.value.values()) counts[condition] = (counts[condition] ?? 0) + 1
  return counts
})
