import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { itemsInPiece, listPieces, writePieces } from '../../src/api/write-list.ts'
import { fakeOperations, siteView } from './operations.ts'
import { serving, tokens } from './serving.ts'

const sites = (count: number) => Array.from({ length: count }, (_, index) => ({ ...siteView('a.example'), site: `s${index}.example`, text: 'with “quotes”, \\ and 𝄞' }))

it.each([0, 1, itemsInPiece - 1, itemsInPiece, itemsInPiece + 1, 3 * itemsInPiece, 1_000])('makes the same text of %i items, none of its pieces of more than it may', (count) => {
  const items = Array.from({ length: count }, (_, item) => ({ item, text: 'with “quotes”, \\ and 𝄞' }))
  const pieces = [...listPieces('items', items)]
  expect(pieces.join('')).toBe(JSON.stringify({ items }))
  expect(Math.max(...pieces.map((piece) => piece.split('"item":').length - 1))).toBeLessThanOrEqual(itemsInPiece)
})

it.each([2, 1_000])('answers with %i sites as with one text', async (count) => {
  const items = sites(count)
  const { ask } = await serving({}, { operations: { ...fakeOperations(), sites: async () => items } })
  const answer = await ask('GET', '/api/v1/sites', { token: tokens.read })
  expect({ status: answer.status, type: answer.headers.get('content-type'), length: answer.headers.get('content-length') !== null }).toEqual({ status: 200, type: 'application/json', length: count === 2 })
  expect(await answer.text()).toBe(JSON.stringify({ sites: items }))
  const head = await ask('HEAD', '/api/v1/sites', { token: tokens.read })
  expect([head.status, await head.text()]).toEqual([200, ''])
})

/** One response, to a reader that reads nothing yet. */
const response = async () => {
  const server = createServer()
  onTestFinished(() => void server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const reader = connect((server.address() as AddressInfo).port, '127.0.0.1').pause()
  onTestFinished(() => void reader.destroy())
  reader.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  const [, outgoing] = (await once(server, 'request')) as [unknown, ServerResponse]
  return { reader, outgoing }
}

it('lets others have their turn between two pieces', async () => {
  const { outgoing } = await response()
  const turns: number[] = []
  let turn = 0
  const count = (): void => {
    turn += 1
    if (!outgoing.writableEnded) setImmediate(count)
  }
  setImmediate(count)
  const pieces = function* () {
    for (const item of [1, 2, 3, 4]) {
      turns.push(turn)
      yield String(item)
    }
  }
  await writePieces(pieces(), outgoing)
  expect(new Set(turns).size).toBe(4)
})

it('makes no more for a reader that is slow or gone, and breaks off where it cannot go on', async () => {
  const { outgoing, reader } = await response()
  let made = 0
  const pieces = function* () {
    for (; made < 10_000; made += 1) yield 'x'.repeat(100_000)
  }
  const writing = writePieces(pieces(), outgoing)
  await expect.poll(() => outgoing.writableNeedDrain, { timeout: 30_000 }).toBe(true)
  expect(made).toBeLessThan(1_000)
  reader.destroy()
  await writing
  expect(made).toBeLessThan(1_000)

  const other = await response()
  const broken = function* () {
    yield '{'
    throw new Error('boom')
  }
  await writePieces(broken(), other.outgoing)
  expect([other.outgoing.destroyed, other.outgoing.writableFinished]).toEqual([true, false])
})
