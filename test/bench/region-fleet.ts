import { createServer, type Server } from 'node:http'
import { monotonicMs } from './process-cost.ts'

export interface RegionFleet {
  /** The one port of all of them. */
  readonly port: number
  /** When connections came to each address since they were last taken. */
  takeArrivals(): readonly { readonly address: string; readonly at: number }[]
  /** Nothing answers there any more. */
  kill(address: string): Promise<void>
  close(): Promise<void>
}

const listen = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const bound = server.address()
      resolve(bound !== null && typeof bound === 'object' ? bound.port : 0)
    })
  })

const closed = async (server: Server): Promise<void> => {
  server.closeAllConnections()
  if (server.listening) await new Promise((resolve) => server.close(resolve))
}

/** Web servers that write down when they are asked, all with the same port, as regions are. */
export const startRegionFleet = async (addresses: readonly string[]): Promise<RegionFleet> => {
  let arrivals: { address: string; at: number }[] = []
  const servers = new Map(
    addresses.map((address) => [
      address,
      createServer((_, response) => response.end('Hello')).on('connection', () => void arrivals.push({ address, at: monotonicMs() })),
    ]),
  )
  let port = 0
  for (const [address, server] of servers) port = await listen(server, address, port)
  return {
    port,
    takeArrivals: () => {
      const taken = arrivals
      arrivals = []
      return taken
    },
    kill: async (address) => {
      const server = servers.get(address)
      if (server !== undefined) await closed(server)
    },
    close: async () => {
      await Promise.all([...servers.values()].map(closed))
    },
  }
}
