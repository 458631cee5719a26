import { randomBytes } from 'node:crypto'
import type { Address } from '../core/address.ts'
import type { Endpoint } from '../core/endpoint.ts'
import type { EngineEvent } from '../engine/events.ts'
import { type Fleet, startFleet } from './fleet.ts'
import { mainDomain, type Settings } from './settings.ts'
import { startEngine } from './start-engine.ts'
import { makeTemporaryFolder } from './temporary-folder.ts'

/** Servers, name server and engine, all running. */
export interface Demo {
  readonly settings: Settings
  readonly nameServer: Endpoint
  readonly fleet: Fleet
  /** Settles when the engine has ended; rejects if it failed. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

export interface StartOptions {
  readonly settings: Settings
  readonly firstDnsPort: number
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

/**
 * Starts it all. Another demo's server would not pass for one of ours: the right page holds a number of this demo's own.
 * @throws DemoError
 */
export const startDemo = async (options: StartOptions, signal: AbortSignal): Promise<Demo> => {
  const greeting = `Hello from ${mainDomain} (demo ${randomBytes(4).toString('hex')})`
  const folder = await makeTemporaryFolder()
  options.onCrash(folder.removeNow)
  let fleet: Fleet | undefined
  try {
    fleet = await startFleet(greeting, options.onServerChange, signal)
    options.onCrash(fleet.killNow)
    const { port: webPort, stop } = fleet
    const engine = await startEngine({ ...options, folder: folder.path, webPort, greeting })
    return {
      settings: options.settings,
      nameServer: { address: '127.0.0.1' as Address, port: engine.dnsPort },
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
