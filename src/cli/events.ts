import { join } from 'node:path'
import type { ApiClient } from '../api/client.ts'
import type { Config } from '../config/config.ts'
import { systemClock } from '../engine/clock.ts'
import { openHistory } from '../history/open-history.ts'
import { unknownKind } from './event-kinds.ts'
import { placesOf, unknownPlace } from './known-place.ts'
import { type Answer, answerOfApi, refusal, type Refused } from './link/answer.ts'
import { type OperatorVerbOptions, type Reached, runOperatorVerb } from './operator-verb.ts'
import { errorLines, type Ending } from './print-ending.ts'
import type { ReconcileIo } from './reconcile.ts'
import { type EventReport, type EventsReport, eventsText, eventText } from './render/events-text.ts'
import { printable, type Style, styleOf } from './render/style.ts'
import type { Since } from './since-option.ts'

export interface EventsOptions extends OperatorVerbOptions {
  readonly site: string | undefined
  readonly region: string | undefined
  readonly kinds: readonly string[]
  readonly since: Since | undefined
  readonly limit: number
  /** Go on with what happens. */
  readonly isFollowed: boolean
}

type Page = { readonly events: readonly EventReport[]; readonly trouble: string | null }

const filterOf = ({ site, region, kinds }: EventsOptions) => ({ site, region, ...(kinds.length === 0 ? {} : { kinds }) })

const fromService = async (client: ApiClient, options: EventsOptions, signal: AbortSignal): Promise<Answer<Page>> =>
  answerOfApi(await client.events({ ...filterOf(options), since: options.since?.text, limit: options.limit }, signal))

/** A history that was never kept is no error, but nothing either. */
const fromFile = async ({ stateDir }: Config, options: EventsOptions): Promise<Answer<Page>> => {
  const history = openHistory(join(stateDir, 'history.sqlite'), systemClock.wallNow)
  try {
    const since = options.since === undefined ? undefined : new Date(options.since.at(systemClock.wallNow())).toISOString()
    return { kind: 'done', value: await history.events({ ...filterOf(options), since, limit: options.limit }) }
  } finally {
    history.close()
  }
}

const pageOf = (link: Reached, options: EventsOptions, signal: AbortSignal): Promise<Answer<Page>> =>
  link.kind === 'service' ? fromService(link.client, options, signal) : fromFile(link.loaded.config, options)

/** Nothing was found. What is no longer watched may well have a history, so only then it is asked whether there is such a thing. */
const nothingMeant = async (link: Reached, { site, region, kinds }: EventsOptions, signal: AbortSignal): Promise<Refused | undefined> => {
  const places = site === undefined && region === undefined ? [] : ((await placesOf(link, signal)) ?? [])
  const text = (places.length === 0 ? undefined : unknownPlace({ sites: site === undefined ? [] : [site], region }, places)) ?? unknownKind(kinds)
  return text === undefined ? undefined : refusal('usage', text)
}

interface Following {
  readonly client: ApiClient
  readonly options: EventsOptions
  readonly io: ReconcileIo
  print(event: EventReport): void
}

/** Prints events as they come, over lost connections, until the signal aborts. */
const follow = async ({ client, options, io, print }: Following, after: number | undefined, signal: AbortSignal): Promise<Ending<EventsReport>> => {
  const data: EventsReport = { via: 'service', events: [], trouble: null }
  let isLost = false
  for await (const each of client.follow({ ...filterOf(options), after }, signal)) {
    switch (each.kind) {
      case 'event':
        print(each.event)
        break
      case 'connected':
        if (isLost) io.stderr('connected again; nothing was missed\n')
        isLost = false
        break
      case 'lost':
        if (!isLost) io.stderr(`warning: ${printable(each.detail)}; trying again\n`)
        isLost = true
        break
      case 'problem': {
        const refused = answerOfApi(each)
        return refused.kind === 'refused' ? { exitCode: refused.exitCode, data, error: refused.error } : { exitCode: 1, data }
      }
    }
  }
  return { exitCode: 0, data }
}

const lineOf = (event: EventReport, isJson: boolean, style: Style): string => (isJson ? `${JSON.stringify(event)}\n` : eventText(event, style))

/** What has happened, the newest last; with `isFollowed` also what happens, as JSON one object a line. */
export const events = (options: EventsOptions, io: ReconcileIo, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> => {
  const nothing: EventsReport = { via: null, events: [], trouble: null }
  const style = styleOf(io.color)
  // What is followed is printed as it comes.
  let isPrinted = false
  const act = async (link: Reached, redact: (text: string) => string): Promise<Ending<EventsReport>> => {
    const via = link.kind === 'service' ? 'service' : 'state'
    if (options.isFollowed && link.kind !== 'service') return { exitCode: 1, data: { ...nothing, via }, error: refusal('no-service', 'there is nothing to follow: no service runs on this state directory', 'start "dns-failover serve", or leave --follow out to read what was written down').error }
    const answer = await pageOf(link, options, signal)
    if (answer.kind === 'refused') return { exitCode: answer.exitCode, data: { ...nothing, via }, error: answer.error }
    const { trouble } = answer.value
    const page = answer.value.events.toReversed()
    const mistyped = page.length === 0 && trouble === null ? await nothingMeant(link, options, signal) : undefined
    if (mistyped !== undefined) return { exitCode: mistyped.exitCode, data: { ...nothing, via }, error: mistyped.error }
    const error = trouble === null ? undefined : refusal('history', trouble).error
    if (page.length === 0 && error === undefined && !options.isJson && !options.isFollowed) io.stderr('No events.\n')
    if (!options.isFollowed || link.kind !== 'service') return { exitCode: error === undefined ? 0 : 1, data: { via, events: page, trouble }, error }
    isPrinted = true
    const print = (event: EventReport): void => io.stdout(redact(lineOf(event, options.isJson, style)))
    for (const event of page) print(event)
    if (error !== undefined) io.stderr(errorLines(error))
    return follow({ client: link.client, options, io, print }, page.at(-1)?.id, io.unread === undefined ? signal : AbortSignal.any([signal, io.unread]))
  }
  const quiet: ReconcileIo = { ...io, stdout: (text) => void (isPrinted || io.stdout(text)) }
  return runOperatorVerb<EventsReport>(options, quiet, env, signal, { nothing, act, render: eventsText })
}
