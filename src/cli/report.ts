import { join } from 'node:path'
import { systemClock } from '../engine/clock.ts'
import type { ReportView } from '../engine/history-port.ts'
import { openHistory } from '../history/open-history.ts'
import { chooseSites } from './choose-sites.ts'
import { placesOf, unknownPlace } from './known-place.ts'
import { type Answer, answerOfApi, refusal } from './link/answer.ts'
import { type OperatorVerbOptions, type Reached, runOperatorVerb } from './operator-verb.ts'
import type { Ending } from './print-ending.ts'
import type { ReconcileIo } from './reconcile.ts'
import { type AvailabilityReport, reportText } from './render/report-text.ts'
import type { Since } from './since-option.ts'

export interface ReportOptions extends OperatorVerbOptions {
  /** Names of sites; none: all. */
  readonly sites: readonly string[]
  readonly since: Since
}

const reportOf = async (link: Reached, { sites, since }: ReportOptions, signal: AbortSignal): Promise<Answer<ReportView>> => {
  if (link.kind === 'service') {
    const answer = answerOfApi(await link.client.report({ since: since.text, ...(sites.length === 0 ? {} : { sites }) }, signal))
    if (answer.kind === 'done' || answer.error.code !== 'unknown-site') return answer
    const text = unknownPlace({ sites }, (await placesOf(link, signal)) ?? [])
    return text === undefined ? answer : refusal('usage', text)
  }
  const { config } = link.loaded
  const chosen = chooseSites(sites, config.sites)
  if (chosen.kind === 'unknown') return refusal('usage', chosen.message)
  const history = openHistory(join(config.stateDir, 'history.sqlite'), systemClock.wallNow)
  try {
    const untilMs = systemClock.wallNow()
    return { kind: 'done', value: await history.report({ sites: chosen.sites.map(({ name }) => name), sinceMs: since.at(untilMs), untilMs }) }
  } finally {
    history.close()
  }
}

/** Availability and incidents. */
export const report = (options: ReportOptions, io: ReconcileIo, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> => {
  const nothing: AvailabilityReport = { via: null, since: null, until: null, sites: [], trouble: null }
  const columns = io.isScreen === true ? io.columns?.() : undefined
  return runOperatorVerb<AvailabilityReport>(options, io, env, signal, {
    nothing,
    act: async (link): Promise<Ending<AvailabilityReport>> => {
      const via = link.kind === 'service' ? 'service' : 'state'
      const answer = await reportOf(link, options, signal)
      if (answer.kind === 'refused') return { exitCode: answer.exitCode, data: { ...nothing, via }, error: answer.error }
      const { trouble } = answer.value
      return { exitCode: trouble === null ? 0 : 1, data: { via, ...answer.value }, error: trouble === null ? undefined : refusal('history', trouble).error }
    },
    render: (data, style) => reportText(data, columns, style),
  })
}
