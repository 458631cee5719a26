import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { noOrders } from '../../src/core/orders.ts'
import { acquireLock } from '../../src/store/lock.ts'
import { createOrderStore, type OrderStore } from '../../src/store/order-store.ts'
import { readOwnIdentity } from '../../src/store/process-identity.ts'
import { makeFolder } from './folder.ts'

const wall = 1_800_000_000_000

const makeBench = async () => {
  const dir = await makeFolder()
  const logged: string[] = []
  const open = (options: { readonly wallMs?: number; readonly isReadOnly?: boolean } = {}): OrderStore =>
    createOrderStore({ dir, wallNow: () => options.wallMs ?? wall, log: (_, message) => void logged.push(message), isReadOnly: options.isReadOnly ?? false })
  return { dir, logged, open, file: join(dir, 'orders', 'a.example.json') }
}

const namesIn = async (dir: string): Promise<readonly string[]> => (await readdir(join(dir, 'orders'))).filter((name) => name !== 'lock').toSorted()

const order = { forMs: 60_000, reason: 'a move', by: 'ann on box' }

it('gives a pause to another process, each site its own, and takes it back', async () => {
  const { dir, logged, open, file } = await makeBench()
  await open().setPause('a.example', order)
  await open().setPause('b.example', { ...order, forMs: undefined })
  expect(await open().load('a.example')).toEqual({ ...noOrders, pause: { until: expect.closeTo(wall + 60_000, -3), reason: 'a move', by: 'ann on box' } })
  expect(await open().load('b.example')).toEqual({ ...noOrders, pause: { until: undefined, reason: 'a move', by: 'ann on box' } })
  expect(await open().load('c.example')).toEqual(noOrders)
  expect([(await stat(join(dir, 'orders'))).mode & 0o777, (await stat(file)).mode & 0o777]).toEqual([0o700, 0o600])
  await open().setPause('a.example', undefined)
  await open().setPause('a.example', undefined)
  expect({ a: await open().load('a.example'), files: await namesIn(dir), logged }).toEqual({ a: noOrders, files: ['b.example.json'], logged: [] })
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
  ['of no version', (text: string) => text.replace('"version": 1', '"version": 0'), 'expected 1'],
  ['of times that cannot be', (text: string) => text.replace('1800000000000', '1e300'), 'pause.orderedAt.wallMs'],
  ['with an order that this program does not know', (text: string) => text.replace('"site"', '"explode": true, "site"'), 'explode'],
  ["another site's", (text: string) => text.replace('a.example', 'b.example'), 'it holds the orders for b.example'],
])('sets a file aside that is %s, says so once, and counts it as no order', async (_, damage, detail) => {
  const { dir, logged, open, file } = await makeBench()
  await open().setPause('a.example', order)
  await writeFile(file, damage(await readFile(file, 'utf8')))
  const dry = open({ isReadOnly: true })
  expect([await dry.load('a.example'), await dry.load('a.example'), await namesIn(dir)]).toEqual([noOrders, noOrders, ['a.example.json']])
  const store = open()
  expect([await store.load('a.example'), await store.load('a.example')]).toEqual([noOrders, noOrders])
  const [aside, ...others] = await namesIn(dir)
  expect(aside).toMatch(/^a\.example\.json\.damaged-2027-01-15T\d{6}\.\d{3}Z$/)
  expect({ others, count: logged.length }).toEqual({ others: [], count: 2 })
  for (const line of logged) expect(line).toContain(detail)
  expect(logged[1]).toContain(`moved to ${join(dir, 'orders', aside ?? '')}; a pause in it does not count, nor does a drain or a force: a.example is written to by its checks alone. Order it again with "dns-failover pause", "drain" or "force"`)
})

it('keeps a file of a newer version under a name that says so', async () => {
  const { dir, logged, open, file } = await makeBench()
  await open().setPause('a.example', order)
  const text = (await readFile(file, 'utf8')).replace('"version": 1', '"version": 2')
  await writeFile(file, text)
  expect(await open().load('a.example')).toEqual(noOrders)
  const [aside = '', ...others] = await namesIn(dir)
  expect({ others, text: await readFile(join(dir, 'orders', aside), 'utf8') }).toEqual({ others: [], text })
  expect(aside).toMatch(/^a\.example\.json\.newer-version-2027-01-15T\d{6}\.\d{3}Z$/)
  expect(logged).toEqual([expect.stringContaining('(it was written by a newer version of this program: format 2, this one knows 1); moved to ')])
  expect(logged[0]).toMatch(/, or go back to the newer version and put the file back$/)
})

