import { signal } from '@preact/signals'
import type { StoredEvent } from '../../engine/history-port.ts'
import type { SiteSummaryView } from '../../engine/views.ts'
import { readOverview, readSummary } from '../api/read.ts'
import { type EventFeed, openEventFeed } from '../live/event-feed.ts'
import { replaceSites, updateSites } from '../live/merge-sites.ts'
import { createRefetchQueue, type Due } from '../live/refetch-queue.ts'
import { setServiceClock } from './now.ts'
import { refreshSession } from './session.ts'
import { isRead, sites, sitesFailure } from './sites.ts'

/** Whether what is shown is how it is now. */
export type FeedState = { readonly kind: 'connecting' } | { readonly kind: 'live' } | { readonly kind: 'lost'; readonly sinceMs: number }

export const feedState = signal<FeedState>({ kind: 'connecting' })

const listeners = new Set<(event: StoredEvent | undefined) => void>()

/** Calls back with each event, and with undefined where some may have been missed. Returns what ends it. */
export const onEvent = (listener: (event: StoredEvent | undefined) => void): (() => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

const tell = (event: StoredEvent | undefined): void => {
  for (const listener of listeners) listener(event)
}

/** Events in a row are one piece of news. */
const settleMs = 40
/** What makes no event, such as another verification with the same outcome. */
const anywayMs = 60_000

const queue = createRefetchQueue()
const pending = new Map<string, SiteSummaryView | null>()
let timer: ReturnType<typeof setTimeout> | undefined

const draw = (): void => {
  if (pending.size === 0) return
  sites.value = updateSites(sites.value, pending)
  pending.clear()
}

/** Once a frame, however many answers come in it; a hidden page has no frames, but a title. */
const drawSoon = (): void => {
  if (document.hidden) setTimeout(draw, 100)
  else requestAnimationFrame(draw)
}

const readAll = async (): Promise<void> => {
  const answer = await readOverview()
  if (answer.kind === 'ok') {
    setServiceClock(answer.value.at)
    sites.value = replaceSites(sites.value, answer.value.sites)
    isRead.value = true
    sitesFailure.value = undefined
  } else {
    sitesFailure.value = answer
    if (answer.kind === 'problem' && answer.problem.status === 401) await refreshSession()
  }
}

const readOne = async (site: string): Promise<void> => {
  const answer = await readSummary(site)
  if (answer.kind === 'ok') pending.set(site, answer.value)
  else if (answer.kind === 'problem' && answer.problem.status === 404) pending.set(site, null)
  drawSoon()
}

const work = async (due: Due): Promise<void> => {
  if (due.kind === 'all') await readAll()
  if (due.kind === 'sites') await Promise.all(due.sites.map(readOne))
  queue.done(due)
  if (due.kind !== 'nothing') readSoon()
}

const readSoon = (): void => {
  timer ??= setTimeout(() => {
    timer = undefined
    void work(queue.take())
  }, settleMs)
}

/** Reads the sites and follows what happens to them, for as long as the session allows. */
export const followSites = (): EventFeed => {
  const nudge = (): void => void (document.hidden || feed.nudge())
  const again = setInterval(() => {
    if (document.hidden) return
    queue.addAll()
    readSoon()
  }, anywayMs)
  const feed = openEventFeed({
    onOpen: () => {
      feedState.value = { kind: 'live' }
      queue.addAll()
      readSoon()
      tell(undefined)
    },
    onEvent: (event) => {
      queue.add(event.site)
      readSoon()
      tell(event)
    },
    onLost: () => {
      if (feedState.value.kind !== 'lost') feedState.value = { kind: 'lost', sinceMs: Date.now() }
      if (!isRead.value) readSoon()
    },
    onRefused: () => void refreshSession(),
  })
  queue.addAll()
  readSoon()
  window.addEventListener('online', nudge)
  document.addEventListener('visibilitychange', nudge)
  return {
    nudge: feed.nudge,
    close: () => {
      clearInterval(again)
      window.removeEventListener('online', nudge)
      document.removeEventListener('visibilitychange', nudge)
      feed.close()
    },
  }
}
