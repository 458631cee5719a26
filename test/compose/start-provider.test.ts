import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { ProviderStartError, startProvider } from '../../src/compose/start-provider.ts'
import type { EmbeddedConfig } from '../../src/config/config.ts'
import type { Address } from '../../src/core/address.ts'
import type { Fqdn } from '../../src/core/fqdn.ts'
import { makeFolder } from '../store/folder.ts'

const address = '127.0.0.4' as Address

/** Somebody else on a port. */
const occupy = async (): Promise<{ readonly server: Server; readonly port: number }> => {
  const server = createServer()
  server.listen(0, address)
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const bound = server.address()
  return { server, port: typeof bound === 'object' && bound !== null ? bound.port : 0 }
}

const start = async (port: number) => {
  const config = { type: 'embedded', listen: { address, port }, zone: 'example.test' as Fqdn, records: [] } as EmbeddedConfig
  return startProvider('local', config, { stateDir: join(await makeFolder(), 'state'), isDryRun: false, wallNow: Date.now, log: () => undefined })
}

it('waits for a port that is taken for a moment, as by a look at the zone from a command line', async () => {
  const { server, port } = await occupy()
  const starting = start(port)
  setTimeout(() => server.close(), 300)
  const provider = await starting
  await provider.close?.()
})

it('says that a port is taken which stays so', async () => {
  const { port } = await occupy()
  const error = await start(port).then(() => undefined, (reason: unknown) => reason)
  expect(error).toBeInstanceOf(ProviderStartError)
  expect(String(error)).toContain(`cannot start provider "local" (embedded): listen EADDRINUSE: address already in use ${address}:${port}`)
})
