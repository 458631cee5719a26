import { expect, it } from 'vitest'
import { queryText } from '../../src/dashboard/api/query-text.ts'
import { hrefOf, parseRoute, type Route } from '../../src/dashboard/route/route.ts'

const routes: readonly (readonly [string, Route])[] = [
  ['#/', { page: 'overview', filter: '' }],
  ['#/?find=ams+down', { page: 'overview', filter: 'ams down' }],
  ['#/sites/failover.example.com', { page: 'site', site: 'failover.example.com' }],
  ['#/sites/a%2Fb%20c', { page: 'site', site: 'a/b c' }],
  ['#/timeline', { page: 'timeline', filter: { site: undefined, region: undefined, kinds: [], since: '30d' } }],
  ['#/timeline?site=a.example&region=ams&kind=down,drained&since=24h', { page: 'timeline', filter: { site: 'a.example', region: 'ams', kinds: ['down', 'drained'], since: '24h' } }],
  ['#/incidents/1795374430141', { page: 'incident', id: 1_795_374_430_141 }],
  ['#/login', { page: 'login', next: '' }],
  ['#/login?next=%23%2Fsites%2Fa', { page: 'login', next: '#/sites/a' }],
]

it.each(routes)('%s is a page, and its address', (hash, route) => {
  expect(parseRoute(hash)).toEqual(route)
  expect(hrefOf(route)).toBe(hash)
})

it.each(['', '#', '#/'])('%j is the overview', (hash) => {
  expect(parseRoute(hash)).toEqual({ page: 'overview', filter: '' })
})

it.each(['#/nothing', '#/sites', '#/incidents/x', '#/incidents/1/2', '#/timeline/x'])('%s is no page', (hash) => {
  expect(parseRoute(hash)).toEqual({ page: 'unknown' })
})

it('bears a broken escape', () => {
  expect(parseRoute('#/sites/%E0%A4%A')).toEqual({ page: 'site', site: '%E0%A4%A' })
})

it('asks only for what is there', () => {
  expect([queryText({}), queryText({ a: undefined, b: '', c: 0, d: 'x,y z' })]).toEqual(['', '?c=0&d=x%2Cy+z'])
})

it.each(['javascript:alert(1)', 'https://elsewhere.example/', '//elsewhere.example', '\t#/'])('leads from the sign-in only to pages of its own, not to %j', (next) => {
  expect(parseRoute(`#/login?${new URLSearchParams({ next }).toString()}`)).toEqual({ page: 'login', next: '' })
})
