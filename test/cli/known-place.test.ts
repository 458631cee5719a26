import { expect, it } from 'vitest'
import { unknownKind } from '../../src/cli/event-kinds.ts'
import { unknownPlace } from '../../src/cli/known-place.ts'

const places = [
  { site: 'one.example.test', regions: ['msk', 'ams'] },
  { site: 'two.example.test', regions: ['fra'] },
]

it.each([
  [['one.example.test'], undefined, undefined],
  [[], 'fra', undefined],
  [['one.example.test'], 'ams', undefined],
  [['one.exmple.test'], undefined, 'there is no site "one.exmple.test"; did you mean "one.example.test"?'],
  [['two.example.test', 'nowhere'], undefined, 'there is no site "nowhere"; there are: one.example.test, two.example.test'],
  [[], 'frankfurt', 'no site has a region "frankfurt"; there are: msk, ams, fra'],
  [['one.example.test'], 'fra', 'site one.example.test has no region "fra"; it has: msk, ams'],
])('of the sites %j and the region %j', (sites, region, text) => {
  expect(unknownPlace({ sites, region }, places)).toBe(text)
})

it('knows the kinds of events', () => {
  expect(unknownKind(['health', 'written', 'operator', 'webhook', 'service'])).toBeUndefined()
  expect(unknownKind(['written', 'helth'])).toBe('there is no kind of event "helth"; did you mean "health"?')
})
