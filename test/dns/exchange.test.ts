import type { Socket } from 'node:net'
import { TRUNCATED_RESPONSE, type DecodedPacket } from 'dns-packet'
import { afterEach, describe, expect, it } from 'vitest'
import { exchange, type ExchangeOptions } from '../../src/dns/exchange.ts'
import { address } from '../fakes/dns-names.ts'
import { a, answerTo, type FakeDnsBehaviour, type FakeDnsServer, framed, startDnsServer, type UdpQuery } from '../fakes/dns-server.ts'

const name = 'www.example.test'
const question = { name, type: 'A' } as const
const options: ExchangeOptions = { isRecursive: false, tries: 1, tryMs: 300, tcpMs: 400 }
const good = [{ type: 'A', name, ttl: 60, address: '192.0.2.1' }]

const servers: FakeDnsServer[] = []
const start = async (behaviour: FakeDnsBehaviour): Promise<FakeDnsServer> => {
  const server = await startDnsServer(behaviour)
  servers.push(server)
  return server
}
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

const ask = async (behaviour: FakeDnsBehaviour, over: Partial<ExchangeOptions> = {}): Promise<unknown> => {
  const server = await start(behaviour)
  const transfer = await exchange(server.endpoint, question, { ...options, ...over }, new AbortController().signal)
  return transfer.kind === 'reply' ? transfer.reply.answers : transfer.detail
}

const right = (query: DecodedPacket): Buffer => answerTo(query, [a(name, '192.0.2.1')])
const wrong = (query: DecodedPacket, override: Parameters<typeof answerTo>[2]): Buffer => answerTo(query, [a(name, '203.0.113.66')], override)

const answerThenBlock = ({ query, send }: UdpQuery): void => {
  send(right(query))
  setImmediate(() => {
    for (const until = performance.now() + 120; performance.now() < until; );
  })
}

const byteByByte = async (query: DecodedPacket, socket: Socket): Promise<void> => {
  for (const byte of framed(right(query))) {
    socket.write(Buffer.from([byte]))
    await new Promise(setImmediate)
  }
}

const drip = (_: DecodedPacket, socket: Socket): void => {
  socket.write(Buffer.from([0xff, 0xff]))
  const timer = setInterval(() => socket.write(Buffer.alloc(1)), 20)
  socket.on('close', () => clearInterval(timer))
}

/** What a forger, a confused middle box, or a broken server may send before the right answer comes. */
const impostors: Readonly<Record<string, (query: UdpQuery) => void>> = {
  'another id': ({ query, send }) => send(wrong(query, { id: ((query.id ?? 0) + 1) % 65_536 })),
  'another name in the question': ({ query, send }) => send(wrong(query, { questions: [{ name: 'evil.example.test', type: 'A' }] })),
  'another type in the question': ({ query, send }) => send(wrong(query, { questions: [{ name, type: 'AAAA' }] })),
  'another class in the question': ({ query, send }) => send(wrong(query, { questions: [{ name, type: 'A', class: 'CH' }] })),
  'two questions': ({ query, send }) => send(wrong(query, { questions: [{ name, type: 'A' }, { name, type: 'A' }] })),
  'no question': ({ query, send }) => send(wrong(query, { questions: [] })),
  'another source port': ({ query, sendFromElsewhere }) => sendFromElsewhere(wrong(query, {})),
  'a query instead of a response': ({ query, send }) => send(wrong(query, { type: 'query' })),
  'another opcode': ({ query, send }) => send(wrong(query, { flags: 0x28_00 })),
  'an empty datagram': ({ send }) => send(Buffer.alloc(0)),
  'half a header': ({ query, send }) => send(right(query).subarray(0, 7)),
  'a record cut short': ({ query, send }) => send(right(query).subarray(0, -2)),
  'noise': ({ query, send }) => send(Buffer.concat([right(query).subarray(0, 2), Buffer.alloc(200, 0xa7)])),
  'counts of records that are not there': ({ query, send }) => {
    const message = right(query)
    message.writeUInt16BE(65_535, 6)
    send(message)
  },
  'a compression pointer to itself': ({ query, send }) => {
    const message = Buffer.from(right(query))
    message.writeUInt16BE(0xc0_00 | 12, 12)
    send(message)
  },
  'two compression pointers to each other': ({ query, send }) => {
    const message = Buffer.concat([right(query).subarray(0, 12), Buffer.from([0xc0, 14, 0xc0, 12]), Buffer.alloc(40)])
    send(message)
  },
  'an address of no bytes': ({ query, send }) => {
    const message = right(query)
    message.writeUInt16BE(0, message.length - 6)
    send(message.subarray(0, -4))
  },
  'an address that borrows the bytes of its neighbour': ({ query, send }) => {
    const message = answerTo(query, [a(name, '203.0.113.66'), a(name, '203.0.113.66')])
    message.writeUInt16BE(0, 12 + name.length + 2 + 4 + name.length + 2 + 8)
    send(message)
  },
}

