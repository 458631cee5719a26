import type { Endpoint } from '../../core/endpoint.ts'
import { respond } from './answer.ts'
import { listenTcp, type TcpLimits } from './tcp-server.ts'
import { type Listener, listenUdp } from './udp-server.ts'
import type { Zone } from './zone.ts'

/** How often a free TCP port is looked for whose UDP port is free too. */
const attempts = 20

/** Answers for the zone by UDP and TCP on one port. @throws the system's error if it cannot bind. */
export const listenBoth = async (options: {
  readonly listen: Endpoint
  readonly nsName: string
  readonly zone: () => Zone
  readonly tcp: TcpLimits
}): Promise<Listener> => {
  let turn = 0
  const answer = (transport: 'udp' | 'tcp') => (message: Buffer): Buffer | undefined => {
    turn = (turn + 1) >>> 0
    return respond(options.zone(), options.nsName, message, { transport, turn })
  }
  for (let left = attempts; ; left -= 1) {
    const tcp = await listenTcp(options.listen, answer('tcp'), options.tcp)
    try {
      const udp = await listenUdp({ ...options.listen, port: tcp.port }, answer('udp'))
      return {
        port: tcp.port,
        close: async () => {
          await Promise.all([tcp.close(), udp.close()])
        },
      }
    } catch (error) {
      await tcp.close()
      const isTaken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
      if (!isTaken || options.listen.port !== 0 || left <= 1) throw error
    }
  }
}
