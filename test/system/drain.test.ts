import { describe, expect, it, onTestFinished } from 'vitest'
import { ams, at, expectSafe, msk, patienceMs, pause, startDrainBench, untilSafe, useDrainServers } from './drain-bench.ts'
import { askA, eventually, untilA } from './operated-bench.ts'
import { serverMissing, titled } from './servers/available.ts'

const missing = serverMissing('named', 'nsupdate', 'dig', 'unbound')
const ttl = 3

describe.skipIf(missing !== undefined)(titled('a drain, with BIND, a lagging secondary and warm caches of unbound', missing), () => {
  const servers = useDrainServers(missing !== undefined)
  const begin = (name: string, seconds = ttl) => startDrainBench(servers(), name, seconds, onTestFinished)

  it('is safe when the last cache has let go of what the slowest server handed out', async () => {
    const { primary, secondary } = servers()
    const bench = await begin('slow')
    await bench.drain('msk')
    await untilA(primary.endpoint, bench.site, [ams])
    await pause(ttl * 1000 + 1_500)
    expect((await bench.progress()).progress).toMatchObject({ phase: 'spreading', safeSince: null, text: expect.stringContaining('still answers with it') })
    expect(await askA(secondary.endpoint, bench.site)).toEqual([msk, ams])
    await bench.untilFresh(ttl)
    await bench.untilSecondary([ams])
    const goneAt = Date.now()
    const { drain, phases } = await untilSafe(bench, ttl)
    expect(phases.join()).toMatch(/^(?:spreading,)?expiring,safe$/)
    expectSafe(bench, drain, goneAt, ttl)
  })

  it('is not safe while a server cannot be asked, nor at once when it can be again', { timeout: 60_000 }, async () => {
    const { primary, secondary } = servers()
    const bench = await begin('stopped')
    secondary.signal('SIGSTOP')
    onTestFinished(() => secondary.signal('SIGCONT'))
    await bench.drain('msk')
    await untilA(primary.endpoint, bench.site, [ams])
    const from = Date.now()
    while (Date.now() - from < ttl * 1000 + patienceMs) {
      expect((await bench.progress()).progress.phase).toMatch(/withdrawing|spreading/)
      await pause(100)
    }
    expect((await bench.progress()).progress).toMatchObject({ phase: 'spreading', text: expect.stringContaining('cannot be asked'), servers: expect.arrayContaining([expect.objectContaining({ standing: 'unreachable' })]) })
    secondary.signal('SIGCONT')
    await bench.untilFresh(ttl)
    await bench.untilSecondary([ams])
    const goneAt = Date.now()
    const { drain } = await untilSafe(bench, ttl)
    expectSafe(bench, drain, goneAt, ttl)
  })

  it('knows that a server which it alone could not ask may have sent others there until just now', { timeout: 60_000 }, async () => {
    const { primary, relay } = servers()
    const bench = await begin('cut')
    relay.setOpen(false)
    onTestFinished(() => relay.setOpen(true))
    await bench.drain('msk')
    await untilA(primary.endpoint, bench.site, [ams])
    await pause(ttl * 1000 + patienceMs)
    expect((await bench.progress()).progress.phase).toBe('spreading')
    await bench.untilFresh(ttl)
    await bench.untilSecondary([ams])
    const goneAt = Date.now()
    relay.setOpen(true)
    const { drain } = await untilSafe(bench, ttl)
    expectSafe(bench, drain, goneAt, ttl)
  })

  it('goes on after a kill and a start, with the time that is left, and claims nothing that it has not seen', { timeout: 60_000 }, async () => {
    const { primary } = servers()
    const bench = await begin('killed')
    await bench.drain('msk')
    await untilA(primary.endpoint, bench.site, [ams])
    const before = await bench.progress()
    await pause(2_000)
    await bench.untilFresh(ttl)
    bench.service.signal('SIGKILL')
    await bench.service.ended
    await bench.untilSecondary([ams])
    const goneAt = Date.now()
    const next = await bench.start()
    await eventually(async () => (await bench.operated.region(bench.site, 'msk')).drain !== null)
    const after = await bench.progress()
    expect(after).toMatchObject({ origin: 'order', reason: 'kernel', by: before.by })
    expect(Math.abs(at(after.until) - at(before.until))).toBeLessThan(1_000)
    expect(after.progress.phase).not.toBe('safe')
    const { drain } = await untilSafe(bench, ttl)
    expectSafe(bench, drain, goneAt, ttl)
    // Known to be safe, it stays so over another kill.
    next.signal('SIGKILL')
    await next.ended
    const third = await bench.start()
    await third.until((lines) => lines.filter(({ event, to }) => event === 'health' && to === 'up').length === 2)
    const still = (await bench.progress()).progress
    expect(still.phase).toBe('safe')
    expect(Math.abs(at(still.safeSince) - at(drain.progress.safeSince))).toBeLessThan(1_000)
    expect(await askA(primary.endpoint, bench.site)).toEqual([ams])
    expect((await bench.operated.api('DELETE', `/api/v1/sites/${bench.site}/regions/msk/drain`)).status).toBe(200)
    await untilA(primary.endpoint, bench.site, [msk, ams])
  })
})
