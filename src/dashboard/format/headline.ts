import type { Condition } from '../../engine/views.ts'
import { conditionWords, conditions, type Tone } from './condition-words.ts'
import { countText, listText } from './count-text.ts'

export interface Headline {
  readonly tone: Tone
  readonly text: string
  /** The rest in one line; empty: there is none. */
  readonly detail: string
}

type Standing = Readonly<Partial<Record<Condition, number>>>

const ofTone = (counts: Standing, tones: readonly Tone[]): number => conditions.reduce((sum, each) => sum + (tones.includes(conditionWords(each).tone) ? (counts[each] ?? 0) : 0), 0)

/** Answers "is it all right?" in one sentence. */
export const headline = (counts: Standing): Headline => {
  const total = ofTone(counts, ['ok', 'held', 'warn', 'bad', 'unsure'])
  const bad = ofTone(counts, ['bad'])
  const warn = ofTone(counts, ['warn'])
  const detail = listText(conditions.flatMap((each) => (each === 'healthy' || (counts[each] ?? 0) === 0 ? [] : [`${counts[each] ?? 0} ${conditionWords(each).word}`])))
  if (total === 0) return { tone: 'unsure', text: 'No site is watched yet', detail: '' }
  if (bad + warn > 0) {
    const count = bad + warn
    return { tone: bad > 0 ? 'bad' : 'warn', text: total === 1 ? 'The site needs a look' : `${count} of ${countText(total, 'site')} ${count === 1 ? 'needs' : 'need'} a look`, detail }
  }
  const unsure = ofTone(counts, ['unsure'])
  if (unsure === total) return { tone: 'unsure', text: 'Checks have yet to say', detail }
  return { tone: 'ok', text: total === 1 ? 'The site serves' : `All ${countText(total, 'site')} serve`, detail: unsure > 0 ? detail.replace('undecided', 'not decided yet') : detail }
}

/** Of the tab: the worst state comes first, for a tab shows few letters. */
export const tabTitle = (counts: Standing, page: string, isLost: boolean): string => {
  const worst = conditions.find((each) => (counts[each] ?? 0) > 0)
  const count = worst === undefined ? 0 : (counts[worst] ?? 0)
  const state = worst === undefined || worst === 'healthy' ? '' : `${count > 1 ? `${count} ` : ''}${conditionWords(worst).word} · `
  return `${isLost ? '(no connection) ' : ''}${state}${page === '' ? '' : `${page} · `}dns-failover`
}
