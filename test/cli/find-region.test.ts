import { expect, it } from 'vitest'
import { findRegion } from '../../src/cli/find-region.ts'

const places = [
  { site: 'one.example', regions: ['msk', 'ams'] },
  { site: 'two.example', regions: ['msk', 'fra'] },
]

it.each([
  ['ams', undefined, { kind: 'found', site: 'one.example' }],
  ['fra', undefined, { kind: 'found', site: 'two.example' }],
  ['msk', 'two.example', { kind: 'found', site: 'two.example' }],
  ['msk', undefined, { kind: 'unknown', message: '2 sites have a region msk: one.example, two.example; say which by --site' }],
  ['fra', 'one.example', { kind: 'unknown', message: 'site one.example has no region "fra"; it has: msk, ams' }],
  ['frb', undefined, { kind: 'unknown', message: 'no site has a region "frb"; did you mean "fra"?' }],
  ['msk', 'tow.example', { kind: 'unknown', message: 'there is no site "tow.example"; did you mean "two.example"?' }],
] as const)('%s of %s', (region, site, expected) => expect(findRegion(region, site, places)).toEqual(expected))
