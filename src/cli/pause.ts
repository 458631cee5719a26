import { hostname, userInfo } from 'node:os'
import type { Orders } from '../core/orders.ts'
import { systemClock } from '../engine/clock.ts'
import { createOrderStore, type NewPause } from '../store/order-store.ts'
import type { Io } from './io.ts'
import { momentText } from './render/moment.ts'
import { printable } from './render/style.ts'
import { runVerb, type VerbOptions, type VerbRun, warnings } from './verb.ts'

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

/** Gives each site the order, or takes it back, and tells how it stands then. */
const orderEach = async ({ loaded, sites }: VerbRun, io: Io, order: NewPause | undefined): Promise<{ readonly exitCode: 0; readonly data: PauseReport }> => {
  const orders = createOrderStore({ dir: loaded.config.stateDir, wallNow: systemClock.wallNow, log: warnings(io, loaded.redact) })
  const paused: PausedSite[] = []
  for (const { name } of sites) {
    const before = await orders.load(name)
    await orders.setPause(name, order)
    paused.push(pausedSite(name, await orders.load(name), before.pause !== undefined))
  }
  return { exitCode: 0, data: { sites: paused } }
}

/** A user without a name, as in some containers, is told by number. */
const userName = (): string => {
  try {
    return userInfo().username
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`
  }
}

/** Who gives the order, for people. */
const whoami = (env: NodeJS.ProcessEnv): string => `${env['SUDO_USER'] ?? userName()} on ${hostname()}`

/** Orders for each site that nothing be written for so long. Needs no lock. Returns the exit code: 0, or 1 if it cannot be written down. */
export const pause = (options: VerbOptions & { readonly forMs: number; readonly reason: string }, io: Io, env: NodeJS.ProcessEnv): Promise<number> =>
  runVerb<PauseReport>(options, io, env, {
    nothing: { sites: [] },
    act: (run) => orderEach(run, io, { forMs: options.forMs, reason: options.reason, by: whoami(env) }),
    render: ({ sites }) =>
      sites
        .map(({ site, pause: now }) => `${site}: paused until ${now?.until === null || now === null ? 'it is resumed' : momentText(now.until)}: ${printable(now?.reason ?? '')}\n`)
        .concat(sites.length === 0 ? [] : ['Checks go on; nothing is written. A service that is running obeys from its next write on.\n'])
        .join(''),
  })

/** Takes the pause of each site back. Needs no lock. Returns the exit code: 0, or 1 if it cannot be written down. */
export const resume = (options: VerbOptions, io: Io, env: NodeJS.ProcessEnv): Promise<number> =>
  runVerb<PauseReport>(options, io, env, {
    nothing: { sites: [] },
    act: (run) => orderEach(run, io, undefined),
    render: ({ sites }) => sites.map(({ site, wasPaused }) => `${site}: ${wasPaused ? 'resumed' : 'was not paused'}\n`).join(''),
  })