it('reads what a program wrote that knew only pauses', async () => {
  const { dir, open, file } = await makeBench()
  await mkdir(join(dir, 'orders'))
  await writeFile(file, JSON.stringify({ version: 1, site: 'a.example', pause: { orderedAt: { wallMs: wall - 10_000 }, forMs: 60_000, reason: 'a move', by: 'ann' } }))
  const pause = { until: wall + 50_000, reason: 'a move', by: 'ann' }
  expect(await open().load('a.example')).toEqual({ ...noOrders, pause })
  await open().setDrain('a.example', 'msk', { ...order, isForced: false })
  expect(await open().load('a.example')).toMatchObject({ pause, drains: { msk: { reason: 'a move' } } })
})

it('keeps drains, forces and skipped windows by region, and takes back one without the others', async () => {
  const { dir, open } = await makeBench()
  const regions = ['msk', '__proto__', 'constructor', 'toString']
  for (const region of regions) {
    await open().setDrain('a.example', region, { ...order, isForced: region === 'msk' })
    await open().setForce('a.example', region, { ...order, forMs: undefined, to: 'down' })
    await open().skipWindow('a.example', region, 30_000)
  }
  const near = (at: number): unknown => expect.closeTo(at, -4)
  const { drains, forces, skips } = await open().load('a.example')
  for (const record of [drains, forces, skips ?? {}]) expect(Object.keys(record)).toEqual(regions)
  expect(drains['msk']).toEqual({ id: String(wall), since: near(wall), until: near(wall + 60_000), reason: 'a move', by: 'ann on box', isForced: true, origin: 'order' })
  expect(forces['constructor']).toEqual({ id: String(wall), since: near(wall), until: undefined, reason: 'a move', by: 'ann on box', to: 'down' })
  expect(skips?.['msk']).toEqual(near(wall + 30_000))
  await open().setDrain('a.example', '__proto__', undefined)
  await open().setDrain('a.example', 'hasOwnProperty', undefined)
  expect(Object.keys((await open().load('a.example')).drains)).toEqual(['msk', 'constructor', 'toString'])
  for (const region of regions) {
    await open().setDrain('a.example', region, undefined)
    await open().setForce('a.example', region, undefined)
    await open().skipWindow('a.example', region, 0)
  }
  expect({ orders: await open().load('a.example'), names: await namesIn(dir) }).toEqual({ orders: noOrders, names: [] })
})

it('has an order go on for another name, unless that has one of its own', async () => {
  const { open } = await makeBench()
  await open().setDrain('a.example', 'msk', { ...order, isForced: false })
  await open().skipWindow('a.example', 'msk', 30_000)
  for (const [region, reason] of [['msk', 'old'], ['moscow', 'new']] as const) await open().setForce('a.example', region, { ...order, reason, to: 'down' })
  await open().rename('a.example', 'msk', 'moscow')
  await open().rename('a.example', 'ams', 'amsterdam')
  const { drains, forces, skips } = await open().load('a.example')
  expect([Object.keys(drains), Object.entries(forces).map(([region, { reason }]) => `${region} ${reason}`), Object.keys(skips ?? {})]).toEqual([['moscow'], ['msk old', 'moscow new'], ['moscow']])
})

it('replaces the order for a region, and forgets with the next what is over', async () => {
  const { open, file } = await makeBench()
  await open().setDrain('a.example', 'msk', { ...order, forMs: 0, isForced: false })
  await open().setDrain('a.example', 'ams', { ...order, isForced: false })
  await open().setDrain('a.example', 'ams', { ...order, reason: 'again', isForced: true })
  const { drains } = JSON.parse(await readFile(file, 'utf8')) as { readonly drains: readonly { readonly region: string; readonly reason: string }[] }
  expect(drains.map(({ region, reason }) => [region, reason])).toEqual([['ams', 'again']])
})

it.each([Infinity, 1e300, -5])('takes an order for %d milliseconds without making a file that cannot be read', async (forMs) => {
  const { open, logged } = await makeBench()
  await open().setDrain('a.example', 'msk', { ...order, forMs, isForced: false })
  await open().skipWindow('a.example', 'msk', forMs)
  const until = (await open().load('a.example')).drains['msk']?.until
  expect({ isLong: until !== undefined && new Date(until).getUTCFullYear() > 9999, logged }).toEqual({ isLong: forMs > 0, logged: [] })
})

