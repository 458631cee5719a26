import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { Endpoint } from '../../../src/core/endpoint.ts'

/** A way to a name server that can be cut, while others have theirs. */
export interface UdpRelay {
  readonly endpoint: Endpoint
  setOpen(isOpen: boolean): void
  close(): Promise<void>
}

export const openUdpRelay = async (server: Endpoint): Promise<UdpRelay> => {
  const front = createSocket('udp4').bind(0, '127.0.0.1')
  await once(front, 'listening')
  let isOpen = true
  front.on('message', (question, from) => {
    if (!isOpen) return
    const back = createSocket('udp4')
    const end = setTimeout(() => back.close(), 2_000)
    back.on('message', (answer) => {
      clearTimeout(end)
      back.close()
      if (isOpen) front.send(answer, from.port, from.address)
    })
    back.send(question, server.port, server.address)
  })
  return {
    endpoint: { address: server.address, port: front.address().port },
    setOpen: (to) => {
      isOpen = to
    },
    close: async () => {
      const closed = once(front, 'close')
      front.close()
      await closed
    },
  }
}
