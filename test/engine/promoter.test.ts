import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import { type Verdict, verdictOf } from '../../src/core/ballot.ts'
import { noOrders, type Orders } from '../../src/core/orders.ts'
import { content } from '../../src/core/rrset.ts'
import type { Region, Site } from '../../src/core/site.ts'
import { type SiteState, withOrders } from '../../src/core/site-state.ts'
import { createPromoter, type Promoter } from '../../src/engine/promoter.ts'
import { createReplacementClaims, type ReplacementClaims } from '../../src/engine/replacement-claims.ts'
import { resolved } from '../core/known-sites.ts'
import { ballots, region, type Seen, site, upHealth, v4 } from '../core/samples.ts'
import { type Bench, makeBench, minutes } from './bench.ts'

const [first, second] = [v4(9), v4(8)]
const promotable = (name: string, ...replacements: readonly Address[]): Region => ({ ...region(name), replacements: replacements.map((address) => [address]), promoteAfterMs: minutes(10) })
const usual = site({ regions: [promotable('msk', first, second), promotable('ams', first)] })

/** A site’s promoter in a world that the test changes as it pleases. */
interface Play {
  readonly bench: Bench
  readonly seen: Map<Address, Seen>
  state: SiteState
  orders: Orders
  readonly promoter: Promoter
  readonly stop: AbortController
  /** What msk and ams lead to in DNS. */
  led(): string
  told(): readonly string[]
  run(toMinute: number): Promise<void>
}

const play = (options: { readonly where?: Site; readonly claims?: ReplacementClaims; readonly bench?: Bench; readonly resolves?: boolean } = {}): Play => {
  const { where = usual, claims = createReplacementClaims(), bench = makeBench(), resolves = true } = options
  const stop = new AbortController()
  const seen = new Map<Address, Seen>()
  const nameOf = (name: string): string => `${name}.example.com A`
  for (const [name, address] of [['msk', v4(1)], ['ams', v4(2)]] as const) bench.zone.set(nameOf(name), content([address], 60, []))
  const ledBy = (name: string): readonly Address[] => bench.zone.get(nameOf(name))?.values ?? []
  const regionsNow = (): SiteState['regions'] => resolved({ msk: ledBy('msk'), ams: ledBy('ams') }).regions
  const verdict = (address: Address): Verdict => verdictOf([ballots[seen.get(address) ?? 'up']])
  const { ports } = bench
  const self: Play = {
    bench,
    seen,
    stop,
    state: resolved({ msk: [v4(1)], ams: [v4(2)] }, { health: { [first]: upHealth(), [second]: upHealth() } }),
    orders: noOrders,
    promoter: createPromoter(
      where,
      {
        state: () => self.state,
        update: (change) => void (self.state = change(self.state)),
        verdictOf: verdict,
        pause: () => self.orders.pause,
        ports: { ...ports, orders: { load: async () => self.orders }, serviceZones: { of: async () => ({ kind: 'ours', provider: ports.provider, authorities: ports.authorities }) } },
        claims: claims.join(where.name),
        verifyMs: 30_000,
        onRepointed: () => void (resolves && (self.state = { ...self.state, regions: regionsNow() })),
        onError: (error) => {
          throw error
        },
      },
      stop.signal,
    ),
    led: () => `${ledBy('msk').join(' ')} ${ledBy('ams').join(' ')}`,
    told: () => bench.told('promoted', 'promotion-failed').map((event) => `${Math.floor(event.at / 60_000)} ${event.kind} ${'text' in event ? event.text : ''}`),
    run: async (toMinute) => {
      while (bench.time.now() < minutes(toMinute)) {
        self.state = withOrders(self.state, self.orders)
        self.promoter.tick(ports.clock.now())
        await bench.time.runUntil(bench.time.now() + 1000)
      }
    },
  }
  return self
}

const was = '192.0.2.1 192.0.2.2'

it('gives no region a server that another may have got right before a crash, while that one cannot be resolved', async () => {
  const game = play({ resolves: false })
  game.state = { ...game.state, regions: { ...game.state.regions, msk: { addresses: [v4(1)], problems: { v4: 'SERVFAIL' } } } }
  game.seen.set(v4(2), 'down')
  await game.run(12)
  expect(game.led()).toBe(was)
  game.state = { ...game.state, regions: { ...game.state.regions, msk: { addresses: [v4(1)], problems: {} } } }
  await game.run(13)
  expect(game.led()).toBe('192.0.2.1 192.0.2.9')
})

