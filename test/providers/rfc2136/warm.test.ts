import { setTimeout as pause } from 'node:timers/promises'
import type { Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import type { Address } from '../../../src/core/address.ts'
import { content } from '../../../src/core/rrset.ts'
import { changeOf } from '../../../src/contract/bench.ts'
import type { Provider } from '../../../src/providers/provider.ts'
import { createRfc2136 } from '../../../src/providers/rfc2136/rfc2136.ts'
import { ipv4, key, signal, zone } from './fixture.ts'
import { authority } from './scripted-authority.ts'
import { framed, type Script, startScriptedServer } from './scripted-server.ts'

interface Bench {
  readonly provider: Provider
  readonly opened: () => number
  /** By the number of its connection, each request. */
  readonly asked: readonly number[]
}

const start = async (answer: Script): Promise<Bench> => {
  const sockets: Socket[] = []
  const asked: number[] = []
  const server = await startScriptedServer((request, socket) => {
    asked.push(sockets.indexOf(socket))
    return answer(request, socket)
  }, (socket) => void sockets.push(socket))
  const provider = createRfc2136({ server: server.endpoint, zone, wallNow: Date.now })
  onTestFinished(async () => {
    await provider.close?.()
    await server.close()
  })
  return { provider, opened: () => sockets.length, asked }
}

const until = async (isSo: () => boolean): Promise<void> => {
  const deadline = performance.now() + 30_000
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error('it did not come about within 30 s')
    await pause(5)
  }
}

const answer = authority([ipv4(key.name, '192.0.2.1')], undefined)
const values = async (provider: Provider): Promise<readonly Address[] | undefined> => (await provider.read([key], signal()))[0]?.values

/** A provider that has read what is there and has a connection ready; updates go to `onUpdate`, and `write` empties the set. */
const startWarm = async (onUpdate: Script): Promise<Pick<Bench, 'provider' | 'opened'> & { write(): Promise<void> }> => {
  const { provider, opened } = await start((request, socket) => (((request[2] ?? 0) >> 3) % 16 === 5 ? onUpdate(request, socket) : answer(request)))
  const [before] = await provider.read([key], signal())
  if (before === undefined) throw new Error('one set')
  provider.warm?.()
  await until(() => opened() === 2)
  await pause(20)
  return { provider, opened, write: () => provider.apply([changeOf(before, content([], 0, []))], signal()) }
}

it('writes over a connection that was opened ahead', async () => {
  const { provider, opened, asked } = await start(answer)
  const [before] = await provider.read([key], signal())
  if (before === undefined) throw new Error('one set')
  provider.warm?.()
  provider.warm?.()
  await until(() => opened() === 2)
  await pause(20)
  const reads = asked.length
  await provider.apply([changeOf(before, content([], 0, []))], signal())
  expect({ opened: opened(), write: asked.slice(reads) }).toEqual({ opened: 2, write: [1] })
})

it('reads over a fresh one where that was closed under it', async () => {
  let isFirst = true
  const { provider, opened } = await start((request, socket) => {
    if (!isFirst) return answer(request)
    isFirst = false
    socket.destroy()
    return undefined
  })
  provider.warm?.()
  await until(() => opened() === 1)
  await pause(20)
  expect(await values(provider)).toEqual(['192.0.2.1'])
  expect(opened()).toBe(2)
})

it('does not send a write twice where the connection was closed under it: it may have been made', async () => {
  let updates = 0
  const { write } = await startWarm((_, socket) => {
    updates += 1
    socket.destroy()
    return undefined
  })
  await expect(write()).rejects.toMatchObject({ code: 'unavailable', outcome: 'unknown' })
  expect(updates).toBe(1)
})

it('does not cut off a write over such a connection when it is closed', async () => {
  const replies: (() => void)[] = []
  const { provider, opened, write } = await startWarm((request, socket) => {
    const reply = answer(request)
    replies.push(() => void (reply === undefined ? socket.destroy() : socket.write(framed(reply))))
    return undefined
  })
  const written = write()
  await until(() => replies.length === 1)
  await provider.close?.()
  for (const reply of replies) reply()
  await expect(written).resolves.toBeUndefined()
  expect(opened()).toBe(2)
})
