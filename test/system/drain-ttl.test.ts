import { describe, it, onTestFinished } from 'vitest'
import { ams, expectSafe, msk, pause, startDrainBench, untilSafe, useDrainServers } from './drain-bench.ts'
import { eventually, untilA } from './operated-bench.ts'
import { serverMissing, titled } from './servers/available.ts'
import { askTtl } from './servers/unbound.ts'

const missing = serverMissing('named', 'nsupdate', 'dig', 'unbound')
const long = 6
const short = 1

describe.skipIf(missing !== undefined)(titled('a drain after the TTL was lowered, with BIND, a lagging secondary and warm caches of unbound', missing), () => {
  const servers = useDrainServers(missing !== undefined)
  const begin = (name: string) => startDrainBench(servers(), name, long, onTestFinished)
  const lower = async ({ site, service, write }: Awaited<ReturnType<typeof begin>>): Promise<void> => {
    await write(short)
    service.signal('SIGHUP')
    await service.until((lines) => lines.some(({ event }) => event === 'reloaded'))
    await eventually(async () => (await askTtl(servers().primary.endpoint, site))?.ttl === short)
  }

  it('waits for the longer TTL of the version before, though it was lowered just before', { timeout: 60_000 }, async () => {
    const { primary } = servers()
    const bench = await begin('lowered')
    await bench.untilFresh(long)
    await lower(bench)
    await bench.drain('msk')
    await untilA(primary.endpoint, bench.site, [ams])
    await bench.untilSecondary([ams])
    const goneAt = Date.now()
    const { drain } = await untilSafe(bench, long)
    expectSafe(bench, drain, goneAt, long)
  })

  it('counts the longer TTL from when the last server let go of that version, not from when it was written', { timeout: 60_000 }, async () => {
    const { primary } = servers()
    const bench = await begin('late')
    await lower(bench)
    await pause(long * 1000)
    const verified = bench.service.lines().filter(({ event }) => event === 'verified').length
    await bench.untilFresh(long)
    await bench.untilSecondary([msk, ams], short)
    const goneAt = Date.now()
    await bench.service.until((lines) => lines.filter(({ event }) => event === 'verified').length > verified)
    await bench.drain('msk')
    await untilA(primary.endpoint, bench.site, [ams])
    await bench.untilSecondary([ams])
    const { drain } = await untilSafe(bench, long)
    expectSafe(bench, drain, goneAt, long)
  })
})
