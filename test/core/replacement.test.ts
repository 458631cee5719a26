import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import { settled, type Verdict, verdictOf } from '../../src/core/ballot.ts'
import type { PromotionInput } from '../../src/core/promotion-facts.ts'
import { countedPromotions, duePromotions, replacementStatus, replacementTargets } from '../../src/core/replacement.ts'
import type { Region } from '../../src/core/site.ts'
import type { SiteState } from '../../src/core/site-state.ts'
import { resolved } from './known-sites.ts'
import { ballots, downHealth, region, type Seen, site, upHealth, v4, v6 } from './samples.ts'

const minute = 60_000
const spare = v4(9)
const other = v4(8)
const promotable = (name: string, ...replacements: readonly (readonly Address[])[]): Region => ({ ...region(name), replacements, promoteAfterMs: 10 * minute })
const msk = promotable('msk', [spare], [other])
const usual = site({ regions: [msk, region('ams')] })
const nobody = (): undefined => undefined

const told = (opinion: 'up' | 'down'): Verdict => verdictOf([ballots.up, { vantage: 'kuma', since: 0, opinion, told: { detail: '', expiresAt: 9e9, isOverride: true } }])
const hearsay = verdictOf([ballots.unknown, { vantage: 'kuma', since: 0, opinion: 'down', told: { detail: '', expiresAt: 9e9, isOverride: true } }])
const split = verdictOf([ballots.down, { vantage: 'kuma', since: 0, opinion: 'up', told: { detail: '', expiresAt: 9e9, isOverride: false } }])
const seen = (...all: readonly (readonly [Address, Seen])[]) => (address: Address): Verdict => verdictOf([ballots[all.find(([each]) => each === address)?.[1] ?? 'up']])
const down = seen([v4(1), 'down'])

/** Region msk has been down for long enough, and both of its replacements are up. */
const due = (over: Partial<SiteState> = {}): PromotionInput => ({
  site: usual,
  state: resolved({ msk: [v4(1)], ams: [v4(2)] }, { promotions: { msk: { downMs: 10 * minute, countedAt: 0 } }, health: { [spare]: upHealth(), [other]: upHealth() }, ...over }),
  verdictOf: down,
  pause: undefined,
})
const outline = (input: PromotionInput, takenBy: (address: Address, region: string) => string | undefined = nobody): string => {
  const status = replacementStatus(msk, input, takenBy)
  return status === undefined ? 'none' : status.due !== undefined ? `due: ${status.due.join(' ')}` : `${status.isPromoted ? 'promoted' : (status.heldBy ?? 'waiting')}, in ${status.dueInMs}`
}

