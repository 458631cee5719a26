import { describe, expect, it } from 'vitest'
import { entryText, keyA, keyAaaa, main, named, policy, region, rrset, site, v4, v6 } from './samples.ts'
import { afterwards, decideOn, healths, observer, outline, reference, resolved } from './known-sites.ts'

const www = named('www.example.com')
const wwwA = { name: www, type: 'A' } as const
const dual = resolved({ msk: [v4(1), v6(1)], ams: [v4(2), v6(2)] })
const removal = (address: ReturnType<typeof v4>, at: number, isUncertain = false) => ({ address, at, isUncertain })

it('withdraws one address of each family, with reasons, and counts both', () => {
  const current = [rrset(keyA, [v4(1), v4(2)]), rrset(keyAaaa, [v6(1), v6(2)])]
  const decided = decideOn(site(), { ...dual, health: healths([v4(2), v6(2)], [v4(1), v6(1)]) }, current)
  expect(outline(decided)).toEqual([
    ['failover.example.com A normal', '-1 down', '=2 up'],
    ['failover.example.com AAAA normal', '-1 down', '=2 up'],
  ])
  expect(decided.changes).toEqual([
    {
      change: {
        key: keyA,
        before: current[0],
        after: { values: [v4(2)], ttl: 60, owned: [v4(2)] },
        reasons: [
          { address: v4(1), action: 'remove', rule: 'down', text: 'refused (connection refused), 3 failed checks while ams (192.0.2.2) answered' },
          { address: v4(2), action: 'keep', rule: 'up', text: 'up' },
          { address: undefined, action: 'mark', rule: 'mark', text: 'the ownership mark names the values that are ours' },
        ],
      },
      verdict: { kind: 'allowed' },
    },
    expect.objectContaining({ verdict: { kind: 'allowed' } }),
  ])
  expect(decided.removals).toEqual([removal(v4(1), 10_000, true), removal(v6(1), 10_000, true)])
})

it('plans nothing where all is well', () => {
  const current = [rrset(keyA, [v4(1), v4(2)]), rrset(keyAaaa, [v6(1), v6(2)])]
  const decided = decideOn(site(), { ...dual, health: healths([v4(1), v4(2), v6(1), v6(2)]) }, current)
  expect([decided.changes, decided.removals]).toEqual([[], []])
})

describe('one budget', () => {
  const regions = [region('a'), region('b'), region('c')]
  const state = resolved({ a: [v4(1)], b: [v4(2)], c: [v4(3)] }, { health: healths([v4(3)], [v4(1), v4(2)]) })

  it('is for several names together, and the same address costs once', () => {
    const current = [rrset(keyA, [v4(1), v4(2), v4(3)]), rrset(wwwA, [v4(1), v4(2), v4(3)])]
    const decided = decideOn(site({ names: [main, www], regions }), state, current)
    expect(outline(decided)).toEqual([
      ['failover.example.com A normal', '-1 down', '-2 down', '=3 up'],
      ['www.example.com A normal', '-1 down', '-2 down', '=3 up'],
    ])
    expect(decided.removals).toEqual([removal(v4(1), 10_000, true), removal(v4(2), 10_000, true)])
  })

  it('is for A and AAAA together', () => {
    const both = resolved({ a: [v4(1)], b: [v6(2)], c: [v4(3), v6(3)] }, { health: healths([v4(3), v6(3)], [v4(1), v6(2)]) })
    const decided = decideOn(site({ regions }), { ...both, removals: [removal(v4(8), 9_000)] }, [rrset(keyA, [v4(1), v4(3)]), rrset(keyAaaa, [v6(2), v6(3)])])
    expect(outline(decided)).toEqual([
      ['failover.example.com A normal', '-1 down', '=3 up'],
      ['failover.example.com AAAA normal', '=2 budget', '=3 up'],
    ])
    expect(decided.removals).toEqual([removal(v4(8), 9_000), removal(v4(1), 10_000, true)])
  })

  it.each([
    ['counts what went within the window', [removal(v4(9), 9_000)], ['-1 down', '=2 budget', '=3 up']],
    ['forgets what went before', [removal(v4(9), 10_000 - 300_000)], ['-1 down', '-2 down', '=3 up']],
    ['does not count what came back', [removal(v4(3), 9_000)], ['-1 down', '-2 down', '=3 up']],
    ['counts what is there still, while its write may yet happen', [removal(v4(3), 9_000, true)], ['-1 down', '=2 budget', '=3 up']],
    ['but not for ever', [removal(v4(3), 0, true)], ['-1 down', '-2 down', '=3 up']],
    ['lets go what is counted already', [removal(v4(1), 9_000, true), removal(v4(9), 9_000)], ['-1 down', '=2 budget', '=3 up']],
  ])('%s', (_, removals, expected) => {
    const decided = decideOn(site({ regions }), { ...state, removals }, [rrset(keyA, [v4(1), v4(2), v4(3)])])
    expect(decided.decisions.flatMap((each) => each.entries.map(entryText))).toEqual(expected)
  })

  it('does not count what a repoint replaced', () => {
    const repointed = resolved({ a: [v4(4)], b: [v4(2)] }, { retired: { [v4(1)]: 'a' }, health: healths([v4(1), v4(2), v4(4)]) })
    const decided = decideOn(site({ regions: [region('a'), region('b')] }), repointed, [rrset(keyA, [v4(1), v4(2)])])
    expect([outline(decided), decided.removals]).toEqual([[['failover.example.com A normal', '-1 replaced', '=2 up', '+4 up']], []])
  })

  it('does not count drains, nor what is foreign', () => {
    const drained = { ...state, health: healths([v4(1), v4(2), v4(3)]), drains: { a: { reason: 'reboot' } } }
    const cleaning = site({ regions, policy: { ...policy, foreign: 'remove' } })
    const decided = decideOn(cleaning, drained, [rrset(keyA, [v4(1), v4(2), v4(3), v4(9)], [v4(1), v4(2), v4(3)])])
    expect(decided.decisions.map((each) => each.entries.map(entryText))).toEqual([['-1 drained', '=2 up', '=3 up', '-9 foreign-removed']])
    expect([decided.changes.map((each) => each.verdict), decided.removals]).toEqual([[{ kind: 'allowed' }], []])
  })
})

