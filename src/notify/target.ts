import type { AlertKind } from '../core/alert.ts'
import { type Alert, troubleKind } from './alert.ts'

/** Where alerts go, with its secrets in the open: it must not be logged. */
export interface NotifyTarget {
  readonly name: string
  readonly type: 'json' | 'slack' | 'discord' | 'teams' | 'ntfy' | 'pagerduty'
  readonly url: string
  /** json: the key of the signature. ntfy: a bearer. pagerduty: the routing key. */
  readonly secret: string | undefined
  /** Empty: all. */
  readonly sites: readonly string[]
  readonly kinds: readonly AlertKind[]
  readonly groupMs: number
  readonly perHour: number
}

/** What may be said of a target's URL: its host, and nothing that could be a key. */
export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : 'an address that is no URL')

/** An incident that is opened must be closed, whether or not the list of kinds names the end. */
export const wants = (target: Pick<NotifyTarget, 'type' | 'sites' | 'kinds'>, alert: Alert): boolean => {
  const isSite = target.sites.length === 0 || target.sites.includes(alert.site)
  const isKind = target.kinds.includes(alert.kind) || (target.type === 'pagerduty' && target.kinds.includes(troubleKind(alert)))
  return isSite && isKind
}