describe('a region that has been down for long enough', () => {
  const drains = { msk: { reason: 'kernel' } }
  const problems = { v4: 'SERVFAIL' }
  const cases: readonly (readonly [string, PromotionInput, string])[] = [
    ['is taken over by its first replacement', due(), 'due: 192.0.2.9'],
    ['by the next where the first is down', due({ health: { [spare]: downHealth(), [other]: upHealth() } }), 'due: 192.0.2.8'],
    ['by the next where the first is not proven under this check', due({ health: { [spare]: upHealth({ identity: 'check-0' }), [other]: upHealth() } }), 'due: 192.0.2.8'],
    ['by none where none is up', due({ health: {} }), 'no replacement is both free and up, in undefined'],
    ['by none for old content alone', { ...due(), verdictOf: () => verdictOf([{ vantage: 'here', since: 0, opinion: 'down', cause: 'stale', detail: '', failures: 3, witness: 'ams' }]) }, 'our checks do not find all of its addresses down, in undefined'],
    ['by none while it is drained', due({ drains }), 'it is drained: kernel, in undefined'],
    ['by none while it is forced', due({ forces: { msk: { to: 'up', reason: 'test' } } }), 'it is forced up: test, in undefined'],
    ['by none while the site is paused', { ...due(), pause: { until: undefined, reason: 'migration', by: 'me' } }, 'site failover.example.com is paused: migration, in undefined'],
    ['by none while it cannot be resolved', due({ regions: { msk: { addresses: [v4(1)], problems }, ams: { addresses: [v4(2)], problems: {} } } }), 'its subdomain cannot be resolved: SERVFAIL, in undefined'],
    ['by none while we may be the ones cut off', { ...due(), verdictOf: seen([v4(1), 'blind']) }, 'blind: 192.0.2.1 fails, and nothing shows that the fault is not ours, in undefined'],
    ['by none while another region shows us blind', { ...due(), verdictOf: seen([v4(1), 'down'], [v4(2), 'blind']) }, 'blind: 192.0.2.2 fails, and nothing shows that the fault is not ours, in undefined'],
    ['by none on hearsay alone', { ...due(), verdictOf: (address) => (address === v4(1) ? hearsay : verdictOf([ballots.up])) }, 'our checks do not find all of its addresses down, in undefined'],
    ['by none while the vote is split, however it is settled', { ...due(), verdictOf: (address) => (address === v4(1) ? settled(split, false) : verdictOf([ballots.up])) }, 'our checks do not find all of its addresses down, in undefined'],
    ['by none while it is others alone that find it down: then the time begins anew', { ...due(), verdictOf: () => told('down') }, 'waiting, in undefined'],
    ['by none while one of its addresses is up', { ...due({ regions: { msk: { addresses: [v4(1), v6(1)], problems: {} } } }) }, 'waiting, in undefined'],
    ['by none while one of its addresses is not decided', { ...due({ regions: { msk: { addresses: [v4(1), v6(1)], problems: {} } } }), verdictOf: seen([v4(1), 'down'], [v6(1), 'unknown']) }, 'our checks do not find all of its addresses down, in undefined'],
    ['by none before it was resolved', due({ regions: {} }), 'our checks do not find all of its addresses down, in undefined'],
    ['by none once it was, whoever did it', { ...due({ regions: { msk: { addresses: [other], problems: {} } } }), verdictOf: seen([other, 'down']) }, 'promoted, in undefined'],
    ['by one that no other region leads to', due({ regions: { msk: { addresses: [v4(1)], problems: {} }, ams: { addresses: [spare], problems: {} } } }), 'due: 192.0.2.8'],
  ]
  it.each(cases)('%s', (_, input, expected) => {
    expect(outline(input)).toBe(expected)
  })

  it('is not taken over by a server that somebody else has', () => {
    expect(outline(due(), (address) => (address === spare ? 'ber of site b.example.com' : undefined))).toBe('due: 192.0.2.8')
    expect(outline(due(), () => 'ber')).toBe('no replacement is both free and up, in undefined')
  })

  it('is not where it has nobody to be taken over by, or no time for it, or no subdomain', () => {
    for (const without of [{ replacements: [] }, { promoteAfterMs: undefined }, { source: { kind: 'fixed', addresses: [v4(1)] } as const }]) {
      const bare = { ...msk, ...without }
      const input = { ...due(), site: site({ regions: [bare, usual.regions[1] ?? bare] }) }
      expect([replacementStatus(bare, input, nobody), duePromotions(input, nobody), replacementTargets(input), countedPromotions(input, 0)]).toEqual([undefined, [], [], {}])
    }
  })
})

it('counts anew once our own checks find it up, whatever others say', () => {
  const counts = (verdict: Verdict) => countedPromotions({ ...due({ promotions: { msk: { downMs: 4 * minute, countedAt: 0 } } }), verdictOf: () => verdict }, 5_000)['msk']?.downMs
  expect([told('down'), told('up'), hearsay, split, verdictOf([ballots.down])].map(counts)).toEqual([0, 0, 4 * minute, 4 * minute, 4 * minute + 5_000])
})

it('tells when it is due', () => {
  const input = due({ promotions: { msk: { downMs: 4 * minute, countedAt: 0 } } })
  expect(replacementStatus(msk, input, nobody)).toEqual({
    candidates: [
      { addresses: [spare], state: 'up', takenBy: undefined },
      { addresses: [other], state: 'up', takenBy: undefined },
    ],
    promoteAfterMs: 10 * minute,
    downForMs: 4 * minute,
    dueInMs: 6 * minute,
    heldBy: undefined,
    isPromoted: false,
    due: undefined,
  })
})

it('takes a whole replacement or none, and one that is dead in a part for down', () => {
  const both = { ...msk, replacements: [[spare, v6(9)]] }
  const input = (health: SiteState['health']): PromotionInput => ({ ...due({ health }), site: site({ regions: [both] }) })
  expect(duePromotions(input({ [spare]: upHealth(), [v6(9)]: upHealth() }), nobody).map(({ from, to, downMs }) => ({ from, to, downMs }))).toEqual([{ from: [v4(1)], to: [spare, v6(9)], downMs: 10 * minute }])
  expect(replacementStatus(both, input({ [spare]: upHealth() }), nobody)?.candidates[0]?.state).toBe('unknown')
  expect(replacementStatus(both, input({ [spare]: upHealth(), [v6(9)]: downHealth() }), nobody)?.candidates[0]?.state).toBe('down')
})

