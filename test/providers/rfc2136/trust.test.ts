import { afterEach, describe, expect, it } from 'vitest'
import { encodeMark } from '../../../src/core/mark.ts'
import { rcode, tsigError } from '../../../src/providers/rfc2136/numbers.ts'
import { authority, replyBytes } from './scripted-authority.ts'
import { framed } from './scripted-server.ts'
import { createBench, address, create, failure, ipv4, key, markAt, read, signal, text, tsig, wanted } from './fixture.ts'

const bench = createBench()
afterEach(() => bench.close())

describe('a reply that proves nothing', () => {
  it.each([
    ['unsigned', (request: Buffer) => replyBytes(request, {}, undefined),
      'its answer is not signed with key "k" (hmac-sha256), so it cannot be trusted; something between here and there may have answered instead'],
    ['signed with another secret', (request: Buffer) => replyBytes(request, {}, { ...tsig, secret: Buffer.from('x') }),
      'its answer cannot be trusted: its signature is not made with our key'],
    ['signed for another request', (request: Buffer) => {
      const other = Buffer.from(request)
      other[other.length - 10] = (other[other.length - 10] ?? 0) ^ 1
      return replyBytes(other, {}, tsig)
    }, 'its answer cannot be trusted: its signature is not made with our key'],
  ])('is not taken for success: %s', async (_, reply, problem) => {
    const { provider, seen } = await bench.serve(reply)
    expect(await seen(provider.read([key], signal()))).toEqual({ code: 'auth', outcome: 'unchanged', message: `cannot read from SERVER: ${problem}` })
    expect(await seen(provider.apply([create], signal()))).toEqual({ code: 'auth', outcome: 'unknown', message: `cannot update SERVER: ${problem}` })
  })

  it('is passed over if its id is another', async () => {
    const { provider, seen } = await bench.serve((request) => {
      const reply = replyBytes(request, {}, tsig)
      reply.writeUInt16BE(reply.readUInt16BE(0) ^ 1, 0)
      return reply
    })
    expect(await seen(provider.read([key], signal()))).toEqual({ code: 'unavailable', outcome: 'unchanged', message: 'cannot read from SERVER: no whole answer within 300 ms' })
  })

  it.each([
    ['garbage', (request: Buffer) => Buffer.concat([request.subarray(0, 2), Buffer.alloc(30, 0xff)]), /^cannot read from SERVER: its answer is malformed \(.+\); is that a name server\?$/],
    ['the request itself', (request: Buffer) => request, /^cannot read from SERVER: its answer is to another question; is that a name server\?$/],
  ])('is an error of its own: %s', async (_, reply, message) => {
    const { provider, seen } = await bench.serve(reply, { isSigned: false })
    expect(await seen(provider.read([key], signal()))).toEqual({ code: 'unavailable', outcome: 'unchanged', message: expect.stringMatching(message) })
    expect(await seen(provider.apply([create], signal()))).toMatchObject({ code: 'unavailable', outcome: 'unknown' })
  })

  it('names what the server says of a signature that it finds too short', async () => {
    const { provider, seen } = await bench.serve((request) => replyBytes(request, { rcode: rcode.NOTAUTH, tsigError: tsigError.BADTRUNC }, tsig))
    expect(await seen(provider.apply([create], signal()))).toEqual({ code: 'auth', outcome: 'unchanged', message: 'cannot update SERVER: it wants another length of signature for key "k" (hmac-sha256) (BADTRUNC)' })
  })
})

describe('a connection', () => {
  it('may answer out of order, and in single bytes', async () => {
    const answer = authority([ipv4(key.name, '192.0.2.1'), text(markAt, ...encodeMark([address('192.0.2.1')]))], tsig)
    const held: Buffer[] = []
    const { provider } = await bench.serve((request, socket) => {
      held.unshift(framed(answer(request)))
      if (held.length < 6) return undefined
      for (const byte of Buffer.concat(held)) socket.write(Buffer.from([byte]))
      return undefined
    }, { timeoutMs: 3000 })
    expect(await read(provider)).toMatchObject({ key, ...wanted })
  })

  it('ends within its bound though bytes keep coming', async () => {
    const { provider } = await bench.serve((_, socket) => {
      const drip = setInterval(() => socket.write(Buffer.from([0])), 20)
      socket.on('close', () => clearInterval(drip))
      return undefined
    })
    const startedAt = performance.now()
    expect(await failure(provider.read([key], signal()))).toMatchObject({ code: 'unavailable', outcome: 'unchanged' })
    expect(performance.now() - startedAt).toBeLessThan(30_000)
  })

  it('leaves no listeners behind', async () => {
    const warnings: Error[] = []
    const note = (warning: Error): void => void warnings.push(warning)
    process.on('warning', note)
    const { provider } = await bench.serve(authority([], tsig), { timeoutMs: 3000 })
    const stop = new AbortController()
    for (let round = 0; round < 100; round += 1) await provider.read([key], stop.signal)
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', note)
    expect(warnings).toEqual([])
  })
})
