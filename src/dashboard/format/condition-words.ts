import type { Condition } from '../../engine/views.ts'

/** ok: nothing to do. held: an operator's own doing. warn: worse than it should be. bad: somebody must look now. unsure: not known yet. */
export type Tone = 'ok' | 'held' | 'warn' | 'bad' | 'unsure'

export interface ConditionWords {
  readonly word: string
  readonly tone: Tone
  /** What it means, for whoever meets it for the first time. */
  readonly meaning: string
}

const all: Readonly<Record<Condition, ConditionWords>> = {
  failed: { word: 'watch failed', tone: 'bad', meaning: 'A fault of this program ended its watch, which begins anew' },
  blind: { word: 'blind', tone: 'bad', meaning: 'Checks fail and nothing else answers us: nothing is moved' },
  'provider-failing': { word: 'provider failing', tone: 'bad', meaning: 'The DNS provider cannot be read or written' },
  'fail-closed': { word: 'fail-closed', tone: 'bad', meaning: 'Too few are up, and nothing is published, as configured' },
  'fail-open': { word: 'fail-open', tone: 'bad', meaning: 'Too few are up: any address is better than none' },
  paused: { word: 'paused', tone: 'held', meaning: 'An operator has paused it: nothing is written' },
  undecided: { word: 'undecided', tone: 'unsure', meaning: 'Checks have yet to say' },
  degraded: { word: 'degraded', tone: 'warn', meaning: 'At least one address that should serve does not' },
  drained: { word: 'drained', tone: 'held', meaning: 'An operator took a region out; all else serves' },
  healthy: { word: 'healthy', tone: 'ok', meaning: 'All regions serve' },
}

/** Worst first. */
export const conditions: readonly Condition[] = ['failed', 'blind', 'provider-failing', 'fail-closed', 'fail-open', 'degraded', 'paused', 'undecided', 'drained', 'healthy']

export const conditionWords = (condition: Condition): ConditionWords => all[condition]

export const isTrouble = (condition: Condition): boolean => ['bad', 'warn'].includes(all[condition].tone)
