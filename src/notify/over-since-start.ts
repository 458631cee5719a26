import { keyText } from '../core/rrset.ts'
import type { EngineEvent } from '../engine/events.ts'

/** What has shown of one site since the start. */
export interface Shown {
  /** When the site's records were first read and decided on without trouble. Milliseconds since the epoch. */
  readonly readyAt: number | undefined
  /** Keys of troubles of which it has shown that there are none. */
  readonly over: ReadonlySet<string>
  /** Keys of modes in which it may be still, for all that was decided last. */
  readonly undecided: ReadonlySet<string>
}

export const nothingShown: Shown = { readyAt: undefined, over: new Set(), undecided: new Set() }

/** So long a site that is ready has for saying what else is wrong with it. */
const settleMs = 120_000

/** Far enough from the first mark, at 30 days. */
const renewedDays = 30

const modes = ['blind', 'fail-open', 'fail-closed']

const shownBy = (event: EngineEvent): readonly string[] => {
  const { site } = event
  switch (event.kind) {
    case 'health':
      return event.to === 'up' ? [`region-down/${site}/${event.address}`] : []
    case 'checked': {
      const { kind, certificateDays } = event.result
      return kind === 'ok' && (certificateDays === undefined || certificateDays >= renewedDays) ? [`certificate-expiring/${site}/${event.address}`] : []
    }
    case 'verified':
      return event.verification.outcome === 'agreed' ? [`name-servers-disagree/${site}/${keyText(event.verification.key)}`] : []
    case 'mode':
      return event.to === 'undecided' ? [] : modes.filter((mode) => mode !== event.to).map((mode) => `${mode}/${site}/${event.family}`)
    default:
      return []
  }
}

const undecidedAfter = ({ undecided }: Shown, event: EngineEvent): ReadonlySet<string> => {
  if (event.kind !== 'mode') return undecided
  const keys = modes.map((mode) => `${mode}/${event.site}/${event.family}`)
  return new Set(event.to === 'undecided' ? [...undecided, ...keys] : [...undecided].filter((key) => !keys.includes(key)))
}

/** The very same if the event shows nothing. */
export const withShown = (shown: Shown, event: EngineEvent, at: number): Shown => {
  const isReady = event.kind === 'cycled' && ['steady', 'planned', 'applied'].includes(event.outcome)
  const news = shownBy(event).filter((key) => !shown.over.has(key))
  const undecided = undecidedAfter(shown, event)
  if (news.length === 0 && undecided === shown.undecided && (!isReady || shown.readyAt !== undefined)) return shown
  return { readyAt: shown.readyAt ?? (isReady ? at : undefined), over: new Set([...shown.over, ...news]), undecided }
}

export const isSettled = ({ readyAt }: Shown, at: number, withinMs = settleMs): boolean => readyAt !== undefined && at - readyAt >= withinMs

/** These must show to be over; of all else it is enough that a site which is settled does not say it. */
const mustShow = ['region-down/', 'certificate-expiring/', 'name-servers-disagree/']

/** What is wrong with content, at which is looked more seldom than at servers. */
const ofContent = ['stale/', 'replication/', 'content/']

/** Whether a trouble of before the start, which nobody has told of since, is over. `contentMs`: within which trouble with the site's content comes out. */
export const isOver = (key: string, shown: Shown, at: number, contentMs: number): boolean => {
  const is = (prefix: string): boolean => key.startsWith(prefix)
  if (shown.over.has(key)) return true
  // A site that is normal from its first decision on says nothing of its mode.
  return !mustShow.some(is) && !shown.undecided.has(key) && isSettled(shown, at, ofContent.some(is) ? Math.max(settleMs, contentMs) : settleMs)
}
