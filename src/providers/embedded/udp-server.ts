import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { familyOf } from '../../core/address.ts'
import type { Endpoint } from '../../core/endpoint.ts'

export interface Listener {
  readonly port: number
  close(): Promise<void>
}

/** Bytes of answers that wait for the socket; past this they are dropped, as the network would. */
const maxQueuedBytes = 1_048_576

/** Answers datagrams by `respond`; what it returns undefined for gets no answer. @throws the system's error if it cannot bind. */
export const listenUdp = async (endpoint: Endpoint, respond: (message: Buffer) => Buffer | undefined): Promise<Listener> => {
  const socket = createSocket(familyOf(endpoint.address) === 'v6' ? 'udp6' : 'udp4')
  socket.on('message', (message, from) => {
    if (from.port === 0 || socket.getSendQueueSize() > maxQueuedBytes) return
    const answer = respond(message)
    // A client that cannot be reached is its own loss; without a callback the error would end the process.
    if (answer !== undefined) socket.send(answer, from.port, from.address, () => undefined)
  })
  socket.bind(endpoint.port, endpoint.address)
  try {
    await once(socket, 'listening')
  } catch (error) {
    socket.close()
    throw error
  }
  socket.on('error', () => undefined)
  return {
    port: socket.address().port,
    close: async () => {
      const closed = once(socket, 'close')
      socket.close()
      await closed
    },
  }
}
