import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { serving, tokens } from './serving.ts'

const stranger = '127.0.66.2'

const from = (localAddress: string, port: number, bytes = ''): Socket => {
  const socket = connect({ host: '127.0.0.1', port, localAddress })
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => undefined)
  if (bytes !== '') socket.write(bytes)
  return socket
}

/** Resolves once so many of the sockets are open, and all others closed. */
const settled = (sockets: readonly Socket[], open: number): Promise<void> =>
  expect.poll(() => [sockets.filter(({ closed }) => !closed).length, sockets.some(({ connecting }) => connecting)], { interval: 20, timeout: 30_000 }).toEqual([open, false])

it('has room for others beside one client that opens all the connections it can', async () => {
  const { port, ask } = await serving()
  const crowd = Array.from({ length: 520 }, () => from(stranger, port))
  await settled(crowd, 100)
  expect((await ask('GET', '/healthz')).status).toBe(200)
  crowd.find(({ closed }) => !closed)?.destroy()
  await expect.poll(async () => {
    const next = from(stranger, port, 'GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')
    const [part] = await Promise.race([once(next, 'data'), once(next, 'close')])
    return String(part).slice(0, 12)
  }, { timeout: 30_000 }).toBe('HTTP/1.1 200')
})

it('bears with more from a proxy that is trusted', async () => {
  const { port } = await serving({ trustedProxies: ['127.0.66.0/24'] })
  const crowd = Array.from({ length: 150 }, () => from(stranger, port))
  await settled(crowd, 150)
})

it('reads the bodies of others beside those that one client begins and does not end', async () => {
  const { port, ask } = await serving()
  const size = 1_048_576
  const begun = Array.from({ length: 17 }, () => from(stranger, port, `POST /api/v1/webhooks/kuma HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n${' '.repeat(size - 6)}`))
  // Four fit in; the others are told to come again.
  await expect.poll(() => begun.filter(({ bytesRead }) => bytesRead > 0).length, { interval: 20, timeout: 30_000 }).toBeGreaterThanOrEqual(13)
  expect((await ask('POST', '/api/v1/webhooks/kuma', { token: tokens.source, body: { down: ['msk'], pad: 'x'.repeat(1_000_000) } })).status).toBe(202)
})
