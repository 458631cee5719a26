import type { IncomingMessage } from 'node:http'

export type BodyRead =
  | { readonly kind: 'read'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large' }
  /** The client has gone, or its time is over. */
  | { readonly kind: 'broken' }

/** The whole body, up to a limit in bytes. Never rejects; how long it may take is the server's `requestTimeout`. */
export const readBody = (incoming: IncomingMessage, limit: number): Promise<BodyRead> => {
  const announced = Number(incoming.headers['content-length'] ?? 0)
  if (announced > limit) return Promise.resolve({ kind: 'too-large' })
  return new Promise((resolve) => {
    const parts: Buffer[] = []
    let size = 0
    const settle = (read: BodyRead): void => {
      incoming.off('data', take).off('end', finish).off('close', fail)
      resolve(read)
    }
    const take = (part: Buffer): void => {
      size += part.length
      if (size <= limit) return void parts.push(part)
      incoming.pause()
      settle({ kind: 'too-large' })
    }
    const finish = (): void => settle({ kind: 'read', bytes: Buffer.concat(parts) })
    const fail = (): void => settle({ kind: 'broken' })
    incoming.on('error', fail)
    if (incoming.destroyed || incoming.readableEnded) return incoming.readableEnded ? finish() : fail()
    incoming.on('data', take).on('end', finish).on('close', fail)
  })
}
