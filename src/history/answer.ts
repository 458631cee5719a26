import type { Question } from './messages.ts'
import { queryDays } from './query-days.ts'
import { queryEvents } from './query-events.ts'
import { queryIncidents } from './query-incidents.ts'
import { queryReport } from './query-report.ts'
import { querySeries } from './query-series.ts'
import { queryStory } from './query-story.ts'
import type { IncidentIndex } from './site-incidents.ts'
import type { Sql } from './sql.ts'

/** What the file has to say; `index` is of this file. Throws what SQLite says. */
export const answer = (sql: Sql, question: Question, index: IncidentIndex): unknown => {
  switch (question.kind) {
    case 'events':
      return queryEvents(sql, question.query)
    case 'report':
      return queryReport(sql, question.sites, question.sinceMs, question.untilMs, question.nowMs)
    case 'series':
      return querySeries(sql, question)
    case 'days':
      return queryDays(sql, question, question.nowMs)
    case 'incidents':
      return queryIncidents(sql, question.query, question.nowMs, index)
    case 'story':
      return queryStory(sql, question.id, question.nowMs)
  }
}
