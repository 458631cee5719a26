import type { AnswersView, OverviewView, ResultsView, SiteSummaryView, SiteView } from '../../engine/views.ts'
import type { Answer } from './problem.ts'
import { queryText } from './query-text.ts'
import { request } from './request.ts'
import type { DaysView, EventPageView, IncidentStoryView, IncidentsView, ReportView, SeriesView } from './views.ts'

const api = 'api/v1'

export const sitePath = (site: string): string => `${api}/sites/${encodeURIComponent(site)}`

export const readOverview = (): Promise<Answer<OverviewView>> => request(`${api}/overview`)

export const readSummary = (site: string): Promise<Answer<SiteSummaryView>> => request(`${sitePath(site)}/summary`)

export const readSite = (site: string, signal?: AbortSignal): Promise<Answer<SiteView>> => request(sitePath(site), undefined, signal)

export const readResults = (site: string, signal?: AbortSignal): Promise<Answer<ResultsView>> => request(`${sitePath(site)}/results`, undefined, signal)

export const readAnswers = (site: string, signal?: AbortSignal): Promise<Answer<AnswersView>> => request(`${sitePath(site)}/answers`, undefined, signal)

export const readSeries = (site: string, query: { readonly address: string; readonly since: string; readonly step: string }, signal?: AbortSignal): Promise<Answer<SeriesView>> =>
  request(`${sitePath(site)}/series${queryText(query)}`, undefined, signal)

export const readDays = (site: string, since: string, signal?: AbortSignal): Promise<Answer<DaysView>> => request(`${sitePath(site)}/days${queryText({ since })}`, undefined, signal)

export const readReport = (site: string, since: string, signal?: AbortSignal): Promise<Answer<ReportView>> => request(`${api}/report${queryText({ site, since })}`, undefined, signal)

export interface HistoryQuery {
  readonly site?: string | undefined
  readonly region?: string | undefined
  readonly kind?: string | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
  readonly before?: number | undefined
  readonly limit?: number | undefined
}

export const readIncidents = (query: HistoryQuery, signal?: AbortSignal): Promise<Answer<IncidentsView>> => request(`${api}/incidents${queryText({ ...query })}`, undefined, signal)

export const readEvents = (query: HistoryQuery, signal?: AbortSignal): Promise<Answer<EventPageView>> => request(`${api}/events${queryText({ ...query })}`, undefined, signal)

export const readStory = (id: number, signal?: AbortSignal): Promise<Answer<IncidentStoryView>> => request(`${api}/incidents/${id}`, undefined, signal)
