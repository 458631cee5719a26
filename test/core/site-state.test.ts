import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import type { FamilyResolution, Resolution } from '../../src/core/answer.ts'
import { observe, resumed } from '../../src/core/health.ts'
import { noOrders, type Orders } from '../../src/core/orders.ts'
import {
  configuredAddresses,
  emptyState,
  knownAddresses,
  pruned,
  regionOf,
  resumedState,
  type SiteState,
  unresolvedRegions,
  withOrders,
  withResolution,
  withResult,
  withUndecided,
} from '../../src/core/site-state.ts'
import { resolved } from './known-sites.ts'
import { check, failed, health, keyA, keyAaaa, ok, policy, region, rrset, site, upHealth, v4, v6 } from './samples.ts'

const msk = region('msk')
const found = (...addresses: readonly Address[]): FamilyResolution => ({ kind: 'found', addresses })
const nothing: FamilyResolution = { kind: 'nothing', detail: 'NXDOMAIN' }
const broken: FamilyResolution = { kind: 'failed', detail: 'SERVFAIL' }
const both = { msk: [v4(1), v6(1)] }

describe('withResolution', () => {
  it.each<readonly [string, SiteState, Resolution, SiteState]>([
    ['a first answer', emptyState, { v4: found(v4(2), v4(1)), v6: found(v6(1)) }, resolved({ msk: [v4(1), v4(2), v6(1)] })],
    ['a first answer without IPv6', emptyState, { v4: found(v4(1)), v6: nothing }, resolved({ msk: [v4(1)] })],
    ['the same again', resolved(both), { v4: found(v4(1)), v6: found(v6(1)) }, resolved(both)],
    ['a repoint', resolved(both), { v4: found(v4(2)), v6: found(v6(1)) }, resolved({ msk: [v4(2), v6(1)] }, { retired: { [v4(1)]: 'msk' }, led: { msk: [v4(1)] } })],
    ['one of two gone', resolved({ msk: [v4(1), v4(2)] }), { v4: found(v4(1)), v6: nothing }, resolved({ msk: [v4(1)] }, { retired: { [v4(2)]: 'msk' }, led: { msk: [v4(2)] } })],
    [
      'no answer keeps the last known',
      resolved(both),
      { v4: broken, v6: broken },
      { ...emptyState, regions: { msk: { addresses: both.msk, problems: { v4: 'SERVFAIL', v6: 'SERVFAIL' } } } },
    ],
    [
      'nothing where something was keeps it',
      resolved(both),
      { v4: nothing, v6: found(v6(1)) },
      { ...emptyState, regions: { msk: { addresses: both.msk, problems: { v4: 'NXDOMAIN' } } } },
    ],
    [
      'each family by itself',
      resolved(both),
      { v4: found(v4(2)), v6: broken },
      { ...emptyState, regions: { msk: { addresses: [v4(2), v6(1)], problems: { v6: 'SERVFAIL' } } }, retired: { [v4(1)]: 'msk' }, led: { msk: [v4(1)] } },
    ],
    ['nothing at all, ever', emptyState, { v4: nothing, v6: nothing }, { ...emptyState, regions: { msk: { addresses: [], problems: { v4: 'NXDOMAIN', v6: 'NXDOMAIN' } } } }],
    ['no answer, ever', emptyState, { v4: broken, v6: nothing }, { ...emptyState, regions: { msk: { addresses: [], problems: { v4: 'SERVFAIL' } } } }],
    [
      'problems end with the next answer',
      { ...emptyState, regions: { msk: { addresses: both.msk, problems: { v4: 'SERVFAIL' } } } },
      { v4: found(v4(1)), v6: found(v6(1)) },
      resolved(both),
    ],
    ['fixed addresses of one family', resolved(both), { v4: found(v4(1)), v6: found() }, resolved({ msk: [v4(1)] }, { retired: { [v6(1)]: 'msk' }, led: { msk: [v6(1)] } })],
  ])('%s', (_, state, resolution, expected) => {
    expect(withResolution(state, msk, resolution)).toEqual(expected)
  })

  it('leaves other regions alone, and keeps who was retired before', () => {
    const state = resolved({ msk: [v4(1)], ams: [v4(2)] }, { retired: { [v4(9)]: 'ams' } })
    expect(withResolution(state, msk, { v4: found(v4(3)), v6: nothing })).toEqual(
      resolved({ msk: [v4(3)], ams: [v4(2)] }, { retired: { [v4(9)]: 'ams', [v4(1)]: 'msk' }, led: { msk: [v4(1)] } }),
    )
  })
})

it('adds results to the health of one address', () => {
  const state = resolved(both, { health: { [v6(1)]: upHealth() } })
  expect(withResult(state, v4(1), ok(5), site())).toEqual({
    ...state,
    health: { [v6(1)]: upHealth(), [v4(1)]: observe(health({ since: 5 }), ok(5), check, policy.damping) },
  })
  expect(withResult(state, v6(1), failed(5), site()).health).toEqual({ [v6(1)]: observe(upHealth(), failed(5), check, policy.damping) })
})

