import { getEventListeners, once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import { createChecker } from '../../src/checks/checker.ts'
import { startHttp, startTcp } from '../fakes/region-server.ts'
import { aCheck, aChecker, checkSurely, gist, now } from './checking.ts'

const never = new AbortController().signal

/** Holds up this whole thread, as a long garbage collection or a busy machine would. */
const standStill = (ms: number): void => {
  const until = now() + ms
  while (now() < until);
}

/** A server on a thread of its own, which goes on while this one stands still. */
const startElsewhere = async (code: string): Promise<number> => {
  const worker = new Worker(`const { parentPort } = require('node:worker_threads'); const net = require('node:net');${code}`, { eval: true })
  onTestFinished(async () => void (await worker.terminate()))
  const [port] = (await once(worker, 'message')) as [number]
  return port
}

/** What a check with 400 ms for the headers sees of a silent server, if this process stops some time after its request. */
const standingStill = async (before: number, blocked: number): Promise<object> => {
  const server = await startTcp((socket) => socket.once('data', () => setTimeout(() => standStill(blocked), before)))
  const check = aCheck({ bounds: { headersMs: 400 } })
  return gist(await aChecker().check({ url: `http://failover.test:${server.port}/`, address: server.address, check }, never))
}

describe('a timeout while this process stood still', () => {
  it('past the bound proves nothing', async () => {
    expect(await standingStill(250, 300)).toEqual({ kind: 'cannot-tell', cause: 'late' })
  })

  it('within the bound proves nothing', async () => {
    expect(await standingStill(50, 250)).toEqual({ kind: 'cannot-tell', cause: 'late' })
  })

  it('does not hide an answer that came in time', async () => {
    const port = await startElsewhere(`
      const server = net.createServer((socket) => socket.once('data', () => setTimeout(() => socket.end('HTTP/1.1 200 OK\\r\\ncontent-length: 0\\r\\n\\r\\n'), 100)))
      server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))`)
    const check = aCheck({ bounds: { headersMs: 300 } })
    // In the loop's last phase: what comes next are timers, and only then sockets.
    setTimeout(() => setImmediate(() => standStill(500)), 50)
    const result = await aChecker().check({ url: `http://failover.test:${port}/`, address: '127.0.0.1' as Address, check }, never)
    expect(gist(result)).toEqual({ kind: 'ok', status: 200 })
  })
})

it('an address that does not answer at all', async () => {
  // The listener's thread never runs again, so nothing is accepted: the backlog fills up, and then SYNs are dropped.
  const port = await startElsewhere(`
    const server = net.createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
      parentPort.postMessage(server.address().port)
      setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 8000))
    })`)
  const check = aCheck({ bounds: { connectMs: 300, headersMs: 300, totalMs: 1000 } })
  const ask = (): ReturnType<typeof checkSurely> => checkSurely(aChecker(), `http://failover.test:${port}/`, '127.0.0.1' as Address, check)
  const all = await Promise.all([ask(), ask(), ask(), ask(), ask(), ask()])
  expect(new Set(all.map((result) => (result.kind === 'ok' ? 'ok' : result.cause)))).toEqual(new Set(['connect-timeout', 'headers-timeout']))
  for (const result of all) expect(result.timing.totalMs).toBeLessThan(550)
})

describe('an abort', () => {
  it('before the start', async () => {
    const server = await startTcp(() => {})
    const result = await aChecker().check({ url: `http://failover.test:${server.port}/`, address: server.address, check: aCheck() }, AbortSignal.abort())
    expect(result).toEqual({
      kind: 'cannot-tell',
      cause: 'aborted',
      detail: 'stopped by the caller',
      startedAt: result.startedAt,
      finishedAt: result.finishedAt,
      timing: { totalMs: result.finishedAt - result.startedAt },
    })
  })

  it('ends all checks of the signal at once', async () => {
    const controller = new AbortController()
    let asked = 0
    const server = await startTcp((socket) =>
      socket.once('data', () => {
        asked += 1
        if (asked === 50) controller.abort()
      }),
    )
    const checker = aChecker()
    const url = `http://failover.test:${server.port}/`
    const check = aCheck()
    const all = await Promise.all(Array.from({ length: 50 }, () => checker.check({ url, address: server.address, check }, controller.signal)))
    expect(all.map(gist)).toEqual(all.map(() => ({ kind: 'cannot-tell', cause: 'aborted' })))
    await server.idle()
  })
})

const held = (): readonly string[] => process.getActiveResourcesInfo().filter((name) => name !== 'Timeout' && name !== 'Immediate').toSorted()
const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length

it('nothing is left of hundreds of checks', async () => {
  const warnings: Error[] = []
  const onWarning = (warning: Error): unknown => warnings.push(warning)
  process.on('warning', onWarning)
  onTestFinished(() => void process.off('warning', onWarning))
  const good = await startHttp((_, response) => response.end('Hello'))
  const bad = await startTcp((socket) => socket.once('data', () => socket.resetAndDestroy()))
  const silent = await startTcp(() => {})
  const checker = createChecker({ now })
  const check = aCheck({ bounds: { headersMs: 200 } })
  const round = async (): Promise<void> => {
    const all = [good, bad, silent].flatMap((server) =>
      Array.from({ length: 34 }, () => checker.check({ url: `http://failover.test:${server.port}/`, address: server.address, check }, never)),
    )
    await Promise.all(all)
    await Promise.all([good.idle(), bad.idle(), silent.idle()])
  }
  await round()
  const before = { held: held(), timers: timers() }
  for (let left = 5; left > 0; left -= 1) await round()
  expect(held()).toEqual(before.held)
  expect(timers()).toBeLessThanOrEqual(before.timers + 5)
  expect(getEventListeners(never, 'abort')).toEqual([])
  expect(warnings).toEqual([])
})
