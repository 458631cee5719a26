import type { SiteSummaryView } from '../../engine/views.ts'
import type { Tone } from './condition-words.ts'

export type RegionSummary = SiteSummaryView['regions'][number]

export interface RegionWords {
  readonly word: string
  readonly tone: Tone
  readonly icon: 'up' | 'down' | 'mixed' | 'unknown' | 'drained' | 'stale' | 'withheld'
  /** Not, or not wholly, in the records. */
  readonly isOut: boolean
}

/** A region in a word: what keeps it out comes before how it does. */
export const regionWords = ({ state, publishing, isDrained, forced, isStale, role }: RegionSummary): RegionWords => {
  const isOut = publishing !== 'published'
  if (forced === 'down') return { word: 'forced down', tone: 'held', icon: 'drained', isOut }
  if (forced === 'up') return { word: state === 'down' ? 'forced up, but down' : 'forced up', tone: state === 'down' ? 'warn' : 'held', icon: state === 'down' ? 'down' : 'up', isOut }
  if (isDrained) return { word: publishing === 'published' ? 'draining' : 'drained', tone: 'held', icon: 'drained', isOut }
  if (isStale) return { word: 'stale', tone: 'warn', icon: 'stale', isOut }
  if (state === 'down') return { word: isOut ? 'down' : 'down, still published', tone: isOut ? 'warn' : 'bad', icon: 'down', isOut }
  if (state === 'mixed') return { word: publishing === 'partly' ? 'partly up' : 'mixed', tone: 'warn', icon: 'mixed', isOut }
  if (state === 'unknown') return { word: 'unknown', tone: 'unsure', icon: 'unknown', isOut }
  if (publishing === 'none') return { word: 'no address', tone: 'unsure', icon: 'unknown', isOut }
  if (role === 'standby' && publishing === 'withheld') return { word: 'standby', tone: 'unsure', icon: 'withheld', isOut }
  if (publishing === 'withheld') return { word: 'up, withheld', tone: 'warn', icon: 'withheld', isOut }
  return { word: publishing === 'partly' ? 'partly published' : 'up', tone: publishing === 'partly' ? 'warn' : 'ok', icon: 'up', isOut }
}
