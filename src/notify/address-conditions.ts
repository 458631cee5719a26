import { type Condition, nowhere } from './condition.ts'
import type { AddressFacts, SiteFacts } from './site-facts.ts'

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

/** What is wrong with a site's addresses, each by itself and all together. */
export const addressConditions = (site: string, facts: SiteFacts): readonly Condition[] => [
  ...[...facts.addresses].flatMap(([address, of]) => [
    ...downCondition(site, address, of, of.region === undefined ? undefined : facts.drained.get(of.region)),
    ...certificateCondition(site, address, of),
  ]),
  ...degradedCondition(site, facts),
]
