import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { decode, encode } from 'dns-packet'
import * as fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { maxUdpBytes, respond } from '../../../src/providers/embedded/answer.ts'
import { createEmbedded, type Embedded, type EmbeddedOptions } from '../../../src/providers/embedded/embedded.ts'
import { emptyZone, parseRRset, withRRsets, type Zone } from '../../../src/providers/embedded/zone.ts'
import { decoded, exchangeTcp, exchangeUdp } from '../../fakes/dns-exchange.ts'
import { address, fqdn } from '../../fakes/dns-names.ts'

const origin = fqdn('example.test')
const zoneOf = (): Zone => {
  const sets = [
    { name: 'www.example.test', type: 'A', ttl: 60, data: ['192.0.2.1', '192.0.2.2'] },
    { name: 'a.example.test', type: 'CNAME', ttl: 60, data: ['www.example.test.'] },
    { name: '*.w.example.test', type: 'TXT', ttl: 60, data: ['"x"'] },
  ] as const
  const put = sets.map((set) => parseRRset(origin, set)).filter((set) => typeof set !== 'string')
  const zone = withRRsets(emptyZone(origin, 1), { remove: [], put })
  if (typeof zone === 'string') throw new Error(zone)
  return zone
}

const valid = (name: string): Buffer =>
  encode({
    type: 'query',
    id: 99,
    questions: [{ name, type: 'A' }],
    additionals: [{ type: 'OPT', name: '.', udpPayloadSize: 1232, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] }],
  })

/** What any answer must be, whatever was asked. */
const expectSoundAnswer = (message: Buffer, transport: 'udp' | 'tcp'): void => {
  const answer = respond(zoneOf(), 'ns.example.test', message, { transport, turn: 1 })
  if (message.length < 12 || (message[2] ?? 0) >= 0x80) return expect(answer).toBeUndefined()
  if (answer === undefined) throw new Error('no answer')
  expect(answer.length).toBeLessThanOrEqual(transport === 'udp' ? maxUdpBytes : 65_535)
  expect(answer.readUInt16BE(0)).toBe(message.readUInt16BE(0))
  expect(answer.readUInt16BE(2) & 0x80_00).toBe(0x80_00)
  expect(() => decode(answer)).not.toThrow()
}

const flagsOf = (message: Buffer): readonly number[] | undefined => {
  const answer = respond(zoneOf(), 'ns.example.test', message, { transport: 'udp', turn: 0 })
  return answer === undefined ? undefined : [answer.readUInt16BE(2) & 15, answer.length]
}

const edited = (edit: (message: Buffer) => void): Buffer => {
  const message = valid('www.example.test')
  edit(message)
  return message
}

const open = async (server: Embedded): Promise<Socket> => {
  const socket = connect(server.address().port, server.address().address)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.once('close', () => resolve())
  })

describe('respond', () => {
  const transport = fc.constantFrom('udp', 'tcp')

  it('gives a sound answer, or none, to any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), transport, (bytes, by) => void expectSoundAnswer(Buffer.from(bytes), by)), { numRuns: 3000 })
  })

  it('gives a sound answer to any damage of a valid query', () => {
    const name = fc.constantFrom('www.example.test', 'a.example.test', 'x.w.example.test', 'example.test', 'gone.example.test')
    const damage = fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(name, damage, fc.nat(80), transport, (asked, edits, cut, by) => {
        const message = valid(asked)
        for (const [at, byte] of edits) message[at % message.length] = byte
        expectSoundAnswer(message.subarray(0, message.length - (cut > 60 ? cut - 60 : 0)), by)
      }),
      { numRuns: 5000 },
    )
  })

  it.each([
    ['a response', edited((message) => message.writeUInt8(0x80, 2)), undefined],
    ['half a header', valid('www.example.test').subarray(0, 11), undefined],
    ['a header alone', Buffer.alloc(12), [1, 12]],
    ['an UPDATE', edited((message) => message.writeUInt8(0x28, 2)), [4, 12]],
    ['a NOTIFY', edited((message) => message.writeUInt8(0x20, 2)), [4, 12]],
    ['two questions', edited((message) => message.writeUInt16BE(2, 4)), [1, 12]],
    ['records in the answer section', edited((message) => message.writeUInt16BE(1, 6)), [1, 12]],
    ['a compression pointer as the name', edited((message) => message.writeUInt16BE(0xc0_0c, 12)), [1, 12]],
    ['a record that is not there', edited((message) => message.writeUInt16BE(2, 10)), [1, 12]],
    ['a question cut short', encode({ type: 'query', id: 99, questions: [{ name: 'www.example.test', type: 'A' }] }).subarray(0, -3), [1, 12]],
    ['an OPT record longer than the message', edited((message) => message.writeUInt16BE(4, message.length - 2)), [1, 12]],
    ['two OPT records', Buffer.concat([edited((message) => message.writeUInt16BE(2, 10)), valid('www.example.test').subarray(-11)]), [1, 12]],
  ] as const)('to %s', (_, message, expected) => {
    expect(flagsOf(message)).toEqual(expected)
  })

  it('says BADVERS to a newer EDNS', () => {
    const message = edited((query) => query.writeUInt8(1, query.length - 5))
    const answer = decoded(respond(zoneOf(), 'ns.example.test', message, { transport: 'udp', turn: 0 }))
    expect(answer.rcodeNumber).toBe(0)
    expect(answer.additionals).toMatchObject([{ type: 'OPT', extendedRcode: 1, ednsVersion: 0 }])
  })
})

