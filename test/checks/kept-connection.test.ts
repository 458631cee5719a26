import { createServer as createTlsServer } from 'node:tls'
import type { Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createChecker } from '../../src/checks/checker.ts'
import { parseAddress } from '../../src/core/address.ts'
import { createAuthority } from '../fakes/certificates.ts'
import { type RegionServer, startHttp, startTcp, startTls } from '../fakes/region-server.ts'
import { aCheck, gist } from './checking.ts'
import { watching } from './watching.ts'

const kept = aCheck({ tripwire: 'off', connection: 'kept' })
const hello = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nHello'
const ok = { kind: 'ok', status: 200 }

/** A clock that runs with real time and can be put forward. */
const aClock = (): { readonly now: () => number; readonly wallNow: () => number; forward(ms: number): void } => {
  let ahead = 0
  return { now: () => performance.now() + ahead, wallNow: () => Date.now() + ahead, forward: (ms) => void (ahead += ms) }
}

/** Counts requests by connection. `then` is done after each answer. */
const counting = async (answer: (socket: Socket, request: number, connection: number) => void = (socket) => socket.write(hello)): Promise<{ readonly server: RegionServer; readonly requests: number[] }> => {
  const requests: number[] = []
  const server = await startTcp((socket) => {
    const connection = requests.push(0) - 1
    socket.on('data', () => answer(socket, (requests[connection] = (requests[connection] ?? 0) + 1), connection))
  })
  return { server, requests }
}

describe('kept connections', () => {
  it('carry checks once `rise` have passed over fresh ones', async () => {
    const { server, requests } = await counting()
    const watched = watching(server, kept)
    for (let left = 6; left > 0; left -= 1) expect(gist(await watched.check())).toEqual(ok)
    expect(requests).toEqual([1, 5])
    expect(server.open()).toBe(1)
  })

  it('make room for a fresh one every ten seconds', async () => {
    const clock = aClock()
    const { server, requests } = await counting()
    const watched = watching(server, kept, { checker: createChecker(clock) })
    for (const wait of [0, 0, 5000, 4000, 2000, 0]) {
      clock.forward(wait)
      await watched.check()
    }
    expect(requests).toEqual([1, 3, 2])
  })

  it('say nothing of connecting', async () => {
    const { server } = await counting()
    const watched = watching(server, kept)
    await watched.check()
    await watched.check()
    const { timing } = await watched.check()
    expect(timing).toEqual({ headersMs: expect.any(Number), bodyMs: expect.any(Number), totalMs: expect.any(Number) })
  })

  it('are left for fresh ones from a failure on, until `rise` have passed again', async () => {
    let isBad = false
    const { server, requests } = await counting((socket) => socket.write(isBad ? 'HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n' : hello))
    const watched = watching(server, kept)
    await watched.check()
    await watched.check()
    isBad = true
    expect([gist(await watched.check()), gist(await watched.check())]).toEqual([{ kind: 'failed', cause: 'status', status: 500 }, { kind: 'failed', cause: 'status', status: 500 }])
    isBad = false
    for (let left = 3; left > 0; left -= 1) await watched.check()
    expect(requests).toEqual([1, 2, 1, 1, 2])
  })

  it('are not used for POST, which must not be repeated', async () => {
    const { server, requests } = await counting()
    const watched = watching(server, aCheck({ ...kept, method: 'POST' }))
    for (let left = 4; left > 0; left -= 1) await watched.check()
    expect(requests).toEqual([1, 1, 1, 1])
  })

  it('are used by one check at a time', async () => {
    const { server, requests } = await counting()
    const watched = watching(server, kept)
    await watched.check()
    await watched.check()
    await Promise.all([watched.check(), watched.check(), watched.check()])
    expect(requests).toEqual([1, 2, 1, 1])
  })
})

