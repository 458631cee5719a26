import type { IncidentView, StoredEvent } from '../../engine/history-port.ts'
import type { Condition } from '../../engine/views.ts'
import type { Tone } from './condition-words.ts'

export type IncidentKind = IncidentView['kind']

export interface IncidentWords {
  readonly word: string
  readonly tone: Tone
  readonly icon: Condition | 'down'
}

const ofKind: Readonly<Record<IncidentKind, IncidentWords>> = {
  down: { word: 'down', tone: 'warn', icon: 'down' },
  'fail-open': { word: 'fail-open', tone: 'bad', icon: 'fail-open' },
  'fail-closed': { word: 'fail-closed', tone: 'bad', icon: 'fail-closed' },
  blind: { word: 'blind', tone: 'bad', icon: 'blind' },
  'provider-failed': { word: 'provider failing', tone: 'bad', icon: 'provider-failing' },
  disagreed: { word: 'name servers disagreed', tone: 'warn', icon: 'degraded' },
}

export const incidentWords = (kind: IncidentKind): IncidentWords => ofKind[kind]

export const incidentKinds = Object.keys(ofKind) as readonly IncidentKind[]

/** What people and the program did that is worth a line among the incidents. */
const ofAction = {
  drained: 'drain',
  undrained: 'undrain',
  'drain-safe': 'drain safe',
  forced: 'force',
  unforced: 'end of a force',
  paused: 'pause',
  resumed: 'resume',
  repointed: 'repoint',
  promoted: 'promotion',
  'promotion-failed': 'failed promotion',
  operator: 'order',
} as const satisfies Readonly<Partial<Record<StoredEvent['kind'], string>>>

export type ActionKind = keyof typeof ofAction

export const actionKinds = Object.keys(ofAction) as readonly ActionKind[]

export const isActionKind = (kind: string): kind is ActionKind => Object.hasOwn(ofAction, kind)

export const isIncidentKind = (kind: string): kind is IncidentKind => Object.hasOwn(ofKind, kind)

export const actionWord = (kind: string): string => (isActionKind(kind) ? ofAction[kind] : kind)

/** Whom it is about: `ams (198.51.100.20)`, a region, or the site. */
export const subjectText = ({ region, address }: Pick<IncidentView, 'region' | 'address'>): string => (address === null ? (region ?? '') : region === null ? address : `${region} (${address})`)
