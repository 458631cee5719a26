import { describe, expect, it } from 'vitest'
import { policy } from '../core/samples.ts'
import { ams, fra, msk, replicating } from './replicating.ts'

const rulesOf = (bench: Awaited<ReturnType<typeof replicating>>, region: string): readonly string[] =>
  bench.live().view().regions.filter((each) => each.region === region).flatMap(({ addresses }) => addresses.flatMap(({ sets }) => sets.filter(({ type }) => type === 'A').map(({ rule, text }) => `${rule}: ${text}`)))

it('says and moves nothing while all is in step', async () => {
  const bench = await replicating()
  expect(bench.zone.get('failover.example.com A')?.values).toEqual([msk, ams, fra])
  await bench.seconds(3_600)
  expect([bench.sets(), bench.said()]).toEqual([[], []])
  expect(['msk', 'ams'].map(bench.freshness)).toEqual(['fresh: it writes', expect.stringMatching(/^fresh: (?:it has what others have|is 5 s behind msk, as it may be for a while)$/)])
  expect(bench.live().view().condition).toBe('healthy')
})

describe('one of two receivers gets nothing', () => {
  it('is withdrawn for it, and comes back once that is mended', async () => {
    const bench = await replicating()
    bench.cut('msk>fra')
    await bench.seconds(30)
    expect([bench.sets(), bench.said()]).toEqual([[], []])
    await bench.seconds(30)
    expect([bench.sets(), bench.said()]).toEqual([['msk ams'], ['stale fra']])
    expect(bench.freshness('fra')).toMatch(/^stale: is \d+ s behind ams in what msk writes$/)
    expect(rulesOf(bench, 'fra')).toEqual([expect.stringMatching(/^down: stale \(is \d+ s behind ams in what msk writes\), at \d+ looks in a row$/)])
    expect(bench.live().view()).toMatchObject({ condition: 'degraded', text: expect.stringMatching(/^fra serves old content: it is \d+ s behind ams/) })
    await bench.seconds(600)
    expect([bench.sets(), bench.said()]).toEqual([[], []])
    bench.mend('msk>fra')
    await bench.seconds(15)
    expect([bench.sets(), bench.said()]).toEqual([['msk ams fra'], ['fresh fra']])
  })

  it('stays out while its copies cannot be read, while whoever is ahead cannot, and while the writer is off', async () => {
    const bench = await replicating()
    bench.cut('msk>fra')
    await bench.seconds(60)
    expect(bench.sets()).toEqual(['msk ams'])
    bench.sync.silent.set('fra', 'failed')
    await bench.seconds(120)
    bench.sync.silent.delete('fra')
    bench.sync.silent.set('ams', 'failed')
    await bench.seconds(120)
    bench.sync.silent.delete('ams')
    expect(bench.sets()).toEqual([])
    bench.world.dead.add(msk)
    bench.sync.still.set('msk', bench.time.now())
    await bench.seconds(300)
    expect(bench.sets()).toEqual(['ams'])
    expect(bench.said()).not.toContain('fresh fra')
  })

  it('goes no further than any other verdict: when the others are down, it serves', async () => {
    const bench = await replicating()
    bench.cut('msk>fra')
    await bench.seconds(60)
    expect(bench.sets()).toEqual(['msk ams'])
    bench.world.dead.add(msk).add(ams)
    await bench.seconds(400)
    expect(bench.zone.get('failover.example.com A')?.values).toContain(fra)
  })

  it('is simply down when its health check fails as well', async () => {
    const bench = await replicating()
    bench.cut('msk>fra')
    await bench.seconds(60)
    bench.world.dead.add(fra)
    await bench.seconds(30)
    expect(rulesOf(bench, 'fra')).toEqual([expect.stringMatching(/^down: refused/)])
  })

  it('stays out over a reload; a new process looks for itself first', async () => {
    const bench = await replicating()
    bench.cut('msk>fra')
    await bench.seconds(60)
    await bench.restart(bench.site, 'reload')
    await bench.seconds(120)
    expect([bench.sets(), bench.said()]).toEqual([['msk ams'], ['stale fra']])
    const { replication: _, ...without } = bench.site
    await bench.restart({ ...without, replication: undefined }, 'reload')
    await bench.seconds(60)
    expect(bench.sets()).toEqual(['msk ams fra'])
    expect(bench.said()).toEqual(['fresh fra'])
    await bench.restart(bench.site, 'restart')
    await bench.seconds(60)
    expect([bench.sets(), bench.said()]).toEqual([['msk ams'], ['stale fra']])
  })
})

