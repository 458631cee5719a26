import type { Socket } from 'node:net'
import { describe, expect, it } from 'vitest'
import { type RegionServer, startTcp } from '../fakes/region-server.ts'
import { aCheck, gist } from './checking.ts'
import { watching } from './watching.ts'

const hello = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nHello'
const ok = { kind: 'ok', status: 200 }
const auto = aCheck({ tripwire: 'auto', bounds: { totalMs: 3000 } })

interface OneWorker {
  readonly server: RegionServer
  /** Resolves once so many connections have come. */
  came(count: number): Promise<void>
  /** From now on it answers what it is asked. */
  begin(): void
}

/** A server that serves one connection at a time, for as long as it lasts; the others wait. */
const oneWorker = async (): Promise<OneWorker> => {
  const open: { readonly socket: Socket; asked: number }[] = []
  const waiting: { readonly count: number; readonly done: () => void }[] = []
  let count = 0
  let hasBegun = false
  const serve = (): void => {
    const [first] = open
    if (!hasBegun || first === undefined) return
    for (; first.asked > 0; first.asked -= 1) first.socket.write(hello)
  }
  const server = await startTcp((socket) => {
    const own = { socket, asked: 0 }
    open.push(own)
    count += 1
    for (const each of waiting) if (count >= each.count) each.done()
    socket.on('data', () => ((own.asked += 1), serve()))
    socket.once('close', () => {
      open.splice(open.indexOf(own), 1)
      serve()
    })
  })
  const came = (wanted: number): Promise<void> => (count >= wanted ? Promise.resolve() : new Promise((done) => waiting.push({ count: wanted, done })))
  return { server, came, begin: () => ((hasBegun = true), serve()) }
}

describe('a server that serves one connection at a time', () => {
  it.each(['fresh', 'kept'] as const)('is not kept from answering a check by the wire of the one before (%s)', async (connection) => {
    const { server, begin } = await oneWorker()
    begin()
    const watched = watching(server, { ...auto, connection })
    for (let left = 5; left > 0; left -= 1) expect(gist(await watched.check())).toEqual(ok)
    expect(watched.wanted()).toBe(0)
  })

  it('nor by that of one that ran beside it', async () => {
    const { server, came, begin } = await oneWorker()
    const watched = watching(server, auto)
    const both = Promise.all([watched.check(), watched.check()])
    await came(2)
    begin()
    expect((await both).map(gist)).toEqual([ok, ok])
  })

  it('nor by that of another site, once its check waits longer than usual', async () => {
    const { server, begin } = await oneWorker()
    begin()
    const other = watching(server, { ...auto })
    const { checker } = other
    const watched = watching(server, { ...auto }, { checker })
    expect(gist(await other.check())).toEqual(ok)
    // The second is the one that starts beside the first.
    expect((await Promise.all([watched.check(), watched.check()])).map(gist)).toEqual([ok, ok])
  })
})
