import { expect, it } from 'vitest'
import { findRegion } from '../../src/cli/find-region.ts'
import type { Places } from '../../src/cli/link/operator-link.ts'

const places = (waiting: number): Places => ({
  sites: [
    { site: 'one.example', regions: ['msk', 'ams'] },
    { site: 'two.example', regions: ['msk', 'fra'] },
  ],
  waiting,
})

it.each([
  ['ams', undefined, { kind: 'found', site: 'one.example' }],
  ['fra', undefined, { kind: 'found', site: 'two.example' }],
  ['msk', 'two.example', { kind: 'found', site: 'two.example' }],
  ['msk', undefined, { kind: 'unknown', message: '2 sites have a region msk: one.example, two.example; say which by --site' }],
  ['fra', 'one.example', { kind: 'unknown', message: 'site one.example has no region "fra"; it has: msk, ams' }],
  ['frb', undefined, { kind: 'unknown', message: 'no site has a region "frb"; did you mean "fra"?' }],
  ['msk', 'tow.example', { kind: 'unknown', message: 'there is no site "tow.example"; did you mean "two.example"?' }],
] as const)('%s of %s', (region, site, expected) => expect(findRegion(region, site, places(0))).toEqual(expected))

it.each([
  ['ams', undefined, { kind: 'found', site: 'one.example' }],
  ['frb', undefined, { kind: 'not-watched', message: 'of the sites that are decided none has a region "frb", and 2 of the service are not yet' }],
  ['frb', 'three.example', { kind: 'found', site: 'three.example' }],
  ['frb', 'one.example', { kind: 'unknown', message: 'site one.example has no region "frb"; it has: msk, ams' }],
] as const)('%s of %s, while the service begins', (region, site, expected) => expect(findRegion(region, site, places(2))).toEqual(expected))