describe('everybody is behind the writer', () => {
  it('is an alarm, and nobody is withdrawn', async () => {
    const bench = await replicating()
    bench.cut('msk>ams', 'msk>fra')
    await bench.seconds(300)
    expect([bench.sets(), bench.said()]).toEqual([[], ['replication-suspected']])
    expect(bench.freshness('ams')).toMatch(/^behind: is \d+ s behind msk$/)
    bench.mend('msk>ams', 'msk>fra')
    await bench.seconds(30)
    expect([bench.sets(), bench.said()]).toEqual([[], ['replication-mended']])
  })

  it('so with the only receiver, unless it is to be withdrawn', async () => {
    const alarmed = await replicating({ regions: ['msk', 'ams'] })
    const withdrawn = await replicating({ regions: ['msk', 'ams'], changes: { onLag: 'withdraw' } })
    for (const bench of [alarmed, withdrawn]) {
      bench.cut('msk>ams')
      await bench.seconds(120)
    }
    expect([alarmed.sets(), alarmed.said()]).toEqual([[], ['replication-suspected']])
    expect([withdrawn.sets(), withdrawn.said()]).toEqual([['msk'], ['stale ams']])
  })

  it('so when the heartbeat itself stands still', async () => {
    const bench = await replicating()
    bench.sync.still.set('msk', bench.time.now())
    bench.cut('msk>fra')
    await bench.seconds(300)
    expect([bench.sets(), bench.said()]).toEqual([[], ['replication-suspected']])
  })
})

it('takes back over a reload what it said of the replication, once it is mended', async () => {
  const bench = await replicating()
  bench.cut('msk>ams', 'msk>fra')
  await bench.seconds(120)
  await bench.restart(bench.site, 'reload')
  await bench.seconds(120)
  expect(bench.said()).toEqual(['replication-suspected'])
  bench.mend('msk>ams', 'msk>fra')
  await bench.restart(bench.site, 'reload')
  await bench.seconds(30)
  expect(bench.said()).toEqual(['replication-mended'])
})

it('moves nothing for a cut between two that both write', async () => {
  const bench = await replicating({ regions: ['msk', 'ams'], changes: { mode: 'two-way' } })
  bench.cut('msk>ams', 'ams>msk')
  await bench.seconds(600)
  expect([bench.sets(), bench.said()]).toEqual([[], ['replication-suspected']])
})

it('withdraws one of three that write if it gets nothing from either', async () => {
  const bench = await replicating({ changes: { mode: 'two-way' } })
  bench.cut('msk>fra', 'ams>fra')
  await bench.seconds(60)
  expect([bench.sets(), bench.said()]).toEqual([['msk ams'], ['stale fra']])
})

it('moves nothing for copies that cannot be read, or that were never there', async () => {
  const failing = await replicating()
  failing.sync.silent.set('fra', 'failed')
  const never = await replicating()
  never.sync.silent.set('fra', 'missing')
  await never.restart(never.site, 'restart')
  for (const bench of [failing, never]) {
    await bench.seconds(300)
    expect(bench.sets()).toEqual([])
    expect(bench.freshness('fra')).toMatch(/^unknown: /)
  }
  expect([failing.said(), never.said()]).toEqual([['replication-suspected'], ['replication-suspected']])
})

it('counts a region that has lost its heartbeats as behind', async () => {
  const bench = await replicating()
  bench.sync.silent.set('fra', 'missing')
  await bench.seconds(30)
  expect([bench.sets(), bench.said()]).toEqual([['msk ams'], ['stale fra']])
  expect(bench.freshness('fra')).toBe('stale: has no heartbeat of msk, which ams has')
})

it('is frozen with all else while nothing answers us', async () => {
  const bench = await replicating()
  bench.cut('msk>fra')
  bench.world.line = 'silent'
  await bench.seconds(600)
  expect([bench.sets(), bench.said()]).toEqual([[], []])
})

