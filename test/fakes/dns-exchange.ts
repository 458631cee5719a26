import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect } from 'node:net'
import { decode, type DecodedPacket } from 'dns-packet'
import type { Endpoint } from '../../src/core/endpoint.ts'

/** Sends one datagram and returns the first that comes back; undefined after `waitMs` of silence. */
export const exchangeUdp = async (server: Endpoint, message: Buffer, waitMs = 3000): Promise<Buffer | undefined> => {
  const socket = createSocket(server.address.includes(':') ? 'udp6' : 'udp4')
  try {
    socket.send(message, server.port, server.address)
    const [answer] = (await once(socket, 'message', { signal: AbortSignal.timeout(waitMs) }).catch(() => [])) as Buffer[]
    return answer
  } finally {
    socket.close()
  }
}

const framed = (message: Buffer): Buffer => {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  return Buffer.concat([length, message])
}

/** Sends messages over one connection at once and returns the answers in their order, until the server or `waitMs` ends it. */
export const exchangeTcp = async (server: Endpoint, messages: readonly Buffer[], waitMs = 3000): Promise<readonly Buffer[]> => {
  const socket = connect(server.port, server.address)
  const answers: Buffer[] = []
  let waiting = Buffer.alloc(0)
  socket.setTimeout(waitMs, () => socket.destroy())
  socket.on('error', () => undefined)
  socket.on('data', (chunk) => {
    waiting = Buffer.concat([waiting, chunk])
    while (waiting.length >= 2 && waiting.length >= 2 + waiting.readUInt16BE(0)) {
      answers.push(Buffer.from(waiting.subarray(2, 2 + waiting.readUInt16BE(0))))
      waiting = waiting.subarray(2 + waiting.readUInt16BE(0))
    }
    if (answers.length >= messages.length) socket.destroy()
  })
  socket.write(Buffer.concat(messages.map(framed)))
  await once(socket, 'close')
  return answers
}

/** As it came, with the numeric rcode, which the decoder's types leave out. */
export type Decoded = DecodedPacket & { readonly rcodeNumber: number }

export const decoded = (message: Buffer | undefined): Decoded => {
  if (message === undefined) throw new Error('no answer')
  const packet = decode(message)
  return Object.assign(packet, { rcodeNumber: (packet.flags ?? 0) & 15 })
}
