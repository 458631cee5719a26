import type { IncomingMessage } from 'node:http'

export type BodyRead =
  | { readonly kind: 'read'; readonly bytes: Uint8Array }
  | { readonly kind: 'too-large' }
  /** All bodies that are coming in are too much together, or those of this client. */
  | { readonly kind: 'busy' }
  /** The client has gone, or its time is over. */
  | { readonly kind: 'broken' }

/** Reads a whole body, up to a limit in bytes. Never rejects; how long it may take is the server's `requestTimeout`. */
export type BodyReader = (incoming: IncomingMessage, limit: number, client?: string) => Promise<BodyRead>

/**
 * `mostAtOnce`: bytes that all bodies may have together while they come in, from however many clients. `mostOfOne`: those
 * of one client, so that none leaves the others nothing by beginning bodies that it does not end.
 */
export const bodyReader = (mostAtOnce: number, mostOfOne = mostAtOnce): BodyReader => {
  let held = 0
  const heldOf = new Map<string, number>()
  const hold = (client: string, bytes: number): void => {
    held += bytes
    const now = (heldOf.get(client) ?? 0) + bytes
    if (now === 0) heldOf.delete(client)
    else heldOf.set(client, now)
  }
  return (incoming, limit, client = '') => {
    if (Number(incoming.headers['content-length'] ?? 0) > limit) return Promise.resolve({ kind: 'too-large' })
    return new Promise((resolve) => {
      const parts: Buffer[] = []
      let size = 0
      const settle = (read: BodyRead): void => {
        incoming.off('data', take).off('end', finish).off('close', fail)
        hold(client, -size)
        resolve(read)
      }
      const take = (part: Buffer): void => {
        size += part.length
        hold(client, part.length)
        if (size <= limit && held <= mostAtOnce && (heldOf.get(client) ?? 0) <= mostOfOne) return void parts.push(part)
        incoming.pause()
        settle({ kind: size > limit ? 'too-large' : 'busy' })
      }
      const finish = (): void => settle({ kind: 'read', bytes: Buffer.concat(parts) })
      const fail = (): void => settle({ kind: 'broken' })
      // Stays: a connection that breaks later is no fault of ours.
      incoming.on('error', () => undefined)
      if (incoming.readableEnded) return finish()
      if (incoming.destroyed) return fail()
      incoming.on('data', take).on('end', finish).on('close', fail)
    })
  }
}
