import type { Family } from '../core/address.ts'
import type { Mode } from '../core/decision.ts'
import { addressConditions } from './address-conditions.ts'
import { type Condition, nowhere } from './condition.ts'
import type { SiteFacts } from './site-facts.ts'

const modeTexts = {
  blind: {
    kind: 'blind',
    title: 'cannot tell how its servers do',
    text: 'all checks fail and nothing else answers either, so the fault may be here: all automatic changes are frozen',
    end: 'can see its servers again',
  },
  'fail-open': {
    kind: 'fail-open',
    title: 'has failed open',
    text: 'too few addresses are up, so those that fail are published as well',
    end: 'no longer fails open',
  },
  'fail-closed': {
    kind: 'fail-open',
    title: 'has failed closed',
    text: 'too few addresses are up, and by the policy "failOpen: none" nothing is published',
    end: 'no longer fails closed',
  },
} as const

const alarming = (mode: Mode): readonly (keyof typeof modeTexts)[] => (mode === 'blind' || mode === 'fail-open' || mode === 'fail-closed' ? [mode] : [])

/** One a family: its names stand alike, and nobody wants to read of each. */
const modeConditions = (site: string, { modes }: SiteFacts): readonly Condition[] => {
  const found = new Map<string, Condition>()
  for (const { family, mode } of modes.values()) {
    for (const each of alarming(mode)) {
      const { kind, title, text, end } = modeTexts[each]
      const over = ({ v4: 'IPv4', v6: 'IPv6' } satisfies Record<Family, string>)[family]
      const key = `${each}/${site}/${family}`
      found.set(key, { ...nowhere, kind, key, severity: 'critical', title: `${site} ${title} over ${over}`, text, facts: { family, mode }, end: () => ({ kind, title: `${site} ${end} over ${over}` }) })
    }
  }
  return [...found.values()]
}

const providerCondition = (site: string, { providerTrouble }: SiteFacts): readonly Condition[] =>
  providerTrouble === undefined
    ? []
    : [
        {
          ...nowhere,
          kind: 'provider-failing',
          key: `provider-failing/${site}`,
          severity: 'warning',
          title: `the DNS provider of ${site} is failing`,
          text: `${providerTrouble}; what is wanted is written once it works again`,
          facts: {},
          end: () => ({ kind: 'provider-failing', title: `the DNS provider of ${site} works again` }),
        },
      ]

const byRRset = (site: string, facts: SiteFacts): readonly Condition[] => [
  ...[...facts.disagreements].map(
    ([name, text]): Condition => ({
      ...nowhere,
      kind: 'name-servers-disagree',
      key: `name-servers-disagree/${site}/${name}`,
      severity: 'warning',
      title: `name servers disagree on ${name} of ${site}`,
      text: `${text}: visitors may still get the old addresses`,
      facts: { name },
      end: () => ({ kind: 'name-servers-disagree', title: `the name servers agree on ${name} of ${site}` }),
    }),
  ),
  ...[...facts.refusals].map(
    ([name, text]): Condition => ({
      ...nowhere,
      kind: 'guard-refused',
      key: `guard-refused/${site}/${name}`,
      severity: 'warning',
      title: `a change of ${name} of ${site} was refused as unsafe`,
      text,
      facts: { name },
      end: () => ({ kind: 'guard-refused', title: `changes of ${name} of ${site} are no longer refused` }),
    }),
  ),
]

const byRegion = (site: string, facts: SiteFacts): readonly Condition[] => [
  ...[...facts.drainsEnding].map(([region, until]): Condition => {
    const time = new Date(until).toISOString()
    return {
      kind: 'drain-ending',
      key: `drain-ending/${site}/${region}`,
      region,
      address: undefined,
      severity: 'info',
      title: `the drain of ${region} of ${site} ends soon`,
      text: `at ${time}, by itself; then it comes back once it passes its checks`,
      facts: { until: time },
      mark: time,
      end: (after) => ({ kind: 'drain-ending', title: after.drained.has(region) ? `the drain of ${region} of ${site} goes on` : `the drain of ${region} of ${site} has ended` }),
    }
  }),
  ...[...facts.failedPromotions].map(
    ([region, text]): Condition => ({
      kind: 'promotion',
      key: `promotion-failed/${site}/${region}`,
      region,
      address: undefined,
      severity: 'critical',
      title: `${region} of ${site} could not be given its replacement`,
      text,
      facts: {},
      end: () => ({ kind: 'promotion', title: `${region} of ${site} no longer waits for its replacement` }),
    }),
  ),
]

const byContent = (site: string, facts: SiteFacts): readonly Condition[] => [
  ...[...facts.stale].map(
    ([region, text]): Condition => ({
      kind: 'stale',
      key: `stale/${site}/${region}`,
      region,
      address: undefined,
      severity: 'critical',
      title: `${region} of ${site} serves old content`,
      text: `it ${text}; it counts as down until it has what the others have`,
      facts: {},
      end: () => ({ kind: 'stale', title: `${region} of ${site} no longer serves old content` }),
    }),
  ),
  ...(facts.replicationTrouble === undefined
    ? []
    : [
        {
          ...nowhere,
          kind: 'replication' as const,
          key: `replication/${site}`,
          severity: 'warning' as const,
          title: `the replication of ${site} may be at fault`,
          text: `${facts.replicationTrouble}; nobody is withdrawn for it`,
          facts: {},
          mark: facts.replicationTrouble.replaceAll(/\d+ s/g, 's'),
          end: () => ({ kind: 'replication' as const, title: `the replication of ${site} is in order again` }),
        },
      ]),
  ...[...facts.differences].map(
    ([path, text]): Condition => ({
      ...nowhere,
      kind: 'replication',
      key: `content/${site}/${path}`,
      severity: 'warning',
      title: `the regions of ${site} serve different bytes at ${path}`,
      text,
      facts: { path },
      end: () => ({ kind: 'replication', title: `the regions of ${site} serve the same at ${path} again` }),
    }),
  ),
]

const faultCondition = (site: string, { fault }: SiteFacts): readonly Condition[] =>
  fault === undefined
    ? []
    : [
        {
          ...nowhere,
          kind: 'site-failed',
          key: `site-failed/${site}`,
          severity: 'critical',
          title: `the watch of ${site} ended by a fault of this program`,
          text: `${fault}; it begins anew by itself`,
          facts: {},
          end: () => ({ kind: 'site-failed', title: `${site} is watched again` }),
        },
      ]

/** Everything that is wrong with a site, by key. */
export const conditionsOf = (site: string, facts: SiteFacts): ReadonlyMap<string, Condition> => {
  const all = [...faultCondition(site, facts), ...modeConditions(site, facts), ...addressConditions(site, facts), ...providerCondition(site, facts), ...byRRset(site, facts), ...byRegion(site, facts), ...byContent(site, facts)]
  return new Map(all.map((condition) => [condition.key, condition]))
}
