import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createApiClient, type ApiClient, type ApiTarget, type Followed } from '../../src/api/client.ts'
import { bareSiteView, siteView, storedEvent } from './operations.ts'
import { serving, tokens } from './serving.ts'

const signal = new AbortController().signal

const clientTo = (target: ApiTarget): ApiClient => {
  const client = createApiClient(target)
  onTestFinished(() => client.close())
  return client
}

describe('the client', () => {
  it('asks everything there is', async () => {
    const { url, operations } = await serving()
    const client = clientTo({ at: { url: `${url}/` }, token: tokens.operate })
    expect(await client.health(signal)).toEqual({ kind: 'done', value: { ok: true, sites: 2, failing: 0 } })
    expect(await client.readiness(signal)).toEqual({ kind: 'done', value: { ok: false, waiting: 2 } })
    expect(await client.metrics(signal)).toEqual({ kind: 'done', value: '# HELP up\nup 1\n' })
    expect(await client.sites(signal)).toEqual({ kind: 'done', value: [siteView('a.example'), bareSiteView('b.example')] })
    expect(await client.site('b.example', signal)).toEqual({ kind: 'done', value: bareSiteView('b.example') })
    expect(await client.explain('a.example', '2001:DB8::10', signal)).toMatchObject({ kind: 'done', value: { addresses: [{ region: 'ams', address: '2001:db8::10' }] } })
    expect(await client.report({ since: '7d', sites: ['a.example'] }, signal)).toMatchObject({ kind: 'done', value: { since: '2026-01-24T12:00:00.000Z', sites: [{ site: 'a.example' }] } })
    expect(await client.testAlert({ name: 'slack' }, signal)).toEqual({ kind: 'done', value: [{ name: 'slack', ok: true, text: '200' }] })
    const orders = [
      client.reconcile('a.example', { dryRun: true }, signal),
      client.drain('a.example', 'msk', { for: '1h', reason: 'kernel' }, signal),
      client.undrain('a.example', 'msk', {}, signal),
      client.force('a.example', 'msk', { to: 'up', for: '90s', reason: 'test', dryRun: true }, signal),
      client.unforce('a.example', 'msk', { dryRun: true }, signal),
      client.repoint('a.example', 'msk', { addresses: ['192.0.2.77'], unchecked: true }, signal),
      client.pause('a.example', { reason: 'move' }, signal),
      client.resume('a.example', signal),
    ]
    expect((await Promise.all(orders)).map(({ kind }) => kind)).toEqual(orders.map(() => 'done'))
    expect(new Set(operations.calls.map(({ name }) => name))).toEqual(new Set(['reconcile', 'drain', 'undrain', 'force', 'unforce', 'repoint', 'pause', 'resume']))
  })

  it('hands on what is wrong', async () => {
    const { url } = await serving()
    const client = clientTo({ at: { url }, token: tokens.read })
    expect(await client.site('c.example', signal)).toMatchObject({ kind: 'problem', problem: { status: 404, code: 'unknown-site' } })
    expect(await client.resume('a.example', signal)).toMatchObject({ kind: 'problem', problem: { status: 403, code: 'scope-missing' } })
    expect(await client.site('../../healthz', signal)).toMatchObject({ kind: 'problem', problem: { code: 'unknown-site' } })
  })

  it('says why nobody answers', async () => {
    const { url, api } = await serving()
    await api.close()
    expect(await clientTo({ at: { url } }).sites(signal)).toEqual({ kind: 'unreachable', detail: `${url}: nobody listens there` })
    expect(await clientTo({ at: { socketPath: '/nowhere/api.sock' } }).sites(signal)).toEqual({ kind: 'unreachable', detail: 'the socket /nowhere/api.sock: nobody listens there' })
  })

  it('speaks over the socket as whom it is told', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'api-'))
    onTestFinished(() => rm(dir, { recursive: true }))
    const socket = join(dir, 'api.sock')
    const { operations } = await serving({ socket, listen: undefined })
    const client = clientTo({ at: { socketPath: socket }, actor: 'anna' })
    expect(await client.resume('a.example', signal)).toMatchObject({ kind: 'done' })
    expect(operations.calls).toEqual([{ name: 'resume', args: ['a.example', { name: 'anna', via: 'socket' }] }])
  })

  it('turns pages and follows', async () => {
    const { url, history } = await serving()
    for (let id = 1; id <= 5; id += 1) history.add(storedEvent(id))
    const client = clientTo({ at: { url }, token: tokens.read })
    expect(await client.events({ limit: 2, kinds: ['health'] }, signal)).toMatchObject({ kind: 'done', value: { events: [{ id: 5 }, { id: 4 }], next: '?kind=health&limit=2&before=4' } })
    expect(await client.events({ after: 3 }, signal)).toMatchObject({ kind: 'done', value: { events: [{ id: 4 }, { id: 5 }], next: null } })
    const ending = new AbortController()
    const seen: Followed[] = []
    for await (const each of client.follow({ after: 3 }, ending.signal)) {
      seen.push(each)
      if (each.kind === 'event' && each.event.id === 5) history.add(storedEvent(6))
      if (each.kind === 'event' && each.event.id === 6) ending.abort()
    }
    expect(seen.map((each) => (each.kind === 'event' ? each.event.id : each.kind))).toEqual(['connected', 4, 5, 6])
  })
})
