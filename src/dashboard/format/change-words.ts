import type { SiteSummaryView } from '../../engine/views.ts'
import { momentText } from './clock-text.ts'
import { spanText } from './span-text.ts'

/** The last change in words: what, when, how soon it took effect, when clients had moved. */
export const changeWords = ({ at, text, timeToEffectMs, movedAt }: NonNullable<SiteSummaryView['lastChange']>, nowMs: number): string => {
  const moved = movedAt === null ? [] : [`clients ${Date.parse(movedAt) <= nowMs ? 'moved by' : 'will have moved by'} ${momentText(movedAt, nowMs)}`]
  return [`${momentText(at, nowMs)} ${text}`, ...(timeToEffectMs === null ? [] : [`effective in ${spanText(timeToEffectMs)}`]), ...moved].join(', ')
}
