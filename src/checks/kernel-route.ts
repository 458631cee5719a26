import { createSocket } from 'node:dgram'
import { type Address, familyOf } from '../core/address.ts'

/** Any port will do: connecting a UDP socket only looks up the route, and sends nothing. Discard, RFC 863. */
const anyPort = 9

/** Whether this machine has a route to the address, by its own routing table. False also if it cannot be asked. */
export const hasRoute = (address: Address): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createSocket(familyOf(address) === 'v6' ? 'udp6' : 'udp4')
    const done = (answer: boolean): void => {
      socket.close()
      resolve(answer)
    }
    socket.once('error', () => done(false))
    socket.once('connect', () => done(true))
    socket.connect(anyPort, address)
  })