describe('a region that comes back', () => {
  const fallen = async (...args: Parameters<typeof replicating>): ReturnType<typeof replicating> => {
    const bench = await replicating(...args)
    bench.world.dead.add(fra)
    bench.cut('msk>fra', 'ams>fra')
    await bench.seconds(300)
    expect(bench.sets()).toEqual(['msk ams'])
    bench.said()
    return bench
  }

  it('waits until it has what was written since', async () => {
    const bench = await fallen()
    bench.world.dead.delete(fra)
    await bench.seconds(30)
    expect(bench.sets()).toEqual([])
    expect(bench.freshness('fra')).toBe('catching-up: up, but it has yet to catch up with msk')
    expect(rulesOf(bench, 'fra')).toEqual(['waiting: up, but it has yet to catch up with msk'])
    bench.mend('msk>fra')
    await bench.seconds(20)
    expect(bench.sets()).toEqual(['msk ams fra'])
    expect(bench.said().at(-1)).toBe('caught-up fra')
  })

  it('is let in before if too few others serve, until they do', async () => {
    const bench = await fallen({ site: { policy: { ...policy, minPublished: 2 } } })
    bench.world.dead.add(ams)
    await bench.seconds(400)
    expect(bench.sets()).toEqual(['msk'])
    bench.world.dead.delete(fra)
    await bench.seconds(600)
    expect(bench.sets()).toEqual(['msk fra'])
    expect(bench.freshness('fra')).toBe('catching-up: up, but it has yet to catch up with msk')
    bench.world.dead.delete(ams)
    await bench.seconds(60)
    expect(bench.sets()).toEqual(['msk ams fra', 'msk ams'])
    // With nobody but the writer to compare with, that it is behind may be the writer's fault.
    expect(bench.said()).toEqual(['replication-suspected', 'replication-mended', 'caught-up ams', 'stale fra'])
  })

  it('is published at once if it is the writer', async () => {
    const bench = await replicating()
    bench.world.dead.add(msk)
    await bench.seconds(300)
    bench.world.dead.delete(msk)
    await bench.seconds(30)
    expect(bench.sets()).toEqual(['ams fra', 'msk ams fra'])
  })

  it('with the writer off, waits until it has what a published one has', async () => {
    const bench = await fallen()
    bench.world.dead.add(msk)
    bench.sync.still.set('msk', bench.time.now())
    await bench.seconds(400)
    expect(bench.sets()).toEqual(['ams'])
    bench.world.dead.delete(fra)
    await bench.seconds(60)
    expect(bench.sets()).toEqual([])
    bench.mend('msk>fra')
    await bench.seconds(20)
    expect(bench.sets()).toEqual(['ams fra'])
  })

  it('waits over a reload, and over a restart', async () => {
    const bench = await fallen()
    bench.world.dead.delete(fra)
    await bench.seconds(30)
    await bench.restart(bench.site, 'reload')
    await bench.seconds(60)
    await bench.restart(bench.site, 'restart')
    await bench.seconds(60)
    expect(bench.sets()).toEqual([])
    bench.mend('msk>fra')
    await bench.seconds(20)
    expect(bench.sets()).toEqual(['msk ams fra'])
  })

  it('waits for nothing where nobody has ever had a heartbeat', async () => {
    const bench = await fallen({ sync: { silent: new Map([['msk', 'missing'], ['ams', 'failed'], ['fra', 'missing']]) } })
    bench.world.dead.delete(fra)
    await bench.seconds(20)
    expect(bench.sets()).toEqual(['msk ams fra'])
    expect(bench.said()).not.toContain('caught-up fra')
  })
})

describe('pages that all are to serve alike', () => {
  const pages = async (onDifference: 'report' | 'vote', regions: readonly ('msk' | 'ams' | 'fra')[] = ['msk', 'ams', 'fra']) => {
    const bench = await replicating({ regions, changes: { sameContent: ['/index.html'], onDifference } })
    const other = new Set<string>()
    bench.world.pageAt = (address, url) => (url === 'https://failover.example.com/index.html' ? (other.has(address) ? 'bbbb' : 'aaaa') : undefined)
    await bench.seconds(60)
    expect(bench.said()).toEqual([])
    return { bench, other }
  }

  it('are told of when they differ for long, and when they do no more', async () => {
    const { bench, other } = await pages('report')
    other.add(fra)
    await bench.seconds(25)
    expect(bench.said()).toEqual([])
    await bench.seconds(60)
    expect([bench.sets(), bench.said()]).toEqual([[], ['content-differs /index.html']])
    other.clear()
    await bench.seconds(20)
    expect(bench.said()).toEqual(['content-agrees /index.html'])
  })

  it('take the odd one out where they vote', async () => {
    const { bench, other } = await pages('vote')
    other.add(fra)
    await bench.seconds(60)
    expect([bench.sets(), bench.said()]).toEqual([['msk ams'], ['stale fra', 'content-differs /index.html']])
    expect(bench.freshness('fra')).toBe('stale: serves another /index.html than msk and ams')
    other.clear()
    await bench.seconds(20)
    expect(bench.sets()).toEqual(['msk ams fra'])
  })

  it('take nobody out of two, nor the writer', async () => {
    const two = await pages('vote', ['msk', 'ams'])
    two.other.add(ams)
    const writer = await pages('vote')
    writer.other.add(msk)
    for (const { bench } of [two, writer]) {
      await bench.seconds(120)
      expect([bench.sets(), bench.said()]).toEqual([[], ['content-differs /index.html']])
    }
  })
})
