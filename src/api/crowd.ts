import type { Server } from 'node:http'
import { clientKey, isTrusted, plainAddress } from './client-address.ts'
import type { RulesInForce } from './rules-in-force.ts'

/** Closes what one client opens beyond its share, so that others find room. A trusted proxy speaks for many, and has no share. */
export const keepRoom = (server: Server, mostOfOne: number, rules: () => Pick<RulesInForce, 'proxies'>): void => {
  const open = new Map<string, number>()
  server.on('connection', (socket) => {
    const peer = plainAddress(socket.remoteAddress ?? '')
    if (peer !== undefined && isTrusted(rules().proxies, peer)) return
    const client = clientKey(peer)
    const before = open.get(client) ?? 0
    if (before >= mostOfOne) return void socket.destroy()
    open.set(client, before + 1)
    socket.once('close', () => {
      const left = (open.get(client) ?? 1) - 1
      if (left === 0) open.delete(client)
      else open.set(client, left)
    })
  })
}
