import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { createTransport } from '../../../src/providers/cloudflare/transport.ts'

it('asks over a connection that was opened ahead, and opens none beside one that is open', async () => {
  let opened = 0
  const asked: number[] = []
  const server = createServer((_, response) => {
    asked.push(opened)
    response.end('{}')
  })
  server.on('connection', () => (opened += 1))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4`
  const transport = createTransport(baseUrl, 5_000)
  onTestFinished(async () => {
    await transport.close()
    server.closeAllConnections()
    server.close()
  })
  const ask = async (): Promise<string> => (await transport.fetch(`${baseUrl}/zones`)).text()

  transport.warm()
  await once(server, 'connection', { signal: AbortSignal.timeout(30_000) })
  await pause(20)
  expect(await ask()).toBe('{}')
  transport.warm()
  await pause(50)
  expect(await ask()).toBe('{}')
  expect({ opened, asked }).toEqual({ opened: 1, asked: [1, 1] })
})