describe('exchange over UDP', () => {
  it('returns the reply', async () => {
    expect(await ask({ udp: ({ query, send }) => send(right(query)) })).toEqual(good)
  })

  it('works over IPv6', async () => {
    expect(await ask({ address: '::1', udp: ({ query, send }) => send(right(query)) })).toEqual(good)
  })

  it('takes the name in any case', async () => {
    const shouted = 'WWW.Example.TEST'
    const udp = ({ query, send }: UdpQuery): void => send(answerTo(query, [a(shouted, '192.0.2.1')], { questions: [{ name: shouted, type: 'A' }] }))
    expect(await ask({ udp })).toEqual(good)
  })

  it('asks with EDNS, without recursion, from another port and with another id each time', async () => {
    const server = await start({})
    await exchange(server.endpoint, question, { ...options, tries: 8, tryMs: 20 }, new AbortController().signal)
    expect(server.seen.map(({ query }) => [query.flag_rd, query.questions, (query.additionals ?? []).map((opt) => (opt.type === 'OPT' ? opt.udpPayloadSize : 0))])).toEqual(
      Array.from({ length: 8 }, () => [false, [{ name, type: 'A', class: 'IN' }], [1232]]),
    )
    expect(new Set(server.seen.map(({ port }) => port)).size).toBeGreaterThan(6)
    expect(new Set(server.seen.map(({ query }) => query.id)).size).toBeGreaterThan(6)
  })

  it.each(Object.entries(impostors))('passes over %s and waits for the right answer', async (_, impostor) => {
    const udp = (query: UdpQuery): void => {
      impostor(query)
      setTimeout(() => query.send(right(query.query)), 40)
    }
    expect(await ask({ udp })).toEqual(good)
  })

  it.each(Object.entries(impostors))('takes %s for no answer at all', async (_, impostor) => {
    expect(await ask({ udp: impostor }, { tryMs: 60 })).toBe('did not answer within 60 ms')
  })

  it('counts only records of class IN', async () => {
    const chaos = { type: 'A', name, data: '203.0.113.66', class: 'CH' } as const
    expect(await ask({ udp: ({ query, send }) => send(answerTo(query, [chaos, a(name, '192.0.2.1')])) })).toEqual(good)
  })

  it('asks again when an answer is lost', async () => {
    let lost = 2
    const udp = ({ query, send }: UdpQuery): void => void (lost > 0 ? (lost -= 1) : send(right(query)))
    expect(await ask({ udp }, { tries: 3, tryMs: 60 })).toEqual(good)
  })

  it('says how often it asked a silent server', async () => {
    expect(await ask({}, { tries: 3, tryMs: 30 })).toBe('did not answer within 30 ms, 3 times')
  })

  it('hears of a closed port at once', async () => {
    const server = await startDnsServer({})
    await server.close()
    const startedAt = performance.now()
    expect(await exchange(server.endpoint, question, { ...options, tryMs: 60_000 }, new AbortController().signal)).toEqual({
      kind: 'failed',
      detail: 'refused the connection (nothing listens there)',
    })
    expect(performance.now() - startedAt).toBeLessThan(30_000)
  })

  it('survives an address that cannot be connected to', async () => {
    const transfer = await exchange({ address: address('fe80::1'), port: 53 }, question, options, new AbortController().signal)
    expect(transfer).toMatchObject({ kind: 'failed', detail: expect.stringMatching(/^can/) })
  })

  it.each(['before', 'meanwhile'])('ends promptly on an abort %s', async (when) => {
    const server = await start({})
    const abort = new AbortController()
    if (when === 'before') abort.abort()
    const startedAt = performance.now()
    const asking = exchange(server.endpoint, question, { ...options, tries: 3, tryMs: 60_000 }, abort.signal)
    setImmediate(() => abort.abort())
    expect(await asking).toMatchObject({ kind: 'failed' })
    expect(performance.now() - startedAt).toBeLessThan(30_000)
  })

  it.each([['FORMERR with the question', 1, true], ['a bare FORMERR', 1, false], ['a bare NOTIMP', 4, false]] as const)('asks without EDNS after %s', async (_, rcode, hasQuestion) => {
    const udp = ({ query, send }: UdpQuery): void =>
      send((query.additionals ?? []).length > 0 ? answerTo(query, [], { rcode, ...(hasQuestion ? {} : { questions: [] }) }) : right(query))
    expect(await ask({ udp })).toEqual(good)
  })

  it('returns a FORMERR that stays', async () => {
    const server = await start({ udp: ({ query, send }) => send(answerTo(query, [], { rcode: 1 })) })
    expect(await exchange(server.endpoint, question, options, new AbortController().signal)).toMatchObject({ kind: 'reply', reply: { rcode: 1 } })
    expect(server.seen).toHaveLength(2)
  })

  it('adds the upper bits of the code that EDNS carries', async () => {
    const opt = { type: 'OPT', name: '.', udpPayloadSize: 1232, extendedRcode: 1, ednsVersion: 0, flags: 0, flag_do: false, options: [] } as const
    const server = await start({ udp: ({ query, send }) => send(answerTo(query, [], { additionals: [{ ...opt, options: [] }] })) })
    expect(await exchange(server.endpoint, question, options, new AbortController().signal)).toMatchObject({ kind: 'reply', reply: { rcode: 16 } })
  })

  it('is not fooled by a busy process into missing an answer that has arrived', async () => {
    const answers = await ask({ udp: answerThenBlock }, { tryMs: 60 })
    expect(answers).toEqual(good)
  })
})

