import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { DemoError, isTaken } from './demo-error.ts'
import { createRegionProcess, type RegionProcess } from './region-process.ts'
import { regions } from './settings.ts'

/** The regions' web servers, all on one port, each at its own address. */
export interface Fleet {
  readonly port: number
  readonly servers: readonly RegionProcess[]
  stop(): Promise<void>
  /** The same without waiting, for a program that crashes. */
  killNow(): void
}

const firstPort = 8080
const portsTried = 100
/** Held by the demo itself, so that no second demo takes the port while a server of this one is down. */
const claimAddress = '127.0.1.254'

const claim = async (port: number): Promise<Server> => {
  const server = createServer((socket) => socket.destroy())
  server.listen(port, claimAddress)
  await once(server, 'listening')
  return server
}

const notLocal = (cause: unknown): DemoError =>
  new DemoError(
    'loopback',
    `${regions.map((region) => region.address).join(', ')} are not addresses of this machine. The demo needs Linux, where all of 127.0.0.0/8 is; elsewhere run it in a container.`,
    cause,
  )

const startOn = async (port: number, greeting: string, onChange: () => void, signal: AbortSignal): Promise<Fleet> => {
  const claimed = await claim(port)
  const servers = regions.map((region) => createRegionProcess(region, port, greeting, onChange))
  const fleet: Fleet = {
    port,
    servers,
    stop: async () => {
      claimed.close()
      await Promise.all(servers.map((server) => server.stop()))
    },
    killNow: () => {
      for (const server of servers) server.killNow()
    },
  }
  try {
    await Promise.all(servers.map((server) => server.become('serving', signal)))
    return fleet
  } catch (error) {
    await fleet.stop()
    throw error
  }
}

/**
 * Starts the servers on the first port that is free at all of their addresses.
 * @throws DemoError if there is none, or this system has only one loopback address.
 */
export const startFleet = async (greeting: string, onChange: () => void, signal: AbortSignal): Promise<Fleet> => {
  for (let port = firstPort; port < firstPort + portsTried; port += 1) {
    try {
      return await startOn(port, greeting, onChange, signal)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EADDRNOTAVAIL') throw notLocal(error)
      if (!isTaken(error)) throw error
    }
  }
  throw new DemoError('port', `none of the ports ${firstPort} to ${firstPort + portsTried - 1} is free at ${regions[0]?.address ?? ''}`)
}