describe('the server', () => {
  const servers: Embedded[] = []
  const start = async (tcp: EmbeddedOptions['tcp']): Promise<Embedded> => {
    const server = await createEmbedded({ listen: { address: address('127.0.0.1'), port: 0 }, zone: origin, tcp })
    servers.push(server)
    return server
  }
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()))
  })

  it('goes on answering after noise on both transports', async () => {
    const server = await start({})
    await exchangeUdp(server.address(), Buffer.from('no DNS at all, yet more than a header'), 100)
    await exchangeUdp(server.address(), Buffer.alloc(0), 50)
    await exchangeTcp(server.address(), [Buffer.alloc(0), Buffer.alloc(5), Buffer.alloc(60_000, 0xff)], 200)
    expect(decoded(await exchangeUdp(server.address(), valid('ns.example.test'))).answers).toHaveLength(1)
    expect(await exchangeTcp(server.address(), [valid('ns.example.test')])).toHaveLength(1)
  })

  it.each([
    ['says nothing', () => undefined],
    ['never finishes a message', (socket: Socket) => socket.write(Buffer.from([0xff, 0xff, 1, 2, 3]))],
  ])('ends a connection that %s', async (_, act) => {
    const socket = await open(await start({ idleMs: 100 }))
    const startedAt = performance.now()
    act(socket)
    socket.resume()
    await closed(socket)
    expect(performance.now() - startedAt).toBeLessThan(9_000)
  })

  it('ends a connection that drips a message byte by byte', async () => {
    const socket = await open(await start({ idleMs: 150 }))
    const drip = setInterval(() => socket.write(Buffer.from([0])), 10)
    socket.write(Buffer.from([0xff, 0xff]))
    socket.resume()
    await closed(socket)
    clearInterval(drip)
    expect(socket.destroyed).toBe(true)
  })

  it('ends a connection that asks and never reads', async () => {
    const server = await start({ idleMs: 200 })
    await server.edit({ put: [{ name: 'big.example.test', type: 'TXT', ttl: 1, data: Array.from({ length: 100 }, (_, at) => `"${at}${'x'.repeat(200)}"`) }] }, AbortSignal.timeout(5000))
    const socket = await open(server)
    const query = encode({ type: 'query', id: 1, questions: [{ name: 'big.example.test', type: 'TXT' }] })
    const length = Buffer.alloc(2)
    length.writeUInt16BE(query.length)
    const startedAt = performance.now()
    const flood = setInterval(() => socket.write(Buffer.concat(Array.from({ length: 200 }, () => [length, query]).flat())), 5)
    await closed(socket)
    clearInterval(flood)
    expect(performance.now() - startedAt).toBeLessThan(9_000)
  })

  it('lets the oldest connection go when there are too many', async () => {
    const server = await start({ maxConnections: 3 })
    const first = await open(server)
    first.resume()
    const others = [await open(server), await open(server), await open(server)]
    await closed(first)
    expect(await exchangeTcp(server.address(), [valid('ns.example.test')])).toHaveLength(1)
    for (const socket of others) socket.destroy()
  })

  it('closes with connections open', async () => {
    const server = await start({})
    const socket = await open(server)
    socket.resume()
    const ended = closed(socket)
    await server.close()
    await ended
    servers.splice(0)
    expect(await exchangeUdp(server.address(), valid('ns.example.test'), 100)).toBeUndefined()
  })
})
