import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import type { ApiParts } from '../../src/api/api-parts.ts'
import { type ApiDoors, openApiDoors } from '../../src/cli/service/api-doors.ts'
import type { Config } from '../../src/config/config.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import { fakeHistory, fakeOperations } from '../api/operations.ts'
import { unbuiltPages } from '../api/pages.ts'
import { freePort } from '../free-port.ts'
import { makeFolder } from '../store/folder.ts'

const [given, revoked] = ['given-token-0123456789', 'revoked-token-0123456789']

const parts = (): ApiParts => ({
  operations: fakeOperations(),
  history: fakeHistory(),
  pages: unbuiltPages,
  version: '1.2.3',
  metrics: async () => ({ contentType: 'text/plain', body: '' }),
  receive: () => undefined,
  testAlert: async () => [],
  log: () => undefined,
  now: () => performance.now(),
  wallNow: Date.now,
})

interface Bench {
  readonly doors: ApiDoors
  readonly port: number
  readonly errors: readonly string[]
  load(listen: string, token: string | undefined): Promise<Config>
  /** What a token opens at a port: its status, or undefined where nobody listens. */
  status(port: number, token: string): Promise<number | undefined>
}

const makeDoors = async (address: string): Promise<Bench> => {
  const dir = await makeFolder()
  const port = await freePort()
  const load: Bench['load'] = async (listen, token) => {
    const file = join(dir, 'dns-failover.yaml')
    const tokens = token === undefined ? '' : `  tokens: { ops: { token: ${token}, scopes: [operate] } }\n`
    await writeFile(
      file,
      `version: 1
state: ./state-that-is-not-there
providers: { local: { type: embedded, listen: "127.0.0.1:5300", zone: one.test } }
api:
  listen: "${listen}"
${tokens}sites:
  one.test: { regions: { msk: { addresses: [198.51.100.1] }, ams: { addresses: [198.51.100.2] } }, check: { url: "http://{site}/" } }
`,
    )
    const loaded = await loadConfig(file, {})
    if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('; '))
    return loaded.config
  }
  const errors: string[] = []
  const doors = await openApiDoors(await load(`${address}:${port}`, revoked), parts(), (level, message) => void (level === 'error' && errors.push(message)))
  onTestFinished(() => doors.close())
  const status: Bench['status'] = async (at, token) =>
    fetch(`http://127.0.0.1:${at}/api/v1/sites`, { headers: { authorization: `Bearer ${token}`, connection: 'close' } }).then(
      (answer) => answer.status,
      () => undefined,
    )
  return { doors, port, errors, load, status }
}

const takenPort = async (): Promise<{ readonly port: number; free(): Promise<void> }> => {
  const port = await freePort()
  const other = createServer().listen(port, '127.0.0.1')
  await once(other, 'listening')
  onTestFinished(() => void other.close())
  return {
    port,
    free: async () => {
      other.close()
      await once(other, 'close')
    },
  }
}

it('a token that a reload takes away opens nothing, though the port that the same reload names cannot be had', async () => {
  const { doors, port, errors, load, status } = await makeDoors('127.0.0.1')
  const taken = await takenPort()
  expect(await status(port, revoked)).toBe(200)

  await doors.follow(await load(`127.0.0.1:${taken.port}`, given))
  expect(errors).toEqual([expect.stringContaining(`the HTTP API stays where it was: the API cannot listen on 127.0.0.1 port ${taken.port}`)])
  expect([await status(port, revoked), await status(port, given)]).toEqual([401, 200])

  await doors.follow(await load(`127.0.0.1:${port}`, revoked))
  expect(errors).toHaveLength(1)
  expect([await status(port, revoked), await status(port, given)]).toEqual([200, 401])

  await doors.follow(await load(`127.0.0.1:${taken.port}`, given))
  await taken.free()
  await doors.follow(await load(`127.0.0.1:${taken.port}`, given))
  expect([await status(port, given), await status(taken.port, given)]).toEqual([undefined, 200])
})

it('a port that others reach is closed where no token is left, though the next one cannot be had', async () => {
  const { doors, port, errors, load, status } = await makeDoors('0.0.0.0')
  const taken = await takenPort()
  await doors.follow(await load(`127.0.0.1:${taken.port}`, undefined))
  expect(errors.map((error) => error.slice(0, 23))).toEqual(['the HTTP API stays wher', 'the HTTP API is closed:'])
  expect(await status(port, revoked)).toBeUndefined()

  await doors.follow(await load(`0.0.0.0:${port}`, given))
  expect(await status(port, given)).toBe(200)
})