it('gives no region a server that another leads to by its records, whatever name servers answer', async () => {
  const game = play({ resolves: false })
  game.bench.zone.set('msk.example.com A', content([first], 60, []))
  game.seen.set(v4(2), 'down')
  await game.run(12)
  expect([game.led(), game.told()]).toEqual(['192.0.2.9 192.0.2.2', []])
})

describe('a region that stays down', () => {
  it('is taken over once its time is over, once, loudly, and not back by itself', async () => {
    const game = play()
    game.seen.set(v4(1), 'down')
    await game.run(10)
    expect(game.led()).toBe(was)
    await game.run(11)
    expect(game.led()).toBe('192.0.2.9 192.0.2.2')
    expect(game.told()).toEqual([
      '10 promoted region msk was down for 10 min, so its replacement has taken over: msk.example.com leads to 192.0.2.9 instead of 192.0.2.1; its name server agrees. ' +
        'It does not go back by itself: dns-failover repoint msk 192.0.2.1 --site failover.example.com',
    ])
    game.seen.set(first, 'down').set(v4(1), 'up')
    await game.run(60)
    expect(game.led()).toBe('192.0.2.9 192.0.2.2')
    expect(game.told()).toHaveLength(1)
  })

  it('is not while it is drained, forced, paused or blind, and what it was down before still counts', async () => {
    const order = { since: 0, until: undefined, reason: 'test', by: 'me' }
    const holds: readonly Orders[] = [
      { ...noOrders, drains: { msk: { ...order, isForced: false, origin: 'order' } } },
      { ...noOrders, forces: { msk: { ...order, to: 'down' } } },
      { ...noOrders, pause: order },
    ]
    for (const orders of holds) {
      const game = play()
      game.seen.set(v4(1), 'down')
      await game.run(9)
      game.orders = orders
      await game.run(30)
      expect([game.led(), game.told()]).toEqual([was, []])
      game.orders = noOrders
      await game.run(31)
      expect(game.led()).toBe(was)
      await game.run(32)
      expect(game.led()).toBe('192.0.2.9 192.0.2.2')
    }
    const game = play()
    game.seen.set(v4(1), 'down')
    await game.run(9)
    game.seen.set(v4(1), 'blind')
    await game.run(60)
    expect([game.led(), game.told()]).toEqual([was, []])
  })

  it('is not where an order, or the recovery, comes between the first check and the write', async () => {
    for (const change of [
      (game: Play) => void (game.orders = { ...noOrders, drains: { msk: { since: 0, until: undefined, reason: '', by: '', isForced: false, origin: 'order' } } }),
      (game: Play) => void (game.orders = { ...noOrders, pause: { until: undefined, reason: '', by: '' } }),
      (game: Play) => void game.seen.set(v4(1), 'up'),
      (game: Play) => void (game.state = { ...game.state, regions: resolved({ msk: [v4(1)], ams: [first] }).regions }),
    ]) {
      const game = play()
      game.seen.set(v4(1), 'down')
      await game.run(10)
      const checks = game.bench.checks()
      game.promoter.tick(game.bench.time.now())
      await game.bench.time.runUntil(game.bench.time.now() + 60)
      expect(game.bench.checks()).toBeGreaterThan(checks)
      change(game)
      await game.bench.time.runUntil(game.bench.time.now() + 5000)
      expect([game.led(), game.told()]).toEqual([was, []])
    }
  })

  it('starts anew after it was up', async () => {
    const game = play()
    game.seen.set(v4(1), 'down')
    await game.run(9)
    game.seen.delete(v4(1))
    await game.run(9.1)
    game.seen.set(v4(1), 'down')
    await game.run(19)
    expect(game.led()).toBe(was)
    await game.run(20)
    expect(game.led()).toBe('192.0.2.9 192.0.2.2')
  })

  it('is left alone, and it is said, where its subdomain leads elsewhere than was seen; tried again ever more seldom', async () => {
    const game = play({ resolves: false })
    game.seen.set(v4(1), 'down')
    game.bench.zone.set('msk.example.com A', content([v4(50)], 60, []))
    await game.run(30)
    expect(game.led()).toBe('192.0.2.50 192.0.2.2')
    const why = 'msk.example.com leads to 192.0.2.50, not to 192.0.2.1 as it was last seen to: somebody else has changed it'
    const after = [[10, '1 min'], [11, '2 min'], [13, '4 min'], [17, '8 min'], [25, '10 min']] as const
    expect(game.told()).toEqual(after.map(([at, again]) => `${at} promotion-failed region msk is to be taken over by 192.0.2.9, which did not work: ${why}; tried again in ${again}`))
  })

  it('is not taken over by what does not pass right then, nor without the provider', async () => {
    const game = play()
    game.seen.set(v4(1), 'down')
    game.bench.world.dead.add(first)
    await game.run(11)
    expect(game.led()).toBe(was)
    expect(game.told()).toEqual(['10 promotion-failed region msk is to be taken over by 192.0.2.9, which did not work: 192.0.2.9 may not take region msk over: failed 3 of 3 checks: refused (ECONNREFUSED); see that it serves the site as region msk does, or repoint without the check ("unchecked": true in the request, --unchecked on the command line); tried again in 1 min'])
    game.bench.world.dead.clear()
    game.bench.world.provider = 'unreachable'
    await game.run(12)
    expect(game.led()).toBe(was)
    game.bench.world.provider = 'answers'
    await game.run(15)
    expect(game.led()).toBe('192.0.2.9 192.0.2.2')
  })
})

