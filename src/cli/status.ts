import { compose } from '../compose.ts'
import { didYouMean } from '../config/suggest.ts'
import { systemClock } from '../engine/clock.ts'
import { recordedSite } from '../engine/recorded-site.ts'
import type { SiteView } from '../engine/views.ts'
import { type Answer, answerOfApi, refusal } from './link/answer.ts'
import { type OperatorVerbOptions, type Reached, runOperatorVerb } from './operator-verb.ts'
import type { Ending } from './print-ending.ts'
import type { ReconcileIo } from './reconcile.ts'
import { errorReport } from './render/error-report.ts'
import { statusText } from './render/status-text.ts'
import { styleOf } from './render/style.ts'
import { warnings } from './verb.ts'
import { watchScreen } from './watch-screen.ts'

export interface StatusOptions extends OperatorVerbOptions {
  /** Names of sites; none: all. */
  readonly sites: readonly string[]
  readonly isWatched: boolean
}

/** What `status --json` prints, besides what every verb does. */
export interface StatusReport {
  /** Who told it: a service, or the state directory and the records as they are now. Null: nobody could be asked. */
  readonly via: 'service' | 'state' | null
  readonly sites: readonly SiteView[]
}

/** Asks for all sites, again and again if need be. */
interface Source {
  readonly via: 'service' | 'state'
  /** Between two looks. Milliseconds. */
  readonly everyMs: number
  look(signal: AbortSignal): Promise<Answer<readonly SiteView[]>>
  close(): Promise<void>
}

const lookMs = 10_000

const sourceOf = async (link: Reached, sites: readonly string[], io: ReconcileIo): Promise<Source> => {
  if (link.kind === 'service') {
    const { client } = link
    return { via: 'service', everyMs: 1_000, look: async (signal) => answerOfApi(await client.sites(signal)), close: async () => undefined }
  }
  const { loaded } = link
  const composition = await compose(loaded.config, { isDryRun: true, log: warnings(io, loaded.redact), report: () => undefined })
  const chosen = loaded.config.sites.filter(({ name }) => sites.length === 0 || sites.includes(name))
  return {
    via: 'state',
    // The provider is asked each time.
    everyMs: 10_000,
    look: async (signal) => ({ kind: 'done', value: await Promise.all(chosen.map((site) => recordedSite(site, composition.portsOf(site), signal))) }),
    close: () => composition.close(),
  }
}

const chosenOf = (asked: readonly string[], views: readonly SiteView[], known: readonly string[]): Answer<readonly SiteView[]> => {
  const unknown = asked.find((name) => !known.includes(name))
  if (unknown !== undefined) return refusal('usage', `there is no site ${JSON.stringify(unknown)}${didYouMean(unknown, known, 'there are')}`)
  return { kind: 'done', value: views.filter(({ site }) => asked.length === 0 || asked.includes(site)) }
}

const knownOf = (link: Reached, views: readonly SiteView[]): readonly string[] => (link.kind === 'none' ? link.loaded.config.sites.map(({ name }) => name) : views.map(({ site }) => site))

const lookOnce = async (source: Source, link: Reached, asked: readonly string[], signal: AbortSignal): Promise<Answer<readonly SiteView[]>> => {
  const answer = await source.look(AbortSignal.any([signal, AbortSignal.timeout(lookMs)]))
  return answer.kind === 'done' ? chosenOf(asked, answer.value, knownOf(link, answer.value)) : answer
}

/** Draws until the signal aborts, over lost connections. */
const watch = async (source: Source, link: Reached, { sites: asked }: StatusOptions, io: ReconcileIo, redact: (text: string) => string, signal: AbortSignal): Promise<void> => {
  let shown: readonly SiteView[] = []
  await watchScreen({ io, everyMs: source.everyMs, clock: systemClock }, signal, async () => {
    let trouble: string | undefined
    try {
      const answer = await lookOnce(source, link, asked, signal)
      if (answer.kind === 'done') shown = answer.value
      else trouble = answer.error.message
    } catch (error) {
      trouble = errorReport(error, redact).message
    }
    const columns = io.columns?.() ?? 80
    return redact(statusText(shown, { nowMs: systemClock.wallNow(), via: source.via, columns, trouble }, styleOf(io.color)))
  })
}

/** How each site does: regions, what is published and what should be, drains, trouble, and the last change. */
export const status = (options: StatusOptions, io: ReconcileIo, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> => {
  const nothing: StatusReport = { via: null, sites: [] }
  return runOperatorVerb<StatusReport>(options, io, env, signal, {
    nothing,
    act: async (link, redact): Promise<Ending<StatusReport>> => {
      const source = await sourceOf(link, options.sites, io)
      try {
        if (options.isWatched) {
          await watch(source, link, options, io, redact, signal)
          return { exitCode: 0, data: { via: source.via, sites: [] } }
        }
        const answer = await lookOnce(source, link, options.sites, signal)
        if (answer.kind === 'refused') return { exitCode: answer.exitCode, data: { ...nothing, via: source.via }, error: answer.error }
        return { exitCode: 0, data: { via: source.via, sites: answer.value } }
      } finally {
        await source.close()
      }
    },
    render: ({ via, sites }, style) =>
      options.isWatched || via === null || sites.length === 0 ? '' : statusText(sites, { nowMs: systemClock.wallNow(), via, columns: io.isScreen === true ? (io.columns?.() ?? 80) : undefined, trouble: undefined }, style),
  })
}
