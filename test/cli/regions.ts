import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a region's web server does with a request. */
export type Behaviour = 'serve' | 'fail' | 'hang'

export interface Regions {
  /** The one port of all of them. */
  readonly port: number
  set(address: string, behaviour: Behaviour): void
  /** Requests seen so far, by address. */
  requests(address: string): number
  /** Resolves with the next request. */
  nextRequest(): Promise<void>
  close(): Promise<void>
}

const listen = (server: Server, host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, host, () => resolve(true))
  })

/** Web servers on several loopback addresses, all with the same port, as regions are. */
export const startRegions = async (addresses: readonly string[]): Promise<Regions> => {
  for (let tries = 0; tries < 20; tries += 1) {
    const behaviours = new Map<string, Behaviour>()
    const requests = new Map<string, number>()
    let wake: (() => void)[] = []
    const servers = addresses.map((address) =>
      createServer((_, response) => {
        requests.set(address, (requests.get(address) ?? 0) + 1)
        for (const each of wake) each()
        wake = []
        const behaviour = behaviours.get(address) ?? 'serve'
        if (behaviour === 'hang') return
        response.writeHead(behaviour === 'serve' ? 200 : 500)
        response.end('Hello')
      }),
    )
    let port = 0
    let areAllListening = true
    for (const [at, server] of servers.entries()) {
      areAllListening = areAllListening && (await listen(server, addresses[at] ?? '', port))
      port = areAllListening ? (server.address() as AddressInfo).port : port
    }
    const close = async (): Promise<void> => {
      for (const server of servers) server.closeAllConnections()
      await Promise.all(servers.map((server) => (server.listening ? new Promise((resolve) => server.close(resolve)) : undefined)))
    }
    if (areAllListening) {
      return {
        port,
        set: (address, behaviour) => void behaviours.set(address, behaviour),
        requests: (address) => requests.get(address) ?? 0,
        nextRequest: () => new Promise((resolve) => wake.push(resolve)),
        close,
      }
    }
    await close()
  }
  throw new Error('no port that is free on all addresses')
}