it('tells an order for longer than was known from one that is over, without the file being read again', async () => {
  const { dir, file } = await makeBench()
  let wallMs = wall
  await mkdir(join(dir, 'orders'))
  await writeFile(file, JSON.stringify({ version: 1, site: 'a.example', drains: [{ region: 'msk', orderedAt: { wallMs }, forMs: 60_000, reason: '', by: '', isForced: false }] }))
  const store = createOrderStore({ dir, wallNow: () => wallMs, now: () => 0, log: () => undefined })
  expect((await store.load('a.example')).drains['msk']).toMatchObject({ since: wall, until: wall + 60_000 })
  wallMs += 59_999
  expect((await store.load('a.example')).drains['msk']).toMatchObject({ since: wall, until: wall + 60_000 })
  wallMs += 1
  expect(await store.load('a.example')).toEqual(noOrders)
})

it('sees its own orders at once, and loses none of many at once by several stores', async () => {
  const { open, dir } = await makeBench()
  const [one, two] = [open(), open()]
  expect(await one.load('a.example')).toEqual(noOrders)
  await one.setDrain('a.example', 'first', { ...order, isForced: false })
  expect(Object.keys((await one.load('a.example')).drains)).toEqual(['first'])
  await Promise.all(Array.from({ length: 10 }, (_, at) => [one.setDrain('a.example', `one-${at}`, { ...order, isForced: false }), two.setForce('a.example', `two-${at}`, { ...order, to: 'up' })]).flat())
  for (const store of [one, two]) {
    const { drains, forces } = await store.load('a.example')
    expect([Object.keys(drains).length, Object.keys(forces).length]).toEqual([11, 10])
  }
  expect(await readdir(join(dir, 'orders', 'lock'))).toEqual([])
})

it('loses no order of several processes at once', async () => {
  const { open, dir } = await makeBench()
  const script = fileURLToPath(new URL('order-process.mjs', import.meta.url))
  const processes = ['p', 'q', 'r', 's'].map((name) => spawn(process.execPath, [script, dir, 'a.example', ...Array.from({ length: 8 }, (_, at) => `${name}${at}`)], { stdio: 'inherit' }))
  expect(await Promise.all(processes.map(async (child) => (await once(child, 'exit'))[0] as number))).toEqual([0, 0, 0, 0])
  expect(Object.keys((await open().load('a.example')).drains).length).toBe(32)
})

it('writes after a process that died while it held the lock of the orders', async () => {
  const { open, dir } = await makeBench()
  const record = { version: 1, nonce: 'dead', command: 'an order', since: 'then', hasSocket: true, ...(await readOwnIdentity()), startTicks: 1 }
  await mkdir(join(dir, 'orders', 'lock'), { recursive: true })
  await writeFile(join(dir, 'orders', 'lock', 'holder.json'), JSON.stringify(record))
  await open().setPause('a.example', order)
  expect((await open().load('a.example')).pause?.reason).toBe('a move')
})

it('says who keeps it from writing an order, after two seconds', async () => {
  const { open, dir } = await makeBench()
  const held = await acquireLock(join(dir, 'orders'), { command: 'a test' })
  await expect(open().setPause('a.example', order)).rejects.toMatchObject({
    name: 'StateError',
    message: expect.stringMatching(/^cannot lock the orders in .*: a test \(process \d+ on .*\) has held them since .*, and still did after 2 s; try again, and if it hangs, end that process$/),
  })
  await open().setPause('a.example', undefined)
  if (held.kind === 'held') await held.release()
})

it('goes on with what it read last when a file cannot be read any more', async () => {
  const { logged, open, file } = await makeBench()
  const store = open()
  await store.setDrain('a.example', 'msk', { ...order, isForced: false })
  expect(Object.keys((await store.load('a.example')).drains)).toEqual(['msk'])
  await rm(file)
  await symlink(file, file)
  expect([Object.keys((await store.load('a.example')).drains), Object.keys((await store.load('a.example')).drains)]).toEqual([['msk'], ['msk']])
  expect(logged).toEqual([expect.stringMatching(/cannot be read \(ELOOP.*; those that were read last go on to count until they are over$/)])
  await expect(store.setPause('a.example', order)).rejects.toMatchObject({ name: 'StateError', message: expect.stringContaining('ELOOP') })
})

it('leaves alone what cannot be read, and says so once', async () => {
  const { logged, open, file } = await makeBench()
  await mkdir(file, { recursive: true })
  const store = open()
  expect([await store.load('a.example'), await store.load('a.example'), logged.length]).toEqual([noOrders, noOrders, 1])
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
