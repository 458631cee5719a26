import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createAuthority } from '../fakes/certificates.ts'
import { onRequest, type RegionServer, startHttp, startTcp, startTls } from '../fakes/region-server.ts'
import { aCheck, gist } from './checking.ts'
import { patienceMs, watching } from './watching.ts'

const hello = 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nHello'
const auto = aCheck({ tripwire: 'auto' })

/** Answers each request, and then does something else with the connection. */
const answeringThen = (then: (socket: Socket, connection: number) => void, text = hello): Promise<RegionServer> => {
  let connections = 0
  return startTcp((socket) => {
    const connection = (connections += 1)
    socket.on('data', () => socket.write(text, () => then(socket, connection)))
  })
}

const until = async (isSo: () => boolean): Promise<void> => {
  for (const end = Date.now() + patienceMs; !isSo(); await pause(5)) if (Date.now() > end) throw new Error('it did not come about')
}

describe('a wire', () => {
  it('is the connection of the last check that passed, and no other', async () => {
    const server = await startHttp((_, response) => response.end('Hello'))
    const watched = watching(server, auto)
    for (let left = 5; left > 0; left -= 1) {
      expect(gist(await watched.check())).toEqual({ kind: 'ok', status: 200 })
      await until(() => server.open() === 1)
    }
    watched.end()
    await server.idle()
    expect(watched.wanted()).toBe(0)
  })

  it.each<readonly [string, (socket: Socket) => void]>([
    ['is reset', (socket) => socket.resetAndDestroy()],
    ['is closed', (socket) => socket.end()],
  ])('that %s has the address checked, which is no verdict', async (_, breakIt) => {
    const sockets: Socket[] = []
    const server = await answeringThen((socket) => sockets.push(socket))
    const watched = watching(server, auto)
    await watched.check()
    expect(watched.wanted()).toBe(0)
    for (const socket of sockets) breakIt(socket)
    await watched.wantedTimes(1)
    expect(gist(await watched.check())).toEqual({ kind: 'ok', status: 200 })
  })

  it('over TLS breaks as well', async () => {
    const authority = createAuthority()
    const sockets: Socket[] = []
    const server = await startTls(authority.issue(['failover.test']), (socket) => onRequest(socket, () => socket.write(hello, () => sockets.push(socket))))
    const watched = watching(server, aCheck({ tripwire: 'auto', ca: authority.ca }), { scheme: 'https' })
    expect(gist(await watched.check())).toEqual({ kind: 'ok', status: 200 })
    expect(server.open()).toBe(1)
    for (const socket of sockets) socket.end()
    await watched.wantedTimes(1)
  })

  it('on which comes what nobody asked for is closed, and nothing more', async () => {
    const server = await answeringThen((socket) => setTimeout(() => socket.write('HTTP/1.1 408 Request Timeout\r\n\r\n'), 20))
    const watched = watching(server, auto)
    await watched.check()
    await server.idle()
    expect(watched.wanted()).toBe(0)
  })

  it.each<readonly [string, string]>([
    ['the server says close', 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 5\r\n\r\nHello'],
    ['the answer is one of HTTP/1.0', 'HTTP/1.0 200 OK\r\ncontent-length: 5\r\n\r\nHello'],
    ['the answer goes on after its end', `${hello}!`],
    ['the check fails', 'HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n'],
    ['more came than was read', `HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n${'x'.repeat(100_000)}`],
  ])('is not held where %s', async (_, text) => {
    const server = await answeringThen(() => {}, text)
    const watched = watching(server, auto)
    await watched.check()
    await server.idle()
    expect(watched.wanted()).toBe(0)
  })

  it('is not held after a redirect, nor where it is off, nor for who checks once', async () => {
    const server = await startHttp((request, response) => (request.url === '/' ? response.writeHead(302, { location: '/b' }).end() : response.end('Hello')))
    expect(gist(await watching(server, aCheck({ tripwire: 'auto', maxRedirects: 1 })).check())).toEqual({ kind: 'ok', status: 200 })
    await server.idle()
    const asked: (string | undefined)[] = []
    const plain = await startHttp((request, response) => {
      asked.push(request.headers.connection)
      response.end('Hello')
    })
    await watching(plain, aCheck({ tripwire: 'off' })).check()
    const { checker } = watching(plain, auto)
    await checker.check({ url: `http://failover.test:${plain.port}/`, address: plain.address, check: auto }, new AbortController().signal)
    await plain.idle()
    expect(asked).toEqual(['close', 'close'])
  })

  it('ends with the checker', async () => {
    const server = await startHttp((_, response) => response.end('Hello'))
    const watched = watching(server, auto)
    await watched.check()
    await watched.checker.close?.()
    await server.idle()
    expect(watched.wanted()).toBe(0)
  })
})

describe('a server that closes idle connections', () => {
  it('is checked twice for it, and then left ahead of it', async () => {
    let closed = 0
    // Only twice so soon: what is learned holds, however late this machine is.
    const server = await answeringThen((socket, connection) => {
      const timer = setTimeout(() => ((closed += 1), socket.end()), connection <= 2 ? 1000 : patienceMs)
      socket.once('close', () => clearTimeout(timer))
    })
    const watched = watching(server, auto)
    await watched.check()
    await watched.wantedTimes(1)
    await watched.check()
    await watched.wantedTimes(2)
    expect(closed).toBe(2)
    await watched.check()
    // Ours is closed before the server gets to it.
    await server.idle()
    expect({ closed, wanted: watched.wanted() }).toEqual({ closed: 2, wanted: 2 })
  }, 60_000)

  it('is believed when it says so', async () => {
    let closed = 0
    const says = 'HTTP/1.1 200 OK\r\nkeep-alive: timeout=1, max=100\r\ncontent-length: 5\r\n\r\nHello'
    const server = await answeringThen((socket) => {
      const timer = setTimeout(() => ((closed += 1), socket.end()), 5000)
      socket.once('close', () => clearTimeout(timer))
    }, says)
    const watched = watching(server, auto)
    await watched.check()
    await server.idle()
    expect({ closed, wanted: watched.wanted() }).toEqual({ closed: 0, wanted: 0 })
  }, 60_000)

  it('is checked ahead of it where a wire is always wanted', async () => {
    const says = 'HTTP/1.1 200 OK\r\nkeep-alive: timeout=2\r\ncontent-length: 5\r\n\r\nHello'
    const server = await answeringThen(() => {}, says)
    const watched = watching(server, aCheck({ tripwire: 'always' }), { answersWires: true })
    await watched.check()
    await watched.wantedTimes(2)
    await until(() => server.open() === 1)
  }, 60_000)

  it('after more days than a timer can wait is left alone', async () => {
    const warnings: string[] = []
    const note = (warning: Error): void => void warnings.push(warning.message)
    process.on('warning', note)
    onTestFinished(() => void process.off('warning', note))
    const server = await answeringThen(() => {}, 'HTTP/1.1 200 OK\r\nkeep-alive: timeout=9999999\r\ncontent-length: 5\r\n\r\nHello')
    const watched = watching(server, aCheck({ tripwire: 'always' }))
    await watched.check()
    await pause(100)
    expect({ open: server.open(), wanted: watched.wanted(), warnings }).toEqual({ open: 1, wanted: 0, warnings: [] })
  })

  it('after each answer is not hammered', async () => {
    let asked = 0
    const server = await answeringThen((socket) => ((asked += 1), socket.end()))
    const watched = watching(server, auto, { answersWires: true })
    await watched.check()
    await watched.wantedTimes(2)
    await server.idle()
    for (let left = 20; left > 0; left -= 1) await watched.check()
    await server.idle()
    // The first two brought one more check each, then the wire is given up for a minute. On a machine that stands still it may take another lesson.
    expect(watched.wanted()).toBeLessThan(6)
    expect(asked).toBe(21 + watched.wanted())
  })
})

it('a thousand checks leave nothing but one wire', async () => {
  const held = (): readonly string[] => process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP'))
  const server = await startHttp((_, response) => response.end('Hello'))
  const before = held().length
  const watched = watching(server, auto)
  for (let left = 50; left > 0; left -= 1) await Promise.all(Array.from({ length: 20 }, () => watched.check()))
  await until(() => server.open() === 1)
  watched.end()
  await server.idle()
  await until(() => held().length <= before)
}, 60_000)
