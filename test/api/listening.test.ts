import { once } from 'node:events'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createApiClient } from '../../src/api/client.ts'
import type { Operations } from '../../src/engine/operations.ts'
import { rawConnection } from './event-reading.ts'
import { fakeOperations } from './operations.ts'
import { baseOptions, serving, tokens } from './serving.ts'

const signal = new AbortController().signal

const folder = async (): Promise<string> => {
  const dir = await mkdtemp(join(tmpdir(), 'api-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

const isWell = async (socketPath: string): Promise<boolean> => {
  const client = createApiClient({ at: { socketPath } })
  const answer = await client.sites(signal)
  await client.close()
  return answer.kind === 'done'
}

describe('at a port', () => {
  it('says which one is taken', async () => {
    const { port } = await serving()
    await expect(serving({ listen: { address: '127.0.0.1', port } })).rejects.toMatchObject({ name: 'ApiError', code: 'address-in-use', where: `127.0.0.1:${port}`, message: expect.stringContaining('another program listens there') })
  })

  it('says which address is not there', async () => {
    await expect(serving({ listen: { address: '192.0.2.1', port: 0 } })).rejects.toMatchObject({ code: 'address-not-available' })
  })

  it('does not listen beyond this machine without tokens, at the start or by a reload', async () => {
    await expect(serving({ listen: { address: '0.0.0.0', port: 0 }, tokens: [] })).rejects.toMatchObject({ code: 'no-tokens' })
    const { api, ask } = await serving({ listen: { address: '0.0.0.0', port: 0 } })
    expect(() => api.update({ ...baseOptions, tokens: [] })).toThrowError(expect.objectContaining({ code: 'no-tokens' }))
    expect((await ask('GET', '/api/v1/sites', { token: tokens.read })).status).toBe(200)
  })

  it('takes the tokens of a reload at once, on connections that are open', async () => {
    const { api, ask } = await serving()
    const statusWith = async (token: string): Promise<number> => (await ask('GET', '/api/v1/sites', { token })).status
    expect([await statusWith(tokens.read), await statusWith('new-0123456789abcdef')]).toEqual([200, 401])
    api.update({ ...baseOptions, tokens: [{ name: 'new', token: 'new-0123456789abcdef', scopes: ['read'] }] })
    expect([await statusWith(tokens.read), await statusWith('new-0123456789abcdef')]).toEqual([401, 200])
  })

  it('limits each client, and names when to come again', async () => {
    const { ask, api, operations } = await serving({ requestsPerSecond: 1, trustedProxies: ['127.0.0.1'] })
    const statuses = await Promise.all(Array.from({ length: 4 }, async () => (await ask('GET', '/nothing')).status))
    expect(statuses.toSorted((a, b) => a - b)).toEqual([404, 429, 429, 429])
    const spent = await ask('DELETE', '/api/v1/sites/a.example/pause', { token: tokens.operate })
    expect([spent.status, spent.headers.get('retry-after'), await spent.json()]).toEqual([429, '1', expect.objectContaining({ code: 'too-many-requests' })])
    expect(operations.calls).toEqual([])
    expect((await ask('GET', '/healthz')).status).toBe(200)
    expect((await ask('GET', '/api/v1/sites', { token: tokens.read, headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(200)
    expect((await ask('GET', '/api/v1/sites', { token: 'wrong-0123456789', headers: { 'x-forwarded-for': '203.0.113.10' } })).status).toBe(401)
    expect((await ask('GET', '/api/v1/sites', { token: tokens.read, headers: { 'x-forwarded-for': '203.0.113.10' } })).status).toBe(429)
    api.update({ ...baseOptions, requestsPerSecond: 1, trustedProxies: [] })
    expect((await ask('GET', '/api/v1/sites', { token: tokens.read, headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(429)
    api.update({ ...baseOptions, requestsPerSecond: 1_000 })
    const from = performance.now()
    // At one a second this one would not be heard within the time.
    while ((await ask('GET', '/api/v1/sites', { token: tokens.read })).status !== 200) expect(performance.now() - from).toBeLessThan(800)
  })

  it('is not read by a web page under a name of its own, when it has no tokens', async () => {
    const { port, operations } = await serving({ tokens: [] })
    const { closed } = await rawConnection(port, 'GET /api/v1/sites HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n')
    expect(await closed).toMatch(/^HTTP\/1\.1 403 [^]*host-not-allowed/)
    expect(operations.calls).toEqual([])
  })

  it('names who tries tokens that nobody has given out, but not what they tried', async () => {
    const { ask, lines } = await serving()
    await ask('GET', '/api/v1/sites/a%0Ab?x=1', { token: 'wrong-0123456789abcdef' })
    expect(lines).toEqual([{ level: 'warn', message: '127.0.0.1 sent a token that is not known here, for GET /api/v1/sites/a%0Ab' }])
  })

  /** Operations whose reconcile waits until it is told, or aborted. */
  const waiting = () => {
    const state = { begun: (): void => undefined, isAborted: false, finish: (): void => undefined }
    const begun = new Promise<void>((resolve) => (state.begun = resolve))
    const operations: Operations = {
      ...fakeOperations(),
      reconcile: (_site, _options, _actor, until) => {
        state.begun()
        return new Promise((resolve, reject) => {
          until.addEventListener('abort', () => {
            state.isAborted = true
            reject(new Error('aborted'))
          })
          state.finish = () => resolve({ kind: 'refused', code: 'paused', text: 'it is paused' })
        })
      },
    }
    return { state, begun, operations }
  }
  const reconcile = `POST /api/v1/sites/a.example/reconcile HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${tokens.operate}\r\nContent-Length: 0\r\n\r\n`

  it('carries out an order though its sender has gone', async () => {
    const { state, begun, operations } = waiting()
    const { port, lines } = await serving({}, { operations })
    const { socket, closed } = await rawConnection(port, reconcile)
    await begun
    socket.destroy()
    await closed
    await new Promise((resolve) => setImmediate(resolve))
    expect(state.isAborted).toBe(false)
    state.finish()
    while (lines.length === 0) await new Promise((resolve) => setImmediate(resolve))
    expect(lines).toEqual([{ level: 'info', message: 'ops asked for POST /api/v1/sites/a.example/reconcile: 409 paused' }])
  })

  it('says of an order that its end cuts off that nobody knows', async () => {
    const { begun, operations } = waiting()
    const { port, api, lines } = await serving({}, { operations })
    const { closed } = await rawConnection(port, reconcile)
    await begun
    await api.close()
    expect(await closed).toMatch(/^HTTP\/1\.1 503 [^]*connection: close[^]*"code":"closing"/)
    expect(lines).toEqual([])
  })

  it('ends though somebody is connected and says nothing', async () => {
    const { port, api } = await serving()
    const { closed } = await rawConnection(port, 'GET /api')
    await api.close()
    await closed
    await expect(fetch(`http://127.0.0.1:${port}/healthz`)).rejects.toThrow()
  })
})

describe('at a socket', () => {
  it('is for its owner alone, and gone at the end', async () => {
    const socket = join(await folder(), 'api.sock')
    const mask = process.umask(0)
    onTestFinished(() => void process.umask(mask))
    const { api } = await serving({ socket })
    expect(process.umask()).toBe(0)
    expect(((await stat(socket)).mode & 0o777).toString(8)).toBe('600')
    expect(await isWell(socket)).toBe(true)
    await api.close()
    await expect(stat(socket)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('takes the place of one whose process was killed', async () => {
    const socket = join(await folder(), 'api.sock')
    const child = spawn(process.execPath, ['-e', `require('net').createServer().listen(${JSON.stringify(socket)}, () => console.log('there'))`], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect((await stat(socket)).isSocket()).toBe(true)
    await serving({ socket, listen: undefined })
    expect(await isWell(socket)).toBe(true)
  })

  it('leaves one alone that answers, and what is none', async () => {
    const dir = await folder()
    const taken = join(dir, 'taken.sock')
    const other = createServer((each) => each.destroy()).listen(taken)
    await once(other, 'listening')
    onTestFinished(() => void other.close())
    await expect(serving({ socket: taken })).rejects.toMatchObject({ code: 'socket-in-use', where: taken })
    const file = join(dir, 'file')
    await writeFile(file, 'kept')
    await expect(serving({ socket: file })).rejects.toMatchObject({ code: 'socket-unusable', where: file })
    expect((await stat(file)).size).toBe(4)
  })

  it.each([`/${'x'.repeat(120)}`, '/nowhere/api.sock'])('that cannot be had leaves nothing listening: %.20s', async (socket) => {
    await expect(serving({ socket })).rejects.toMatchObject({ code: 'socket-unusable', where: socket })
  })

  it('is let in however many crowd at the port, and however often it asks', async () => {
    const socket = join(await folder(), 'api.sock')
    const { port } = await serving({ socket, requestsPerSecond: 1 })
    await Promise.all(Array.from({ length: 500 }, () => rawConnection(port, 'GET')))
    expect(await isWell(socket)).toBe(true)
    expect(await isWell(socket)).toBe(true)
  })

  it('does not take a name for more than a name', async () => {
    const socket = join(await folder(), 'api.sock')
    const { operations, ask } = await serving({ socket })
    const client = createApiClient({ at: { socketPath: socket }, actor: `eve\u202e\n${'x'.repeat(100)}` })
    onTestFinished(() => client.close())
    await client.resume('a.example', signal)
    expect(operations.calls.map(({ args }) => args[1])).toEqual([{ name: `eve?${'x'.repeat(56)}`, via: 'socket' }])
    expect((await ask('DELETE', '/api/v1/sites/a.example/pause', { headers: { 'x-actor': 'eve' } })).status).toBe(401)
  })
})