it('checks replacements from when the region is down until one has taken over, each once', () => {
  const pair = site({ regions: [msk, promotable('ams', [spare])] })
  const targets = (input: PromotionInput): readonly string[] => replacementTargets({ ...input, site: pair }).map(({ address, region: { name } }) => `${name} ${address}`)
  const bothDown = seen([v4(1), 'down'], [v4(2), 'down'])
  expect(targets({ ...due({ promotions: {} }), verdictOf: bothDown })).toEqual(['msk 192.0.2.9', 'msk 192.0.2.8'])
  expect(targets({ ...due(), verdictOf: seen([v4(2), 'down']) })).toEqual(['ams 192.0.2.9'])
  expect(targets({ ...due(), verdictOf: seen() })).toEqual([])
  expect(targets({ ...due({ regions: { msk: { addresses: [spare], problems: {} }, ams: { addresses: [v4(2)], problems: {} } } }), verdictOf: seen([v4(2), 'down'], [spare, 'down']) })).toEqual([])
})

describe('whatever happens to three regions that share replacements', () => {
  const names = ['msk', 'ams', 'fra']
  const pool = [[v4(7)], [v4(8), v6(8)], [v4(9)]] as const
  const addresses = [v4(1), v4(2), v4(3), ...pool.flat()]
  const step = fc.record({
    seen: fc.array(fc.constantFrom<Seen[]>('up', 'down', 'down', 'down', 'blind', 'unknown'), { minLength: addresses.length, maxLength: addresses.length }),
    up: fc.subarray(addresses, { minLength: 3 }),
    drained: fc.oneof({ weight: 3, arbitrary: fc.constant<string[]>([]) }, { weight: 1, arbitrary: fc.subarray(names) }),
    isPaused: fc.nat({ max: 5 }).map((number) => number === 0),
    seconds: fc.constantFrom(1, 1, 1, 5, 11),
  })
  const regionOf = fc.record({ replacements: fc.shuffledSubarray([...pool]), after: fc.constantFrom(1, 2000) })

  it('no two get one server, and none is taken over while drained, blind, paused, or once it was', () => {
    let promotions = 0
    fc.assert(
      fc.property(fc.tuple(regionOf, regionOf, regionOf), fc.array(step, { maxLength: 30 }), (regions, steps) => {
        const three = site({ regions: names.map((name, at) => ({ ...promotable(name, ...(regions[at]?.replacements ?? [])), promoteAfterMs: regions[at]?.after })) })
        let state = resolved({ msk: [v4(1)], ams: [v4(2)], fra: [v4(3)] })
        let now = 0
        const done = new Set<string>()
        for (const each of steps) {
          now += each.seconds * 1000
          const verdict = seen(...addresses.map((address, at) => [address, each.seen[at] ?? 'up'] as const))
          const drains = Object.fromEntries(each.drained.map((name) => [name, { reason: 'test' }]))
          state = { ...state, drains, health: Object.fromEntries(each.up.map((address) => [address, upHealth()])) }
          const pause = each.isPaused ? { until: undefined, reason: '', by: '' } : undefined
          const input = { site: three, state, verdictOf: verdict, pause }
          state = { ...state, promotions: countedPromotions(input, now) }
          const led = (): readonly Address[] => Object.values(state.regions).flatMap((one) => one.addresses)
          const isBlind = led().some((address) => !address.includes(':') && verdict(address).ballots.some((ballot) => 'why' in ballot && ballot.why === 'blind'))
          for (const { region: { name }, from, to } of duePromotions({ ...input, state }, nobody)) {
            promotions += 1
            expect(done.has(name) || each.isPaused || each.drained.includes(name)).toBe(false)
            expect(from.map((address) => verdict(address).opinion)).toEqual(from.map(() => 'down'))
            expect(isBlind).toBe(false)
            expect(to.every((address) => each.up.includes(address))).toBe(true)
            done.add(name)
            state = { ...state, regions: { ...state.regions, [name]: { addresses: to, problems: {} } } }
          }
          expect(new Set(led()).size).toBe(led().length)
        }
      }),
      { numRuns: 400 },
    )
    expect(promotions).toBeGreaterThan(50)
  })
})
