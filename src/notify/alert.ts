import type { AlertKind } from '../core/alert.ts'

/** critical: a visitor may notice, or is about to. warning: the next fault will be noticed. info: good to know. */
export type Severity = 'critical' | 'warning' | 'info'
export const severities: readonly Severity[] = ['critical', 'warning', 'info']

/** What people are told: that something is wrong, or that it no longer is. */
export interface Alert {
  readonly kind: AlertKind
  readonly site: string
  readonly region: string | undefined
  readonly address: string | undefined
  /** Of an end: info. */
  readonly severity: Severity
  /** What was wrong under this key is over. */
  readonly isResolved: boolean
  /** It was said before, and is now graver or has other numbers. */
  readonly isAgain: boolean
  /** The same for a trouble and its end, in this run and the next. */
  readonly key: string
  /** One line. */
  readonly title: string
  /** Why, with the numbers; may be empty. */
  readonly text: string
  /** Milliseconds since the epoch. */
  readonly at: number
  /** For programs. */
  readonly facts: Readonly<Record<string, string>>
}

/** The kind of the trouble that an alert tells or ends: only a region's end has a kind of its own. */
export const troubleKind = ({ kind }: Alert): AlertKind => (kind === 'region-up' ? 'region-down' : kind)
