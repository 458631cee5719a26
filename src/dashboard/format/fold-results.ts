import type { ResultsView } from '../../engine/views.ts'
import { countText } from './count-text.ts'

export type CheckLook = ResultsView['addresses'][number]['results'][number]

/** A strip of checks, said. */
export const resultsText = (results: readonly CheckLook[]): string => {
  if (results.length === 0) return 'no check yet'
  const failed = results.filter(({ kind }) => kind === 'failed')
  const unsure = results.filter(({ kind }) => kind === 'cannot-tell').length
  const causes = new Map<string, number>()
  for (const { cause } of failed) causes.set(cause ?? 'failed', (causes.get(cause ?? 'failed') ?? 0) + 1)
  const why = [...causes].map(([cause, count]) => `${cause} ${count}`).join(', ')
  const passed = results.length - failed.length - unsure
  return [
    `last ${countText(results.length, 'check')}: ${passed} passed`,
    ...(failed.length === 0 ? [] : [`${failed.length} failed (${why})`]),
    ...(unsure === 0 ? [] : [`${unsure} could not tell`]),
  ].join(', ')
}

/** How high a passed check stands in a strip, from 0.25 to 0.8 by the root of its time: failures alone are taller. */
export const barHeight = (ms: number, most: number): number => 0.25 + 0.55 * Math.sqrt(Math.min(1, most <= 0 ? 0 : ms / most))
