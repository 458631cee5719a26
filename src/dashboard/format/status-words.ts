import type { PublicStatusView } from '../../engine/views.ts'
import type { Tone } from './condition-words.ts'

export interface StatusWords {
  readonly word: string
  readonly tone: Tone
  readonly icon: 'healthy' | 'degraded' | 'failed' | 'undecided' | 'paused'
}

const ofState: Readonly<Record<PublicStatusView['state'], StatusWords>> = {
  available: { word: 'Available', tone: 'ok', icon: 'healthy' },
  degraded: { word: 'Available, at reduced capacity', tone: 'warn', icon: 'degraded' },
  unavailable: { word: 'Not available', tone: 'bad', icon: 'failed' },
  unknown: { word: 'Not known at the moment', tone: 'unsure', icon: 'undecided' },
}

export const statusWords = (state: PublicStatusView['state']): StatusWords => ofState[state]

const ofRegion: Readonly<Record<PublicStatusView['regions'][number]['state'], StatusWords>> = {
  available: { word: 'available', tone: 'ok', icon: 'healthy' },
  maintenance: { word: 'maintenance', tone: 'held', icon: 'paused' },
  unavailable: { word: 'not available', tone: 'warn', icon: 'degraded' },
  unknown: { word: 'not known', tone: 'unsure', icon: 'undecided' },
}

export const regionStatusWords = (state: PublicStatusView['regions'][number]['state']): StatusWords => ofRegion[state]