const truncated = ({ query, send }: UdpQuery): void => send(answerTo(query, [], { flags: TRUNCATED_RESPONSE }))

describe('exchange over TCP, after a truncated answer', () => {
  it('returns the whole reply', async () => {
    const many = Array.from({ length: 500 }, (_, at) => a(name, `192.0.${at >> 8}.${at & 255}`))
    const answers = await ask({ udp: truncated, tcp: (query, socket) => socket.write(framed(answerTo(query, many))) })
    expect(answers).toHaveLength(500)
  })

  it('puts together what comes byte by byte', async () => {
    expect(await ask({ udp: truncated, tcp: byteByByte })).toEqual(good)
  })

  it('stops at the length that was announced', async () => {
    expect(await ask({ udp: truncated, tcp: (query, socket) => socket.write(Buffer.concat([framed(right(query)), Buffer.alloc(300_000)])) })).toEqual(good)
  })

  it.each([
    ['silence', () => undefined, 'did not answer over TCP within 400 ms'],
    ['a close', (_: DecodedPacket, socket: { end(): void }) => socket.end(), 'closed the TCP connection before its answer was whole'],
    ['a close in the middle', (query: DecodedPacket, socket: { end(data: Buffer): void }) => socket.end(framed(right(query)).subarray(0, 20)), 'closed the TCP connection before its answer was whole'],
    ['another id', (query: DecodedPacket, socket: { write(data: Buffer): void }) => socket.write(framed(wrong(query, { id: (query.id ?? 0) ^ 1 }))), 'sent something over TCP that is no answer to the question'],
    ['an empty message', (_: DecodedPacket, socket: { write(data: Buffer): void }) => socket.write(framed(Buffer.alloc(0))), 'sent something over TCP that is no answer to the question'],
    ['noise', (_: DecodedPacket, socket: { write(data: Buffer): void }) => socket.write(Buffer.alloc(66_000, 0x41)), 'sent something over TCP that is no answer to the question'],
    ['truncation', (query: DecodedPacket, socket: { write(data: Buffer): void }) => socket.write(framed(answerTo(query, [], { flags: TRUNCATED_RESPONSE }))), 'truncated its answer even over TCP'],
  ] as const)('names %s', async (_, tcp, detail) => {
    expect(await ask({ udp: truncated, tcp: tcp as NonNullable<FakeDnsBehaviour['tcp']> })).toBe(detail)
  })

  it('ends a drip at its bound', async () => {
    const startedAt = performance.now()
    expect(await ask({ udp: truncated, tcp: drip })).toBe('did not answer over TCP within 400 ms')
    expect(performance.now() - startedAt).toBeLessThan(30_000)
  })

  it('says that nothing listens on TCP', async () => {
    expect(await ask({ udp: truncated })).toBe('refused the connection (nothing listens there) over TCP')
  })
})