describe('two regions that could have one server', () => {
  it('of one site: the first in the config gets it, the other its own next or none', async () => {
    const game = play()
    game.seen.set(v4(1), 'down').set(v4(2), 'down')
    await game.run(60)
    expect(game.led()).toBe('192.0.2.9 192.0.2.2')
    const reversed = play({ where: site({ regions: [promotable('ams', first), promotable('msk', first, second)] }) })
    reversed.seen.set(v4(1), 'down').set(v4(2), 'down')
    await reversed.run(60)
    expect(reversed.led()).toBe('192.0.2.8 192.0.2.9')
  })

  it('also not before it is seen that the first has it', async () => {
    const game = play({ resolves: false })
    game.seen.set(v4(1), 'down').set(v4(2), 'down')
    await game.run(30)
    expect([game.led(), game.told().length]).toEqual(['192.0.2.9 192.0.2.2', 1])
    const reads = game.bench.reads()
    await game.run(40)
    expect(game.bench.reads()).toBe(reads)
  })

  it('of two sites at the same moment: one of them', async () => {
    const claims = createReplacementClaims()
    const bench = makeBench()
    const a = play({ claims, bench, where: site({ regions: [promotable('msk', first), region('ams')] }) })
    const b = play({ claims, bench, where: site({ name: 'b.example.com', regions: [region('msk'), promotable('ams', first)] }) })
    a.seen.set(v4(1), 'down')
    b.seen.set(v4(2), 'down')
    while (bench.time.now() < minutes(12)) {
      for (const each of [a, b]) each.promoter.tick(bench.time.now())
      await bench.time.runUntil(bench.time.now() + 1000)
    }
    expect(a.led()).toBe('192.0.2.9 192.0.2.2')
  })

  it('of two sites: no other region than the first’s gets it, but a region of the same name does', async () => {
    const claims = createReplacementClaims()
    const a = play({ claims, where: site({ regions: [promotable('msk', first), region('ams')] }) })
    const b = play({ claims, where: site({ name: 'b.example.com', regions: [promotable('msk', first), promotable('ams', first)] }) })
    for (const each of [a, b]) each.seen.set(v4(1), 'down')
    b.seen.set(v4(2), 'down')
    await a.run(11)
    await b.run(30)
    expect([a.led(), b.led()]).toEqual(['192.0.2.9 192.0.2.2', '192.0.2.9 192.0.2.2'])
    expect(b.promoter.takenBy(first, 'ams')).toBe('msk of site failover.example.com')
  })
})

it('writes nothing once it is stopped, and says nothing of what was cut short', async () => {
  const game = play()
  game.seen.set(v4(1), 'down')
  await game.run(10)
  game.promoter.tick(game.bench.time.now())
  game.stop.abort()
  const stopped = game.promoter.stop()
  await game.bench.time.runUntil(game.bench.time.now() + 5000)
  await stopped
  expect([game.led(), game.told()]).toEqual([was, []])
})
