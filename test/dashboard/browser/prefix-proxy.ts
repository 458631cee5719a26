import { once } from 'node:events'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A reverse proxy that has the service under a path of its own. */
export interface PrefixProxy {
  /** With the path: `http://127.0.0.1:1234/dns/`. */
  readonly url: string
  /** Paths asked for outside of it, which are not there. */
  readonly strays: readonly string[]
  close(): Promise<void>
}

/** Takes the prefix off, and says who asked and how, as nginx and others are told to. */
export const startPrefixProxy = async (target: number, prefix: string): Promise<PrefixProxy> => {
  const strays: string[] = []
  const server: Server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? ''
    if (!path.startsWith(prefix)) {
      strays.push(path)
      return outgoing.writeHead(404).end()
    }
    const headers = { ...incoming.headers, 'x-forwarded-for': incoming.socket.remoteAddress ?? '', 'x-forwarded-proto': 'http', 'x-forwarded-prefix': prefix }
    const passed = request({ host: '127.0.0.1', port: target, method: incoming.method, path: `/${path.slice(prefix.length)}`, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      // Events come one by one, and are not to wait for more.
      outgoing.flushHeaders()
      answer.pipe(outgoing)
      outgoing.once('close', () => answer.destroy())
    })
    passed.once('error', () => outgoing.destroy())
    return incoming.pipe(passed)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}${prefix}`,
    strays,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
