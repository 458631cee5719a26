import { computed, signal } from '@preact/signals'
import type { RegionView } from '../../engine/views.ts'
import { session } from './session.ts'

/** What an operator may order here. */
export type ActionKind = 'drain' | 'undrain' | 'force' | 'unforce' | 'repoint' | 'pause' | 'resume' | 'reconcile'

export interface Action {
  readonly kind: ActionKind
  readonly site: string
  /** Null: it is about the site as a whole. */
  readonly region: Pick<RegionView, 'region' | 'service' | 'addresses'> | null
}

/** The one whose dialog is open. */
export const openAction = signal<Action | undefined>(undefined)

export const mayOperate = computed(() => session.value?.mayOperate === true)
