import { chown, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createOrderStore, type OrderStore } from '../../src/store/order-store.ts'
import { makeFolder } from './folder.ts'

const wall = 1_800_000_000_000

const makeBench = async () => {
  const dir = await makeFolder()
  const logged: string[] = []
  const open = (options: { readonly wallMs?: number; readonly isReadOnly?: boolean } = {}): OrderStore =>
    createOrderStore({ dir, wallNow: () => options.wallMs ?? wall, log: (_, message) => void logged.push(message), isReadOnly: options.isReadOnly ?? false })
  return { dir, logged, open, file: join(dir, 'orders', 'a.example.json') }
}

const order = { forMs: 60_000, reason: 'a move', by: 'ann on box' }

it('gives a pause to another process, each site its own, and takes it back', async () => {
  const { dir, logged, open, file } = await makeBench()
  await open().setPause('a.example', order)
  await open().setPause('b.example', { ...order, forMs: undefined })
  expect(await open().load('a.example')).toEqual({ pause: { until: expect.closeTo(wall + 60_000, -3), reason: 'a move', by: 'ann on box' } })
  expect(await open().load('b.example')).toEqual({ pause: { until: undefined, reason: 'a move', by: 'ann on box' } })
  expect(await open().load('c.example')).toEqual({})
  expect([(await stat(join(dir, 'orders'))).mode & 0o777, (await stat(file)).mode & 0o777]).toEqual([0o700, 0o600])
  await open().setPause('a.example', undefined)
  await open().setPause('a.example', undefined)
  expect({ a: await open().load('a.example'), files: await readdir(join(dir, 'orders')), logged }).toEqual({ a: {}, files: ['b.example.json'], logged: [] })
})

it('lasts as long as it was to, whatever is done to the clock', async () => {
  const { open } = await makeBench()
  await open().setPause('a.example', order)
  for (const wallMs of [wall - 86_400_000, wall + 86_400_000]) {
    expect((await open({ wallMs }).load('a.example')).pause?.until).toBeCloseTo(wallMs + 60_000, -3)
  }
})

it.each([
  ['cut short', (text: string) => text.slice(0, 40), 'JSON'],
  ['of another version', (text: string) => text.replace('"version": 1', '"version": 2'), 'expected 1'],
  ['with an order that this program does not know', (text: string) => text.replace('"site"', '"explode": true, "site"'), 'explode'],
  ["another site's", (text: string) => text.replace('a.example', 'b.example'), 'it holds the orders for b.example'],
])('sets a file aside that is %s, says so once, and counts it as no order', async (_, damage, detail) => {
  const { dir, logged, open, file } = await makeBench()
  await open().setPause('a.example', order)
  await writeFile(file, damage(await readFile(file, 'utf8')))
  const dry = open({ isReadOnly: true })
  expect([await dry.load('a.example'), await dry.load('a.example'), await readdir(join(dir, 'orders'))]).toEqual([{}, {}, ['a.example.json']])
  const store = open()
  expect([await store.load('a.example'), await store.load('a.example')]).toEqual([{}, {}])
  const [aside, ...others] = await readdir(join(dir, 'orders'))
  expect(aside).toMatch(/^a\.example\.json\.damaged-2027-01-15T\d{6}\.\d{3}Z$/)
  expect({ others, count: logged.length }).toEqual({ others: [], count: 2 })
  for (const line of logged) expect(line).toContain(detail)
  expect(logged[1]).toContain(`moved to ${join(dir, 'orders', aside ?? '')}; a pause in it does not count: a.example is written to. Order it again with "dns-failover pause"`)
})

it('leaves alone what cannot be read, and says so once', async () => {
  const { logged, open, file } = await makeBench()
  await mkdir(file, { recursive: true })
  const store = open()
  expect([await store.load('a.example'), await store.load('a.example'), logged.length]).toEqual([{}, {}, 1])
  expect(logged[0]).toContain('cannot be read (EISDIR')
  await rm(file, { recursive: true })
})

it('rejects an order that cannot be written down', async () => {
  const { dir, open } = await makeBench()
  await writeFile(join(dir, 'orders'), '')
  await expect(open().setPause('a.example', order)).rejects.toMatchObject({ name: 'StateError', code: 'not-a-directory' })
})

it.runIf(process.getuid?.() === 0)('hands an order that root gives to whoever the state directory belongs to', async () => {
  const { dir, open, file } = await makeBench()
  await chown(dir, 4321, 4321)
  await open().setPause('a.example', order)
  expect([(await stat(join(dir, 'orders'))).uid, (await stat(file)).uid, (await stat(file)).gid]).toEqual([4321, 4321, 4321])
})
