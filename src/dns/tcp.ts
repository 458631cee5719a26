import { connect } from 'node:net'
import type { Endpoint } from '../core/endpoint.ts'
import { failureText, type Transfer, type TransferOptions } from './udp.ts'

/** One message with its length before it (RFC 1035 section 4.2.2). */
const framed = (message: Buffer): Buffer => {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(message.length)
  return Buffer.concat([length, message])
}

/**
 * Sends one message over a connection of its own and reads one back; `timeoutMs` bounds all of it, however slowly the
 * bytes come. A first message that is not accepted is a failure: nobody else can have sent it. Never rejects.
 */
export const transferTcp = <T>(server: Endpoint, message: Buffer, options: TransferOptions<T>, signal: AbortSignal): Promise<Transfer<T>> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve({ kind: 'failed', detail: 'was not asked: aborted' })
    const socket = connect({ host: server.address, port: server.port, noDelay: true })
    const chunks: Buffer[] = []
    let size = 0
    const finish = (result: Transfer<T>): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      socket.destroy()
      resolve(result)
    }
    const fail = (detail: string): void => finish({ kind: 'failed', detail })
    const onAbort = (): void => fail('did not answer: aborted')
    const timer = setTimeout(() => setImmediate(() => fail(`did not answer over TCP within ${options.timeoutMs} ms`)), options.timeoutMs)
    signal.addEventListener('abort', onAbort)

    const wanted = (): number | undefined => {
      if (size < 2) return undefined
      const [first = Buffer.alloc(0)] = chunks
      if (first.length < 2) chunks.splice(0, chunks.length, Buffer.concat(chunks))
      return (chunks[0] ?? first).readUInt16BE(0)
    }
    socket.on('error', (error) => fail(`${failureText(error)} over TCP`))
    socket.on('end', () => fail('closed the TCP connection before its answer was whole'))
    socket.on('data', (chunk) => {
      chunks.push(chunk)
      size += chunk.length
      const length = wanted()
      if (length === undefined || size < 2 + length) return
      const reply = options.accept(Buffer.concat(chunks).subarray(2, 2 + length))
      if (reply === undefined) fail('sent something over TCP that is no answer to the question')
      else finish({ kind: 'reply', reply })
    })
    socket.write(framed(message))
  })
