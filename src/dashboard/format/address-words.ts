import type { AddressView } from '../../engine/views.ts'
import type { Tone } from './condition-words.ts'

export interface AddressWords {
  readonly word: string
  readonly tone: Tone
  readonly icon: 'up' | 'down' | 'unknown'
}

/** How an address does by our own checks. */
export const addressWords = ({ state, hasPassed }: Pick<AddressView, 'state' | 'hasPassed'>): AddressWords => {
  if (state === 'up') return { word: 'up', tone: 'ok', icon: 'up' }
  if (state === 'down') return { word: hasPassed ? 'down' : 'never passed', tone: 'bad', icon: 'down' }
  return { word: 'not decided', tone: 'unsure', icon: 'unknown' }
}

export interface PublishedWords {
  readonly word: string
  readonly tone: Tone
  readonly icon: 'check' | 'withheld' | 'plus' | 'minus'
}

/** Whether it is in the records, and should be. */
export const publishedWords = ({ isPublished, isWanted }: { readonly isPublished: boolean; readonly isWanted: boolean }): PublishedWords => {
  if (isPublished) return isWanted ? { word: 'published', tone: 'ok', icon: 'check' } : { word: 'published, to be withdrawn', tone: 'warn', icon: 'minus' }
  return isWanted ? { word: 'withheld, to be published', tone: 'warn', icon: 'plus' } : { word: 'withheld', tone: 'unsure', icon: 'withheld' }
}

/** Days that a certificate has left, and whether somebody should see to it. */
export const certificateWords = (days: number): { readonly text: string; readonly tone: Tone } => {
  if (days < 0) return { text: 'certificate expired', tone: 'bad' }
  return { text: `certificate ${days} ${days === 1 ? 'day' : 'days'}`, tone: days <= 3 ? 'bad' : days <= 14 ? 'warn' : 'ok' }
}
