import { randomUUID } from 'node:crypto'
import type { DayView, SeriesPoint, StoredEvent, StoryView } from '../engine/history-port.ts'
import { createBacklog } from './backlog.ts'
import { factsOf } from './event-facts.ts'
import { createEventLedger } from './event-ledger.ts'
import { createFollowers } from './followers.ts'
import type { History, HistoryOptions } from './history.ts'
import type { HistoryRow, Question } from './messages.ts'
import type { FoundIncidents } from './query-incidents.ts'
import { limitOf } from './query-limit.ts'
import { missingReport } from './missing-report.ts'
import { createRecentEvents } from './recent-events.ts'
import { createWatcher } from './watcher.ts'
import { createWordQuota } from './word-quota.ts'
import { createWorkerLink } from './worker-link.ts'

const turnMs = 500
/** Rows of one batch: some milliseconds, here to hand over and there to write. */
const batchRows = 500
/** Sums still grow: each is left to for so long, and at a kill lost only since then; where there are thousands, each waits for its turn besides. */
const sumsGrowMs = 10_000
/** Sums of one turn: written all together, thousands would keep the one core from checking. */
const turnSums = 150
/** Two minutes of 10,000 addresses. */
const mostWaiting = 40_000
const mostRecent = 1_000
/** So long events wait for the file's greatest id. */
const openMs = 2_000
const closeMs = 1_000

