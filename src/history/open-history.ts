import { existsSync } from 'node:fs'
import type { ChartReader, DayView, HistoryReader, ReportView, SeriesPoint, StoredEvent, StoryView } from '../engine/history-port.ts'
import { answer } from './answer.ts'
import type { Question } from './messages.ts'
import { missingReport } from './missing-report.ts'
import { openToRead } from './open-file.ts'
import type { FoundIncidents } from './query-incidents.ts'
import { limitOf } from './query-limit.ts'
import { createIncidentIndex } from './site-incidents.ts'
import type { Sql } from './sql.ts'
import { troubleOf } from './sql-trouble.ts'

/** What a file has, without the service that writes it. */
export interface HistoryFile extends Omit<HistoryReader, 'follow'>, ChartReader {
  close(): void
}

/**
 * Reads the file without writing to it, whether a service writes meanwhile or none runs. In this thread: a command has
 * nothing else to do.
 */
export const openHistory = (file: string, wallNow: () => number): HistoryFile => {
  const index = createIncidentIndex()
  let sql: Sql | undefined

  const ask = <T>(question: Question, missing: T): { readonly value: T; readonly trouble: string | null } => {
    if (!existsSync(file)) return { value: missing, trouble: `there is no history yet: no file ${file}. A service keeps it` }
    try {
      sql ??= openToRead(file)
      return { value: answer(sql, question, index) as T, trouble: null }
    } catch (error) {
      return { value: missing, trouble: `the history cannot be read: ${file}: ${troubleOf(error).text}` }
    }
  }

  return {
    events: async (query) => {
      const { value: events, trouble } = ask<readonly StoredEvent[]>({ kind: 'events', query: { ...query, limit: limitOf(query) } }, [])
      return { events, trouble }
    },
    report: async ({ sites, sinceMs, untilMs }) => {
      const { value, trouble } = ask<ReportView>({ kind: 'report', sites, sinceMs, untilMs, nowMs: wallNow() }, missingReport(sites, sinceMs, untilMs))
      return { ...value, trouble: trouble ?? value.trouble }
    },
    series: async (query) => {
      const { value: points, trouble } = ask<readonly SeriesPoint[]>({ kind: 'series', ...query }, [])
      return { points, trouble }
    },
    days: async (query) => {
      const { value: days, trouble } = ask<readonly DayView[]>({ kind: 'days', nowMs: wallNow(), ...query }, [])
      return { days, trouble }
    },
    incidents: async (query) => {
      const { value, trouble } = ask<FoundIncidents>({ kind: 'incidents', query, nowMs: wallNow() }, { incidents: [], trouble: null })
      return { incidents: value.incidents, trouble: trouble ?? value.trouble }
    },
    story: async (id) => {
      const { value: story, trouble } = ask<StoryView | undefined>({ kind: 'story', id, nowMs: wallNow() }, undefined)
      return { story, trouble }
    },
    close: () => {
      sql?.close()
      sql = undefined
    },
  }
}
