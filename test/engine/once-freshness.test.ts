import { describe, expect, it } from 'vitest'
import { content } from '../../src/core/rrset.ts'
import { type OnceResult, runOnce } from '../../src/engine/once.ts'
import { ams, fra, msk, replicating, type Replicating } from './replicating.ts'

/** A run without a service, in virtual time. */
const once = async (bench: Replicating, site = bench.site): Promise<{ readonly sets: readonly string[]; readonly tookMs: number; readonly result: OnceResult; readonly rules: readonly string[] }> => {
  const startedAt = bench.time.now()
  let endedAt = startedAt
  bench.sets()
  // As the state file has it: who is stale, and who waits, is not written down.
  const load = async (name: string) => ({ ...(await bench.ports.store.load(name)), stale: {}, catchingUp: {}, suspected: [], differing: [] })
  const running = runOnce(site, { ...bench.ports, store: { ...bench.ports.store, load } }, { isDryRun: false, checksMs: 60_000, verifyMs: 5_000 }, new AbortController().signal).then((result) => {
    endedAt = bench.time.now()
    return result
  })
  await bench.seconds(300)
  const result = await running
  const rules = result.cycle.decisions.filter(({ key }) => key.type === 'A').flatMap(({ entries }) => entries.map(({ address, rule }) => `${address} ${rule}`))
  return { sets: bench.sets(), tookMs: endedAt - startedAt, result, rules }
}

const ended = async (...args: Parameters<typeof replicating>): Promise<Replicating> => {
  const bench = await replicating(...args)
  await bench.end()
  return bench
}

describe('one run, where content is replicated', () => {
  it('looks once and goes on while nobody lacks anything', async () => {
    const bench = await ended()
    const { sets, tookMs, result } = await once(bench)
    expect([sets, result.undecided, bench.zone.get('failover.example.com A')?.values]).toEqual([[], [], [msk, ams, fra]])
    expect(tookMs).toBeLessThan(10_000)
  })

  it('withdraws a region that serves old content, and publishes it again only once it has caught up', async () => {
    const bench = await ended()
    bench.cut('msk>fra')
    await bench.seconds(120)
    const first = await once(bench)
    expect([first.sets, first.result.undecided]).toEqual([['msk ams'], []])
    expect(first.rules).toContain(`${fra} down`)
    expect(first.tookMs).toBeLessThan(40_000)
    const second = await once(bench)
    expect([second.sets, second.rules.includes(`${fra} waiting`)]).toEqual([[], true])
    bench.mend('msk>fra')
    expect((await once(bench)).sets).toEqual(['msk ams fra'])
  })

  it('moves nobody where all are behind, which may be the fault of who sends', async () => {
    const bench = await ended()
    bench.cut('msk>fra', 'msk>ams')
    await bench.seconds(120)
    const { sets, tookMs } = await once(bench)
    expect([sets, tookMs < 40_000]).toEqual([[], true])
  })

  it('leaves a region as it is that it has no time to judge', async () => {
    const bench = await ended({ changes: { heartbeat: { everyMs: 600_000, path: '/.dns-failover' } } })
    bench.zone.set('failover.example.com A', content([msk, ams, fra], 60, [msk, ams, fra]))
    bench.cut('msk>fra')
    await bench.seconds(7_200)
    const { sets, tookMs, result } = await once(bench)
    expect([sets, result.undecided, tookMs < 60_000]).toEqual([[], [fra], true])
  })

  it('does not wait for a heartbeat that is written in ten minutes only, where a region lacks nothing', async () => {
    const bench = await ended({ changes: { heartbeat: { everyMs: 600_000, path: '/.dns-failover' } } })
    bench.zone.set('failover.example.com A', content([msk], 60, [msk]))
    bench.cut('msk>fra')
    await bench.seconds(7_200)
    const { sets, tookMs } = await once(bench)
    expect([sets, tookMs < 60_000]).toEqual([['msk ams'], true])
  })

  it('publishes all of a zone that has nobody yet: at once where nothing was ever set up, else once they have the content', async () => {
    const bench = await ended()
    const empty = (): void => void bench.zone.set('failover.example.com A', content([], 0, []))
    empty()
    expect((await once(bench)).sets).toEqual(['msk ams fra'])
    empty()
    for (const region of ['msk', 'ams', 'fra']) bench.sync.silent.set(region, 'missing')
    expect((await once(bench)).sets).toEqual(['msk ams fra'])
  })
})