const minuteOf = (ms: number): number => Math.floor(ms / 60_000) * 60_000
const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`

/** Keeps what happens in a file that a thread of its own writes. Whatever becomes of the file, this goes on in memory. */
export const createHistory = (options: HistoryOptions): History => {
  const { file, now, wallNow, toWall, log, lineOf, redact = (text) => text } = options
  const startedAt = now()
  const backlog = createBacklog(mostWaiting, now)
  const recent = createRecentEvents(mostRecent)
  let sumsAt = startedAt
  /** Whoever asks, or ends, wants all that there is now. */
  let allBegunBy = Number.NEGATIVE_INFINITY
  let dropped = 0
  let isClosed = false

  const take = (): readonly HistoryRow[] => {
    const at = now()
    if (isClosed) return backlog.take(batchRows, { most: batchRows, begunBy: at })
    if (allBegunBy > Number.NEGATIVE_INFINITY) {
      const rows = backlog.take(batchRows, { most: batchRows, begunBy: allBegunBy })
      if (rows.length < batchRows) allBegunBy = Number.NEGATIVE_INFINITY
      return rows
    }
    if (at < sumsAt) return backlog.take(batchRows)
    sumsAt = at + turnMs
    return backlog.take(batchRows, { most: backlog.size() > mostWaiting / 2 ? batchRows : turnSums, begunBy: at - sumsGrowMs })
  }

  const link = createWorkerLink({
    file,
    workerUrl: options.workerUrl ?? new URL('./worker.js', import.meta.url),
    run: randomUUID(),
    get retention() {
      return options.retention
    },
    now,
    wallNow,
    take,
    onFile: (maxId) => ledger.begin(maxId),
    onTrouble: (text) => log('error', `the history cannot be kept: ${text}. Failover goes on without it, and it is tried again every 30 s`),
    onRecovered: (lastedMs) => {
      const lost = dropped === 0 ? 'nothing of it was lost' : `${dropped} rows were lost, for more than ${mostWaiting} waited`
      dropped = 0
      log('info', `the history is kept again, after ${seconds(lastedMs)}; ${lost}`)
    },
    onSetAside: (text) => log('error', text),
  })

  const ask = async <T>(question: Question, missing: T): Promise<{ readonly value: T; readonly trouble: string | null }> => {
    if (question.kind !== 'events') allBegunBy = now()
    const answer = await link.ask(question)
    return answer.kind === 'value' ? { value: answer.value as T, trouble: null } : { value: missing, trouble: `the history cannot be read: ${answer.text}` }
  }

  const events: History['events'] = async (query) => {
    const bounded = { ...query, limit: limitOf(query) }
    const { value, trouble } = await ask<readonly StoredEvent[]>({ kind: 'events', query: bounded }, [])
    if (trouble !== null) return { events: recent.matching(bounded), trouble }
    // What is not written yet comes from memory; of the rest the file knows all.
    const known = new Set(value.map(({ id }) => id))
    const all = [...value, ...recent.matching(bounded).filter(({ id }) => !known.has(id))]
    const inOrder = all.toSorted((a, b) => (query.after === undefined ? b.id - a.id : a.id - b.id))
    return { events: inOrder.slice(0, bounded.limit), trouble: link.trouble() === undefined ? null : `the latest may be missing: ${link.trouble()}` }
  }

  const followers = createFollowers(async (query) => (await events(query)).events, (text) => log('warn', text))

  const ledger = createEventLedger(wallNow, redact, (event, row) => {
    recent.add(event)
    backlog.event(row)
    if (backlog.events() >= batchRows) link.pump()
    followers.tell(event)
  })

  const watch = createWatcher(now, (site, { region, address }, sums, ms) => backlog.watched({ site, region, address, at: minuteOf(wallNow() - ms) }, sums))

  const quota = createWordQuota()
  const tellSums = (at: number): void => {
    for (const { source, site, region, more, level, text } of quota.ended(at)) {
      ledger.add({ site, region, address: null, kind: 'webhook', level, text, data: { source, data: { more } } })
    }
  }

  const turn = (): void => {
    tellSums(now())
    if (!ledger.isBegun() && now() - startedAt >= openMs) ledger.begin(undefined)
    const more = backlog.takeDropped()
    if (more > 0 && dropped === 0) log('warn', `of the history that cannot be written the oldest is dropped, for ${mostWaiting} rows wait`)
    dropped += more
    link.turn()
  }

  link.turn()
  const timer = setInterval(turn, turnMs)
  timer.unref()

  return {
    engine: (event) => {
      if (isClosed || event.kind === 'cycled') return
      if (event.kind === 'checked') {
        return backlog.check({ site: event.site, region: event.region ?? '', address: event.address, at: minuteOf(wallNow()) }, event.result)
      }
      const { level, text } = lineOf(event)
      if (level === 'debug') return
      if ((event.kind === 'heard' || event.kind === 'word-expired') && !quota.take({ source: event.source, site: event.site, region: event.region }, { level, text }, now())) return
      const { region, address, data, short } = factsOf(event, toWall)
      ledger.add({ site: event.site, region: region ?? null, address: address ?? null, kind: event.kind, level, text, data, shorter: short })
    },
    operator: ({ site, region, actor, text, data }) => {
      if (!isClosed) ledger.add({ site, region: region ?? null, address: null, kind: 'operator', level: 'info', text, data: { actor, data } })
    },
    webhook: ({ source, site, region, level, text, data }) => {
      if (isClosed || !quota.take({ source, site: site ?? null, region: region ?? null }, { level, text }, now())) return
      ledger.add({ site: site ?? null, region: region ?? null, address: null, kind: 'webhook', level, text, data: { source, data } })
    },
    service: ({ level, text, data }) => {
      if (!isClosed) ledger.add({ site: null, region: null, address: null, kind: 'service', level, text, data: data ?? null })
    },
    sample: (sites) => {
      if (!isClosed) watch(sites)
    },
    events,
    follow: followers.follow,
    report: async ({ sites, sinceMs, untilMs }) => {
      const { value, trouble } = await ask({ kind: 'report', sites, sinceMs, untilMs, nowMs: wallNow() }, missingReport(sites, sinceMs, untilMs))
      return { ...value, trouble: trouble ?? value.trouble }
    },
    series: async (query) => {
      const { value: points, trouble } = await ask<readonly SeriesPoint[]>({ kind: 'series', ...query }, [])
      return { points, trouble }
    },
    days: async (query) => {
      const { value: days, trouble } = await ask<readonly DayView[]>({ kind: 'days', nowMs: wallNow(), ...query }, [])
      return { days, trouble }
    },
    incidents: async (query) => {
      const { value, trouble } = await ask<FoundIncidents>({ kind: 'incidents', query, nowMs: wallNow() }, { incidents: [], trouble: null })
      return { incidents: value.incidents, trouble: trouble ?? value.trouble }
    },
    story: async (id) => {
      const { value: story, trouble } = await ask<StoryView | undefined>({ kind: 'story', id, nowMs: wallNow() }, undefined)
      return { story, trouble }
    },
    close: async () => {
      if (isClosed) return
      isClosed = true
      clearInterval(timer)
      tellSums(Number.POSITIVE_INFINITY)
      if (!ledger.isBegun()) ledger.begin(undefined)
      const bound = new AbortController()
      const end = setTimeout(() => bound.abort(), closeMs)
      await link.close(bound.signal)
      clearTimeout(end)
    },
  }
}
