import type { ApiClient } from '../api/client.ts'
import { durationText } from '../config/duration.ts'
import type { LoadedGood } from '../config/load-config.ts'
import { didYouMean } from '../config/suggest.ts'
import type { Orders } from '../core/orders.ts'
import { systemClock } from '../engine/clock.ts'
import { createOrderStore, type NewPause } from '../store/order-store.ts'
import type { SiteView } from '../engine/views.ts'
import { chooseSites } from './choose-sites.ts'
import type { Io } from './io.ts'
import { answerOfApi, refusal } from './link/answer.ts'
import { type OperatorVerbOptions, type Reached, runOperatorVerb } from './operator-verb.ts'
import type { Ending } from './print-ending.ts'
import { momentText } from './render/moment.ts'
import { printable } from './render/style.ts'
import { warnings } from './verb.ts'
import { whoami } from './whoami.ts'

export interface PauseOptions extends OperatorVerbOptions {
  /** Names of sites; none: all. */
  readonly sites: readonly string[]
}

/** What `pause --json` and `resume --json` print, besides what every verb does. */
export interface PauseReport {
  readonly sites: readonly PausedSite[]
}

export interface PausedSite {
  readonly site: string
  /** As it stands now; null: not paused. `until`: ISO 8601, null: until it is resumed. */
  readonly pause: { readonly until: string | null; readonly reason: string; readonly by: string } | null
  readonly wasPaused: boolean
}

const pausedSite = (site: string, orders: Orders, wasPaused: boolean): PausedSite => {
  const { pause } = orders
  const until = pause?.until === undefined ? null : new Date(pause.until).toISOString()
  return { site, wasPaused, pause: pause === undefined ? null : { until, reason: pause.reason, by: pause.by } }
}

const viewOf = ({ site, pause }: SiteView, wasPaused: boolean): PausedSite => ({ site, wasPaused, pause })

type Ended = Ending<PauseReport>

const nothing: PauseReport = { sites: [] }

const wrong = (message: string): Ended => ({ exitCode: 64, data: nothing, error: refusal('usage', message).error })

/** Gives each site the order, or takes it back, and tells how it stands then. */
const orderHere = async (loaded: LoadedGood, asked: readonly string[], io: Io, order: NewPause | undefined): Promise<Ended> => {
  const chosen = chooseSites(asked, loaded.config.sites)
  if (chosen.kind === 'unknown') return wrong(chosen.message)
  const orders = createOrderStore({ dir: loaded.config.stateDir, wallNow: systemClock.wallNow, log: warnings(io, loaded.redact) })
  const paused: PausedSite[] = []
  for (const { name } of chosen.sites) {
    const before = await orders.load(name)
    await orders.setPause(name, order)
    paused.push(pausedSite(name, await orders.load(name), before.pause !== undefined))
  }
  return { exitCode: 0, data: { sites: paused } }
}

/** The same by the service. What was done before one site refused stays done, and is told. */
const orderThere = async (client: ApiClient, asked: readonly string[], order: NewPause | undefined, signal: AbortSignal): Promise<Ended> => {
  const before = answerOfApi(await client.sites(signal))
  if (before.kind === 'refused') return { exitCode: before.exitCode, data: nothing, error: before.error }
  const names = before.value.map(({ site }) => site)
  const unknown = asked.find((name) => !names.includes(name))
  if (unknown !== undefined) return wrong(`there is no site ${JSON.stringify(unknown)}${didYouMean(unknown, names, 'there are')}`)
  const paused: PausedSite[] = []
  for (const { site, pause: was } of before.value.filter((each) => asked.length === 0 || asked.includes(each.site))) {
    const span = order?.forMs === undefined ? {} : { for: durationText(Math.max(1, Math.round(order.forMs / 1000)) * 1000) }
    const answer = answerOfApi(order === undefined ? await client.resume(site, signal) : await client.pause(site, { ...span, reason: order.reason }, signal))
    if (answer.kind === 'refused') return { exitCode: answer.exitCode, data: { sites: paused }, error: answer.error }
    paused.push(viewOf(answer.value, was !== null))
  }
  return { exitCode: 0, data: { sites: paused } }
}

const orderEach = (link: Reached, { sites }: PauseOptions, io: Io, order: NewPause | undefined, signal: AbortSignal): Promise<Ended> =>
  link.kind === 'service' ? orderThere(link.client, sites, order, signal) : orderHere(link.loaded, sites, io, order)

/** Orders for each site that nothing be written for so long: of the service or, without one, with no lock. Returns the exit code. */
export const pause = (options: PauseOptions & { readonly forMs: number; readonly reason: string }, io: Io, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> =>
  runOperatorVerb<PauseReport>(options, io, env, signal, {
    nothing,
    act: (link) => orderEach(link, options, io, { forMs: options.forMs, reason: options.reason, by: whoami(env) }, signal),
    render: ({ sites }) =>
      sites
        .map(({ site, pause: now }) => `${site}: paused until ${now?.until === null || now === null ? 'it is resumed' : momentText(now.until)}: ${printable(now?.reason ?? '')}\n`)
        .concat(sites.length === 0 ? [] : ['Checks go on; nothing is written. A service that is running obeys from its next write on.\n'])
        .join(''),
  })

/** Takes the pause of each site back, in the same way. Returns the exit code. */
export const resume = (options: PauseOptions, io: Io, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> =>
  runOperatorVerb<PauseReport>(options, io, env, signal, {
    nothing,
    act: (link) => orderEach(link, options, io, undefined, signal),
    render: ({ sites }) => sites.map(({ site, wasPaused }) => `${site}: ${wasPaused ? 'resumed' : 'was not paused'}\n`).join(''),
  })