describe('who leads where', () => {
  const state = resolved({ msk: [v4(1), v4(3)], ams: [v4(2), v4(3)], gone: [v4(8)] })

  it('asks the regions of the config, the first that leads there', () => {
    expect([v4(1), v4(2), v4(3), v4(8), v4(9)].map((address) => regionOf(address, site(), state)?.name)).toEqual(['msk', 'ams', 'msk', undefined, undefined])
    expect(configuredAddresses(site(), state)).toEqual([v4(1), v4(2), v4(3)])
  })

  it('knows what is led to, what is marked and there, and what is retired and there', () => {
    const current = [rrset(keyA, [v4(4), v4(5), v4(9)], [v4(4), v4(6)]), rrset(keyAaaa, [v6(1)], [])]
    const known = knownAddresses(site(), { ...state, retired: { [v4(5)]: 'msk', [v4(7)]: 'msk', [v6(1)]: 'ams' } }, current)
    expect(known).toEqual([v4(1), v4(2), v4(3), v4(4), v4(5), v6(1)])
  })

  it('lists what is unresolved', () => {
    const three = site({ regions: [region('msk'), region('ams'), region('fra')] })
    const some = { ...emptyState, regions: { msk: { addresses: [v4(1)], problems: {} }, ams: { addresses: [], problems: { v4: 'SERVFAIL', v6: 'timeout' } } } }
    expect(unresolvedRegions(three, some)).toEqual([
      { region: 'ams', detail: 'SERVFAIL' },
      { region: 'ams', detail: 'timeout' },
      { region: 'fra', detail: 'not resolved yet' },
    ])
  })
})

it('takes what was not decided for unknown', () => {
  const state = resolved(both, { health: { [v4(1)]: upHealth(), [v6(1)]: upHealth() } })
  expect(withUndecided(state, [v4(1), v4(9)])).toEqual({ ...state, health: { [v4(1)]: upHealth({ state: 'unknown' }), [v6(1)]: upHealth() } })
})

it('takes over a state with all health unknown', () => {
  const state = resolved(both, { health: { [v4(1)]: upHealth({ readmitAt: 5 }) }, drains: { msk: { reason: 'reboot' } } })
  expect(resumedState(state)).toEqual({ ...state, health: { [v4(1)]: resumed(upHealth({ readmitAt: 5 })) } })
})

it('forgets who is retired no more or published nowhere, and the health of nobody', () => {
  const everybody = Object.fromEntries([v4(1), v4(2), v4(3), v4(4), v6(9)].map((address) => [address, upHealth()]))
  const state = resolved({ msk: [v4(1)], ams: [v4(2)] }, { retired: { [v4(2)]: 'msk', [v4(3)]: 'msk', [v4(4)]: 'msk' }, health: everybody, drains: { gone: { reason: '' } } })
  expect(pruned(state, site(), [rrset(keyA, [v4(2), v4(3)]), rrset(keyAaaa, [v6(9)], [])])).toEqual({
    ...state,
    retired: { [v4(3)]: 'msk' },
    led: { msk: [v4(2), v4(4)] },
    health: Object.fromEntries([v4(1), v4(2), v4(3), v6(9)].map((address) => [address, upHealth()])),
  })
})

describe('what a region that is out has led to', () => {
  const leaving = (...all: readonly Address[]): SiteState => all.reduce((state, address) => withResolution(state, msk, { v4: found(address), v6: nothing }), resolved({ msk: [v4(1)] }))

  it('is remembered in the order in which it was left, each once, and not without bounds', () => {
    expect(leaving(v4(2), v4(3), v4(1), v4(2)).led).toEqual({ msk: [v4(1), v4(2), v4(3)] })
    const many = Array.from({ length: 600 }, (_, index) => `198.18.${Math.floor(index / 250)}.${index % 250}` as Address)
    expect(leaving(...many).led['msk']?.slice(-1)).toEqual([many.at(-2)])
    expect(leaving(...many).led['msk']?.length).toBe(256)
  })

  it('and forgotten once no order takes it out any more', () => {
    const order = { since: 0, until: undefined, reason: 'kernel', by: 'eve' }
    const ledUnder = (orders: Partial<Orders>) => withOrders(leaving(v4(2)), { ...noOrders, ...orders }).led
    expect([
      ledUnder({ drains: { msk: { ...order, isForced: false, origin: 'order' } } }),
      ledUnder({ forces: { msk: { ...order, to: 'down' } } }),
      ledUnder({ drains: { ams: { ...order, isForced: false, origin: 'order' } } }),
      // The drain goes on when the force ends.
      ledUnder({ drains: { msk: { ...order, isForced: false, origin: 'order' } }, forces: { msk: { ...order, to: 'up' } } }),
      ledUnder({ forces: { msk: { ...order, to: 'up' } } }),
      ledUnder({}),
    ]).toEqual([{ msk: [v4(1)] }, { msk: [v4(1)] }, {}, { msk: [v4(1)] }, {}, {}])
  })
})
