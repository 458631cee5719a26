import type { Config } from '../config/config.ts'
import { durationText } from '../config/duration.ts'
import type { LoadedGood } from '../config/load-config.ts'
import { endpointText } from '../core/endpoint.ts'
import type { Policy, Site } from '../core/site.ts'
import { operationRows, replacementText, serviceRows } from './describe-operation.ts'
import { type CheckSummary, summarizeSite } from './summarize-site.ts'

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`

const providerText = (config: Config, name: string): string => {
  const provider = config.providers[name]
  if (provider === undefined) return name
  switch (provider.type) {
    case 'embedded':
      return `${name} (embedded, zone ${provider.zone} on ${endpointText(provider.listen)})`
    case 'rfc2136':
      return `${name} (rfc2136, zone ${provider.zone} at ${endpointText(provider.server)}${provider.tsig === undefined ? ', unsigned' : ''})`
    case 'cloudflare':
      return `${name} (cloudflare)`
  }
}

const statusText = (status: CheckSummary['status']): string => status.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(', ')

const checkText = (check: CheckSummary): string => {
  const when = check.schedule === null ? `every ${durationText(check.everyMs)}` : `at "${check.schedule}"`
  const body = check.body === null ? '' : `, body ${check.body.kind} ${JSON.stringify(check.body.text)}`
  return `${check.method} ${check.url} ${when}, within ${durationText(check.bounds.totalMs)}; status ${statusText(check.status)}${body}`
}

const fallText = (check: CheckSummary): string =>
  `after ${counted(check.fall, 'failure')} spanning ${durationText(check.confirmSpanMs)}; up again after ${counted(check.rise, 'success').replace('successs', 'successes')}`

const failOpenText: Readonly<Record<Policy['failOpen'], string>> = {
  all: 'publish all',
  keep: 'keep what is published',
  none: 'publish nothing',
}

const rulesText = (policy: Policy): string =>
  [
    `at least ${policy.minPublished} published`,
    policy.failOpenBelow === 0 ? 'never fail open' : `with fewer than ${policy.failOpenBelow} up ${failOpenText[policy.failOpen]}`,
    `foreign addresses ${policy.foreign === 'keep' ? 'kept' : 'removed'}`,
    ...(policy.allowPrivate ? ['private addresses allowed'] : []),
  ].join('; ')

const block = (title: string, rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([label]) => label.length))
  return `${title}\n${rows.map(([label, text]) => `  ${label.padEnd(width)}  ${text}\n`).join('')}`
}

const describeSite = (site: Site, loaded: LoadedGood): string => {
  const { check, regions } = summarizeSite(site, loaded.redact)
  const rows: readonly (readonly [string, string])[] = [
    ['names', site.names.join(', ')],
    ['provider', providerText(loaded.config, site.provider)],
    ['ttl', durationText(site.ttl * 1000)],
    ...regions.map((region, at): readonly [string, string] => {
      const configured = site.regions[at]
      const role = region.role === 'standby' ? ' (standby)' : ''
      return [`region ${region.name}`, `${region.service ?? (region.addresses ?? []).join(', ')}${role}${configured === undefined ? '' : replacementText(configured)}`]
    }),
    ['check', checkText(check)],
    ['down', fallText(check)],
    ['rules', rulesText(site.policy)],
    ...operationRows(site, loaded.redact),
  ]
  return block(site.name, rows)
}

/** What a config amounts to, defaults filled in, for people. */
export const describeConfig = (loaded: LoadedGood): string => {
  const { sites, providers } = loaded.config
  const head = `${loaded.file}: fine (${counted(sites.length, 'site')}, ${counted(Object.keys(providers).length, 'provider')})\n`
  const service = serviceRows(loaded.config)
  const parts = [head, ...sites.map((site) => describeSite(site, loaded)), ...(service.length === 0 ? [] : [block('service', service)])]
  return parts.join('\n')
}
