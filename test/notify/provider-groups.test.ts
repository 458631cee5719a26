import { expect, it } from 'vitest'
import type { Alert } from '../../src/notify/alert.ts'
import { groupProvider, noGroups, type ProviderGroups } from '../../src/notify/provider-groups.ts'
import { alert } from './happenings.ts'

const begun = (site: string, at = 0): Alert => alert({ kind: 'provider-failing', site, region: undefined, address: undefined, severity: 'warning', key: `provider-failing/${site}`, title: `the DNS provider of ${site} is failing`, text: 'HTTP 503', at, facts: {} })
const ended = (site: string, at = 0): Alert => ({ ...begun(site, at), isResolved: true, severity: 'info', title: `the DNS provider of ${site} works again` })

const told = (alerts: readonly Alert[], providerOf: (site: string) => string | undefined = () => 'cf'): readonly Alert[] => {
  let groups: ProviderGroups = noGroups
  return alerts.flatMap((each) => {
    const grouped = groupProvider(groups, each, providerOf(each.site))
    groups = grouped.groups
    return grouped.alerts
  })
}
const lines = (...given: Parameters<typeof told>): readonly string[] => told(...given).map(({ key, isResolved, isAgain, title }) => `${isResolved ? 'END ' : isAgain ? 'AGAIN ' : ''}${key} | ${title}`)

it('tells one site’s provider as one incident', () => {
  expect(told([begun('a'), ended('a', 90_000)])).toEqual([
    { ...begun('a'), key: 'provider-failing/cf', title: 'the DNS provider "cf" fails for a', facts: { provider: 'cf', sites: 'a', count: '1' } },
    { ...ended('a', 90_000), key: 'provider-failing/cf', text: 'it lasted 90 s', facts: { provider: 'cf', sites: 'a', count: '1' } },
  ])
})

it('tells fifty sites as one, and one end once it works for all of them', () => {
  const sites = Array.from({ length: 50 }, (_, each) => `s${each}`)
  const all = told([...sites.map((site) => begun(site)), ...sites.map((site) => ended(site, 60_000))])
  expect(new Set(all.map(({ key }) => key))).toEqual(new Set(['provider-failing/cf']))
  expect(all.map(({ isAgain, isResolved }) => [isAgain, isResolved])).toEqual([[false, false], ...Array.from({ length: 49 }, () => [true, false]), [false, true]])
  expect(all.at(-2)?.title).toBe('the DNS provider "cf" fails for 50 sites: s0, s1, s2 and 47 more')
  expect(all.at(-2)?.facts).toEqual({ provider: 'cf', sites: sites.slice(0, 20).join(' '), count: '50' })
  expect(all.at(-1)).toMatchObject({ site: 's0', title: 'the DNS provider "cf" no longer fails for any of 50 sites', text: 'it lasted 60 s' })
})

it('says no more of a site that fails on and off beside others', () => {
  expect(lines([begun('a'), begun('b'), ended('a'), begun('a'), ended('b'), ended('a')])).toEqual([
    'provider-failing/cf | the DNS provider "cf" fails for a',
    'AGAIN provider-failing/cf | the DNS provider "cf" fails for 2 sites: a, b',
    'END provider-failing/cf | the DNS provider "cf" no longer fails for any of 2 sites',
  ])
})

it('keeps providers apart, and a site that left the config with the provider that it had', () => {
  let provider: string | undefined = 'one'
  const providerOf = (): string | undefined => provider
  const groups = groupProvider(noGroups, begun('a'), providerOf()).groups
  provider = 'two'
  const both = groupProvider(groups, begun('b'), providerOf()).groups
  expect([...both.keys()]).toEqual(['one', 'two'])
  expect(groupProvider(both, ended('a'), undefined).alerts).toMatchObject([{ key: 'provider-failing/one', isResolved: true }])
})

it('leaves all else, and what it cannot place, as it is', () => {
  const other = alert()
  expect(groupProvider(noGroups, other, 'cf')).toEqual({ groups: noGroups, alerts: [other] })
  expect(groupProvider(noGroups, begun('a'), undefined).alerts).toEqual([begun('a')])
  expect(groupProvider(noGroups, ended('a'), 'cf').alerts).toEqual([ended('a')])
})
