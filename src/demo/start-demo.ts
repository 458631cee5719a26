import { randomBytes } from 'node:crypto'
import type { Style } from '../cli/render/style.ts'
import type { Address } from '../core/address.ts'
import type { Endpoint } from '../core/endpoint.ts'
import type { EngineEvent } from '../engine/events.ts'
import { type Fleet, startFleet } from './fleet.ts'
import { mainDomain, type Settings } from './settings.ts'
import { startEngine } from './start-engine.ts'
import { makeTemporaryFolder } from './temporary-folder.ts'

/** Servers, name server, engine and dashboard, all running. */
export interface Demo {
  readonly settings: Settings
  readonly nameServer: Endpoint
  readonly dashboard: DashboardPlace
  readonly fleet: Fleet
  /** Settles when the engine has ended; rejects if it failed. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

/** Where to see it all in a browser, and to act. */
export interface DashboardPlace {
  readonly url: string
  /** Whoever signs in with it may drain, repoint and pause. */
  readonly token: string
}

export interface StartOptions {
  readonly settings: Settings
  readonly firstDnsPort: number
  readonly firstDashboardPort: number
  readonly report: (event: EngineEvent) => void
  /** One line on what goes otherwise than expected. */
  readonly say: (text: string) => void
  /** A server was broken or healed, or fell by itself. */
  readonly onServerChange: () => void
  /** Gets what undoes, without waiting, what was started so far: for a program that crashes. */
  readonly onCrash: (undo: () => void) => void
}

/** The line to type in another terminal. */
export const digLine = (server: Endpoint): string => `dig @${server.address} -p ${server.port} ${mainDomain} +short`

/** The first thing to be told. */
export const dashboardLine = ({ url, token }: DashboardPlace, style: Style): string => `Dashboard  ${style.bold(url)}  token to act there: ${token}`

/**
 * Starts it all. Another demo's server would not pass for one of ours: the right page holds a number of this demo's own.
 * @throws DemoError
 */
export const startDemo = async (options: StartOptions, signal: AbortSignal): Promise<Demo> => {
  const greeting = `Hello from ${mainDomain} (demo ${randomBytes(4).toString('hex')})`
  const token = `demo-${randomBytes(6).toString('hex')}`
  const folder = await makeTemporaryFolder()
  options.onCrash(folder.removeNow)
  let fleet: Fleet | undefined
  try {
    fleet = await startFleet(greeting, options.onServerChange, signal)
    options.onCrash(fleet.killNow)
    const { port: webPort, stop } = fleet
    const engine = await startEngine({ ...options, folder: folder.path, webPort, greeting, token })
    return {
      settings: options.settings,
      nameServer: { address: '127.0.0.1' as Address, port: engine.dnsPort },
      dashboard: { url: `http://127.0.0.1:${engine.dashboardPort}/`, token },
      fleet,
      ended: engine.ended,
      stop: async () => {
        await engine.stop()
        await stop()
        await folder.remove()
      },
    }
  } catch (error) {
    await fleet?.stop()
    await folder.remove()
    throw error
  }
}
