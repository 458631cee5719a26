import type { Family } from '../core/address.ts'
import type { Mode } from '../core/decision.ts'
import type { Alert } from './alert.ts'
import type { AddressFacts, SiteFacts } from './site-facts.ts'

/** Something that is wrong now, and what is said of it. */
export interface Condition extends Omit<Alert, 'site' | 'isResolved' | 'isAgain' | 'at'> {
  /** It is told once more when this changes. */
  readonly mark?: string
  /** What is said once it is over; `after` is what is known then. */
  readonly end: (after: SiteFacts) => Pick<Alert, 'kind' | 'title'>
}

const nowhere = { region: undefined, address: undefined }
const place = (region: string | undefined, address: string): string => (region === undefined ? `foreign address ${address}` : `${region} (${address})`)

const downCondition = (site: string, address: string, of: AddressFacts, drain: string | undefined): readonly Condition[] => {
  const { region, down } = of
  if (down === undefined) return []
  const what = place(region, address)
  return [
    {
      kind: 'region-down',
      key: `region-down/${site}/${address}`,
      region,
      address,
      severity: drain !== undefined ? 'info' : region === undefined ? 'warning' : 'critical',
      title: `${what} of ${site} is down${drain === undefined ? '' : ', and drained'}`,
      text: drain === undefined ? down.text : `${down.text}; drained: ${drain}`,
      facts: { ...(down.cause === undefined ? {} : { cause: down.cause }), since: new Date(down.since).toISOString() },
      end: (after) => ({ kind: 'region-up', title: after.addresses.has(address) ? `${what} of ${site} is up again` : `${what} of ${site} is no longer in use` }),
    },
  ]
}

const certificateCondition = (site: string, address: string, { region, certificateDays: days }: AddressFacts): readonly Condition[] => {
  if (days === undefined) return []
  const what = `the certificate of ${place(region, address)} for ${site}`
  const left = days < 0 ? 'has expired' : days === 1 ? 'expires in 1 day' : `expires in ${days} days`
  return [
    {
      kind: 'certificate-expiring',
      key: `certificate-expiring/${site}/${address}`,
      region,
      address,
      severity: days <= 3 ? 'critical' : days <= 7 ? 'warning' : 'info',
      title: `${what} ${left}`,
      text: 'renew it; once it has expired, checks over HTTPS fail and the address is withdrawn',
      facts: { days: String(days) },
      mark: String(days),
      end: () => ({ kind: 'certificate-expiring', title: `${what} no longer expires soon` }),
    },
  ]
}

const degradedCondition = (site: string, { addresses, drained }: SiteFacts): readonly Condition[] => {
  const isMeant = (region: string | undefined): boolean => region !== undefined && !drained.has(region)
  const out = [...addresses].filter(([, { region, down, withheld }]) => isMeant(region) && (down !== undefined || withheld.size > 0))
  if (out.length === 0) return []
  const why = out.map(([address, { region, down, withheld }]) => `${place(region, address)}: ${down?.text ?? [...withheld.values()].join('; ')}`)
  return [
    {
      ...nowhere,
      kind: 'degraded',
      key: `degraded/${site}`,
      severity: 'warning',
      title: `${site} is degraded`,
      text: `not serving: ${why.join('; ')}`,
      facts: { notServing: out.map(([address]) => address).join(' ') },
      end: () => ({ kind: 'degraded', title: `${site} is no longer degraded` }),
    },
  ]
}

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
  const each = [...facts.addresses].flatMap(([address, of]) => [
    ...downCondition(site, address, of, of.region === undefined ? undefined : facts.drained.get(of.region)),
    ...certificateCondition(site, address, of),
  ])
  const all = [...faultCondition(site, facts), ...modeConditions(site, facts), ...each, ...degradedCondition(site, facts), ...providerCondition(site, facts), ...byRRset(site, facts), ...byRegion(site, facts)]
  return new Map(all.map((condition) => [condition.key, condition]))
}
