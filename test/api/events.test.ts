import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { StoredEvent } from '../../src/engine/history-port.ts'
import { createEventStreams, type EventStreamLimits, usualStreamLimits } from '../../src/api/event-streams.ts'
import { sseParser } from '../../src/api/client/sse-parser.ts'
import { rawConnection, readEvents } from './event-reading.ts'
import { fakeHistory, storedEvent } from './operations.ts'
import { serving, tokens } from './serving.ts'

const authorization = `Bearer ${tokens.read}`

/** Resolves once it is so. */
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) {
    // oxlint-disable-next-line no-await-in-loop
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('pages of events', () => {
  it('lead from one to the next, with the same question', async () => {
    const { ask, history } = await serving()
    for (let id = 1; id <= 7; id += 1) history.add(storedEvent(id, { site: id === 4 ? 'b.example' : 'a.example' }))
    const seen: number[] = []
    let next: string | null = '/api/v1/events?site=a.example&limit=2&since=1d'
    while (next !== null) {
      // oxlint-disable-next-line no-await-in-loop
      const page = (await (await ask('GET', next, { token: tokens.read })).json()) as { events: { id: number }[]; next: string | null }
      seen.push(...page.events.map(({ id }) => id))
      if (page.next !== null) expect(page.next).toContain('since=2026-01-30T12%3A00%3A00.000Z')
      next = page.next === null ? null : `/api/v1/events${page.next}`
    }
    expect(seen).toEqual([7, 6, 5, 3, 2, 1])
  })

  it('go forwards from an event', async () => {
    const { ask, history } = await serving()
    for (let id = 1; id <= 3; id += 1) history.add(storedEvent(id))
    const answer = await ask('GET', '/api/v1/events?after=1&limit=1', { token: tokens.read })
    expect(await answer.json()).toMatchObject({ events: [{ id: 2 }], next: '?limit=1&after=2', trouble: null })
  })
})

describe('a stream of events', () => {
  it('tells new ones as they happen', async () => {
    const { url, history } = await serving()
    history.add(storedEvent(1))
    const stream = await readEvents(`${url}/api/v1/events`, { authorization })
    expect([stream.response.status, stream.response.headers.get('content-type'), stream.response.headers.get('cache-control')]).toEqual([200, 'text/event-stream', 'no-store'])
    await until(() => history.followers === 1)
    history.add(storedEvent(2))
    expect(await stream.ids(1)).toEqual([2])
    expect(stream.text()).toBe(`retry: 2000\n\nid: 2\ndata: ${JSON.stringify(storedEvent(2))}\n\n`)
  })

  it('goes on after the last event that its reader has, by header or query; the header is newer', async () => {
    const { url, history } = await serving()
    for (let id = 1; id <= 1_203; id += 1) history.add(storedEvent(id))
    const byHeader = await readEvents(`${url}/api/v1/events?after=1`, { authorization, 'last-event-id': '3' })
    const ids = await byHeader.ids(1_200)
    expect([ids.length, ids[0], ids.at(-1), new Set(ids).size]).toEqual([1_200, 4, 1_203, 1_200])
    await until(() => history.followers === 1)
    history.add(storedEvent(1_204))
    expect((await byHeader.ids(1_201)).at(-1)).toBe(1_204)
    const byQuery = await readEvents(`${url}/api/v1/events?after=1202`, { authorization, 'last-event-id': 'nonsense' })
    expect(await byQuery.ids(2)).toEqual([1_203, 1_204])
  })

  it('tells of a site, a region and kinds alone', async () => {
    const { url, history } = await serving()
    const stream = await readEvents(`${url}/api/v1/events?site=a.example&region=msk&kind=health,mode`, { authorization })
    await until(() => history.followers === 1)
    history.add(storedEvent(1, { site: 'b.example' }))
    history.add(storedEvent(2, { region: 'ams' }))
    history.add(storedEvent(3, { kind: 'written' }))
    history.add(storedEvent(4, { kind: 'mode' }))
    expect(await stream.ids(1)).toEqual([4])
  })

  it('needs what reading needs, and takes no time', async () => {
    const { url } = await serving()
    expect((await readEvents(`${url}/api/v1/events`)).response.status).toBe(401)
    expect((await readEvents(`${url}/api/v1/events?since=1h`, { authorization })).response.status).toBe(422)
  })

  it('ends when its reader may no longer read, and only then', async () => {
    const { url, api, history } = await serving()
    const { tokens: all, ...rest } = { tokens: [{ name: 'other', token: 'other-0123456789abcdef', scopes: ['read' as const] }], isOpen: false, requestsPerSecond: 100, trustedProxies: [] }
    const gone = await readEvents(`${url}/api/v1/events`, { authorization })
    await until(() => history.followers === 1)
    api.update({ ...rest, tokens: [...all, { name: 'prom', token: tokens.read, scopes: ['read'] }] })
    history.add(storedEvent(1))
    expect(await gone.ids(1)).toEqual([1])
    api.update({ ...rest, tokens: all })
    await gone.ended
    expect(history.followers).toBe(0)
  })

  it('does not hold up the end of the API', async () => {
    const { url, api, history } = await serving()
    const stream = await readEvents(`${url}/api/v1/events`, { authorization })
    await until(() => history.followers === 1)
    const from = performance.now()
    await api.close()
    await stream.ended
    expect(performance.now() - from).toBeLessThan(900)
    expect(history.followers).toBe(0)
  })

  it('is for so many readers of one client', async () => {
    const { url, history, ask } = await serving()
    const open = await Promise.all(Array.from({ length: 20 }, () => readEvents(`${url}/api/v1/events`, { authorization })))
    expect(new Set(open.map(({ response }) => response.status))).toEqual(new Set([200]))
    await until(() => history.followers === 20)
    const one = await ask('GET', '/api/v1/events', { token: tokens.read, headers: { accept: 'text/event-stream' } })
    expect([one.status, one.headers.get('retry-after'), await one.json()]).toEqual([503, '30', expect.objectContaining({ code: 'too-many-readers' })])
    expect((await ask('GET', '/api/v1/events', { token: tokens.read })).status).toBe(200)
  })

  const streaming = async (limits: Partial<EventStreamLimits>, history = fakeHistory(), after?: number) => {
    const streams = createEventStreams(history, { ...usualStreamLimits, ...limits })
    const server = createServer((_incoming, outgoing) => streams.open({ outgoing, client: 'a', filter: {}, after, mayStay: () => true }, {}))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => {
      streams.closeAll()
      server.closeAllConnections()
      server.close()
    })
    return { history, streams, port: (server.address() as AddressInfo).port }
  }

  it('reads what is kept page by page, and tells nothing twice', async () => {
    const kept = Array.from({ length: 1_203 }, (_, at) => storedEvent(at + 1))
    const history = {
      ...fakeHistory(kept),
      // Tells some once more, as one that was asked a moment before may.
      follow: (_after: number | undefined, listener: (event: StoredEvent) => void) => [1_202, 1_203, 1_204].map((id) => storedEvent(id)).forEach(listener),
    }
    const { port } = await streaming({}, history, 0)
    const stream = await readEvents(`http://127.0.0.1:${port}/`)
    expect(await stream.ids(1_204)).toEqual(Array.from({ length: 1_204 }, (_, at) => at + 1))
  })

  it('shows that it is there', async () => {
    const { port } = await streaming({ heartbeatMs: 5 })
    const stream = await readEvents(`http://127.0.0.1:${port}/`)
    await until(() => stream.text().includes(': still here\n\n: still here\n\n'))
  })

  it('drops who reads too slowly, and nobody else', async () => {
    const { port, history } = await streaming({ mostWaiting: 200_000 })
    const quick = await readEvents(`http://127.0.0.1:${port}/`)
    const { socket, closed } = await rawConnection(port, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    socket.pause()
    await until(() => history.followers === 2)
    let id = 0
    while (history.followers === 2 && id < 10_000) {
      history.add(storedEvent((id += 1), { text: 'x'.repeat(10_000) }))
      // oxlint-disable-next-line no-await-in-loop
      await quick.ids(id)
    }
    expect(id).toBeLessThan(10_000)
    expect(history.followers).toBe(1)
    socket.resume()
    await closed
    expect((await quick.ids(id)).length).toBe(id)
  })
})

describe('the parser of server-sent events', () => {
  it.each([
    [['id: 1\ndata: a\n\n'], [{ id: '1', data: 'a' }]],
    [['id: 1\nda', 'ta: a\n', '\nid: 2\ndata:b\n\n'], [{ id: '1', data: 'a' }, { id: '2', data: 'b' }]],
    [[': still here\n\nretry: 2000\n\n'], []],
    [['data: a\r\ndata: b\r\n\r\n'], [{ id: undefined, data: 'a\nb' }]],
    [['data: a\r', '\n\r', '\n'], [{ id: undefined, data: 'a' }]],
    [['data\n\n'], [{ id: undefined, data: '' }]],
    [['data: half'], []],
  ])('%j', (parts, expected) => {
    const parse = sseParser()
    const steps = parts.map((part) => parse(part))
    expect(steps.flatMap((step) => (step.kind === 'messages' ? [...step.messages] : []))).toEqual(expected)
  })

  it('bears with no endless message', () => {
    expect(sseParser()('x'.repeat(1_048_577))).toEqual({ kind: 'too-long' })
  })
})
