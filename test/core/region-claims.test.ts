import { describe, expect, it } from 'vitest'
import type { Resolution } from '../../src/core/answer.ts'
import { type Resolved, withResolutions } from '../../src/core/region-claims.ts'
import { emptyState, type SiteState } from '../../src/core/site-state.ts'
import { region, v4 } from './samples.ts'

const to = (...numbers: readonly number[]): Resolution => ({
  v4: { kind: 'found', addresses: numbers.map((number) => v4(number)) },
  v6: { kind: 'nothing', detail: 'no AAAA' },
})
const silent: Resolution = { v4: { kind: 'failed', detail: 'timeout' }, v6: { kind: 'failed', detail: 'timeout' } }
const both = (msk: Resolution, ams: Resolution): readonly Resolved[] => [
  { region: region('msk'), resolution: msk },
  { region: region('ams'), resolution: ams },
]
const seen = (state: SiteState) =>
  Object.fromEntries(Object.entries(state.regions).map(([name, { addresses, problems }]) => [name, [addresses.join(' '), problems.v4 ?? '']]))
const known = withResolutions(emptyState, both(to(1), to(2)))

describe('an address serves one region', () => {
  it.each([
    ['each its own', both(to(1), to(2)), { msk: ['192.0.2.1', ''], ams: ['192.0.2.2', ''] }],
    ["the later leads to the earlier's", both(to(1), to(1)), { msk: ['192.0.2.1', ''], ams: ['192.0.2.2', "it leads to 192.0.2.1, which is region msk's"] }],
    ["the earlier leads to the later's", both(to(2), to(2)), { msk: ['192.0.2.1', "it leads to 192.0.2.2, which is region ams's"], ams: ['192.0.2.2', ''] }],
    ["one leads to that of one that gives no answer", both(silent, to(1)), { msk: ['192.0.2.1', 'timeout'], ams: ['192.0.2.2', "it leads to 192.0.2.1, which is region msk's"] }],
    ['one moves on, and the other takes its address over', both(to(3), to(1)), { msk: ['192.0.2.3', ''], ams: ['192.0.2.1', ''] }],
    ['a new one for both: the first in the config has it', both(to(3), to(3)), { msk: ['192.0.2.3', ''], ams: ['192.0.2.2', "it leads to 192.0.2.3, which is region msk's"] }],
  ])('%s', (_, resolved, expected) => {
    expect(seen(withResolutions(known, resolved))).toEqual(expected)
  })

  it('is not lent to a region that has never had one', () => {
    expect(seen(withResolutions(emptyState, both(to(1), to(1))))).toEqual({
      msk: ['192.0.2.1', ''],
      ams: ['', "it leads to 192.0.2.1, which is region msk's"],
    })
  })
})