describe('a kept connection that the server closes instead of answering', () => {
  it.each<readonly [string, (socket: Socket) => void]>([
    ['by a reset', (socket) => socket.resetAndDestroy()],
    ['in order', (socket) => socket.end()],
  ])('%s is no failure: the check goes on over a fresh one', async (_, close) => {
    const { server, requests } = await counting((socket, request) => (request === 1 ? socket.write(hello) : close(socket)))
    const watched = watching(server, kept)
    for (let left = 4; left > 0; left -= 1) expect(gist(await watched.check())).toEqual(ok)
    expect(requests).toEqual([1, 2, 2, 1])
  })

  it('with 408, as some do with idle ones (RFC 9110 section 15.5.9), is no failure; a fresh one that is answered so is', async () => {
    const late = 'HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'
    const { server, requests } = await counting((socket, request, connection) => (request === 1 && connection < 3 ? socket.write(hello) : socket.end(late)))
    const watched = watching(server, kept)
    for (let left = 3; left > 0; left -= 1) expect(gist(await watched.check())).toEqual(ok)
    expect(gist(await watched.check())).toEqual({ kind: 'failed', cause: 'status', status: 408 })
    expect(requests).toEqual([1, 2, 2, 1])
  })

  it('and then answers no more fails, within the same bounds', async () => {
    const { server } = await counting((socket, request, connection) => {
      if (request === 1 && connection < 2) socket.write(hello)
      else if (connection < 2) socket.end()
    })
    const watched = watching(server, aCheck({ ...kept, bounds: { totalMs: 700 } }))
    await watched.check()
    await watched.check()
    expect(gist(await watched.check())).toEqual({ kind: 'failed', cause: 'timeout' })
  })

  it('after a part of the answer has failed', async () => {
    const { server, requests } = await counting((socket, request) => (request === 1 ? socket.write(hello) : socket.end('HTTP/1.1 200 OK\r\nx')))
    const watched = watching(server, kept)
    await watched.check()
    await watched.check()
    expect(gist(await watched.check())).toEqual({ kind: 'failed', cause: 'reset' })
    expect(requests).toEqual([1, 2])
  })
})

describe('over TLS', () => {
  const authority = createAuthority()
  const day = 86_400_000

  it('the days that are left are told by each check', async () => {
    const clock = aClock()
    let connections = 0
    const issued = authority.issue(['failover.test'], { from: new Date(Date.now() - day), to: new Date(Date.now() + 10.5 * day) })
    const server = await startTls(issued, (socket) => {
      connections += 1
      socket.on('data', () => socket.write(hello))
    })
    const check = aCheck({ ...kept, ca: authority.ca, minCertDays: 9 })
    const watched = watching(server, check, { scheme: 'https', checker: createChecker(clock) })
    await watched.check()
    await watched.check()
    expect(await watched.check()).toMatchObject({ kind: 'ok', certificateDays: 10 })
    expect(connections).toBe(2)
  })

  it('a new certificate is seen with the next fresh connection', async () => {
    const clock = aClock()
    const old = authority.issue(['failover.test'], { from: new Date(Date.now() - day), to: new Date(Date.now() + 10.5 * day) })
    const server = createTlsServer(old, (socket) => socket.on('error', () => {}).on('data', () => socket.write(hello)))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const place = server.address()
    const address = parseAddress('127.0.0.1')
    if (place === null || typeof place === 'string' || address === undefined) throw new Error('no address')
    const watched = watching({ address, port: place.port }, aCheck({ ...kept, ca: authority.ca }), { scheme: 'https', checker: createChecker(clock) })
    const days = async (): Promise<number | undefined> => (await watched.check()).certificateDays
    expect([await days(), await days()]).toEqual([10, 10])
    server.setSecureContext(authority.issue(['failover.test']))
    expect(await days()).toBe(10)
    clock.forward(10_000)
    expect(await days()).toBe(90)
    watched.end()
  })
})

it('a server that is asked over and over is asked as before', async () => {
  const heads: unknown[] = []
  const server = await startHttp((request, response) => {
    heads.push(request.headers)
    response.end('Hello')
  })
  const watched = watching(server, kept)
  for (let left = 3; left > 0; left -= 1) await watched.check()
  const headers = { host: `failover.test:${server.port}`, connection: 'keep-alive', accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'dns-failover' }
  expect(heads).toEqual([headers, headers, headers])
})

it('a check that is stopped while it rides leaves nothing', async () => {
  const { server } = await counting((socket, request) => (request === 1 ? socket.write(hello) : undefined))
  const watched = watching(server, kept)
  await watched.check()
  await watched.check()
  const last = watched.check()
  watched.end()
  expect(gist(await last)).toEqual({ kind: 'cannot-tell', cause: 'aborted' })
  await server.idle()
})