describe('AAAA', () => {
  const sixDown = (v4Up: readonly ReturnType<typeof v4>[], v4Down: readonly ReturnType<typeof v4>[]) => {
    const state = { ...dual, health: healths(v4Up, [...v4Down, v6(1), v6(2)]) }
    return (current: Parameters<typeof decideOn>[2]) => outline(decideOn(site(), state, current, 10_000, { ...observer, references: [reference(v6(0x53)), reference(v4(53))] }))
  }

  it('may be emptied while an A address is there, stays and is up', () => {
    expect(sixDown([v4(1), v4(2)], [])([rrset(keyA, [v4(1), v4(2)]), rrset(keyAaaa, [v6(1), v6(2)])])).toEqual([
      ['failover.example.com A normal', '=1 up', '=2 up'],
      ['failover.example.com AAAA family-down', '-1 down', '-2 down'],
    ])
  })

  it('is not emptied while the A address is only about to come', () => {
    expect(sixDown([v4(1), v4(2)], [])([rrset(keyA, []), rrset(keyAaaa, [v6(1), v6(2)])])).toEqual([
      ['failover.example.com A normal', '+1 up', '+2 up'],
      ['failover.example.com AAAA fail-open', '=1 fail-open', '=2 fail-open'],
    ])
  })

  it('is not emptied while no A address is up', () => {
    expect(sixDown([], [v4(1), v4(2)])([rrset(keyA, [v4(1), v4(2)]), rrset(keyAaaa, [v6(1), v6(2)])])).toEqual([
      ['failover.example.com A fail-open', '=1 fail-open', '=2 fail-open'],
      ['failover.example.com AAAA fail-open', '=1 fail-open', '=2 fail-open'],
    ])
  })

  it('is not emptied on the word of others that an A address is up, nor by a vote that is split', () => {
    const says = (opinion: 'up' | 'down', mode: 'vote' | 'override', v4Up: readonly ReturnType<typeof v4>[], v4Down: readonly ReturnType<typeof v4>[]) => {
      const word = { source: 'kuma', monitor: 'm', opinion, detail: '', since: 0, heardAt: 0, expiresAt: 99_000, eventAt: 0 }
      const state = { ...dual, health: healths(v4Up, [...v4Down, v6(1), v6(2)]), words: { msk: [word], ams: [word] }, drains: {} }
      const current = [rrset(keyA, [v4(1), v4(2)]), rrset(keyAaaa, [v6(1), v6(2)])]
      const drained = { ...state, forces: { msk: { to: 'down', reason: 'test' }, ams: { to: 'down', reason: 'test' } } } as const
      return outline(decideOn(site({ sources: { kuma: mode } }), drained, current, 10_000, { ...observer, references: [reference(v6(0x53)), reference(v4(53))] }))[1]
    }
    const stays = ['failover.example.com AAAA fail-open', '=1 floor', '=2 floor']
    expect(says('up', 'override', [], [v4(1), v4(2)])).toEqual(stays)
    expect(says('down', 'vote', [v4(1), v4(2)], [])).toEqual(stays)
    expect(says('up', 'vote', [v4(1), v4(2)], [])).toEqual(['failover.example.com AAAA family-drained', '-1 forced-down', '-2 forced-down'])
  })

  it('is not emptied by the A set of another name', () => {
    const wwwAaaa = { name: www, type: 'AAAA' } as const
    const two = site({ names: [main, www] })
    const state = { ...dual, health: healths([v4(1), v4(2)], [v6(1), v6(2)]) }
    const current = [rrset(keyA, [v4(1), v4(2)]), rrset(keyAaaa, [v6(1)]), rrset(wwwA, []), rrset(wwwAaaa, [v6(1)])]
    expect(outline(decideOn(two, state, current, 10_000, { ...observer, references: [reference(v6(0x53))] })).slice(1)).toEqual([
      ['failover.example.com AAAA family-down', '-1 down', '.2 down'],
      ['www.example.com A normal', '+1 up', '+2 up'],
      ['www.example.com AAAA fail-open', '=1 fail-open', '+2 fail-open'],
    ])
  })

  it('is frozen where nothing of IPv6 answers, whatever IPv4 does', () => {
    const state = { ...dual, health: healths([v4(1), v4(2)], [v6(1), v6(2)]) }
    expect(outline(decideOn(site(), state, [rrset(keyA, [v4(1), v4(2)]), rrset(keyAaaa, [v6(1), v6(2)])]))).toEqual([
      ['failover.example.com A normal', '=1 up', '=2 up'],
      ['failover.example.com AAAA blind', '=1 blind', '=2 blind'],
    ])
  })
})

it('twice is once: after its own changes it plans nothing', () => {
  const state = { ...dual, health: healths([v4(2), v6(1)], [v4(1), v6(2)]), removals: [] }
  const current = [rrset(keyA, [v4(1), v4(9)], [], 300), rrset(keyAaaa, [])]
  const first = decideOn(site(), state, current)
  const second = afterwards(first, current)
  expect(second).toEqual([rrset(keyA, [v4(2), v4(9)], [v4(2)]), rrset(keyAaaa, [v6(1)])])
  expect(decideOn(site(), { ...state, removals: first.removals }, second, 10_001).changes).toEqual([])
})
