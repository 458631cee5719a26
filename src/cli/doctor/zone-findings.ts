import { randomBytes } from 'node:crypto'
import { endpointText } from '../../core/endpoint.ts'
import { parseFqdn } from '../../core/fqdn.ts'
import { type CurrentRRset, keyText } from '../../core/rrset.ts'
import type { Site } from '../../core/site.ts'
import { standingOf } from '../../core/verification.ts'
import type { SitePorts } from '../../engine/ports.ts'
import { keysOf } from '../../engine/site-keys.ts'
import { readCurrent } from '../../engine/write.ts'
import { ProviderError } from '../../providers/provider-error.ts'
import { errorReport } from '../render/error-report.ts'
import { errorText } from '../render/error-text.ts'
import { type Finding, findingsOn } from './finding.ts'

type Ports = Pick<SitePorts, 'provider' | 'authorities'>

const asIs = (text: string): string => text

const failure = (site: Site, area: Finding['area'], error: unknown): Finding => {
  const [text = '', ...advice] = errorText(errorReport(error, asIs))
  return findingsOn(site.name).fail(area, text, advice.filter((line) => line !== 'nothing was changed').join('; ') || undefined)
}

const zones = async (site: Site, { provider }: Ports, signal: AbortSignal): Promise<readonly Finding[]> => {
  const { ok, fail } = findingsOn(site.name)
  return Promise.all(
    site.names.map(async (name) => {
      try {
        const zone = await provider.zoneOf(name, signal)
        return zone === undefined
          ? fail('zone', `provider ${site.provider} has no zone that holds ${name}`, "correct the provider's zone, or the site's name; a token may be limited to other zones")
          : ok('zone', `${name} is in the zone ${zone} of provider ${site.provider}`)
      } catch (error) {
        return failure(site, 'provider', error)
      }
    }),
  )
}

const setFindings = (site: Site, { key, values, ttl, owned, unmarkable = [] }: CurrentRRset): readonly Finding[] => {
  const { ok, warn } = findingsOn(site.name)
  if (values.length === 0) return key.type === 'A' ? [ok('records', `${keyText(key)}: none yet; addresses are added as they prove up`)] : []
  const isOtherTtl = ttl === site.ttl ? '' : `, becomes ${site.ttl} with the first write`
  const foreign = values.filter((value) => !owned.includes(value))
  const unmarked = foreign.filter((value) => !unmarkable.includes(value))
  const marked = `${values.length - foreign.length} of ${values.length} marked as ours`
  const told = ok('records', `${keyText(key)}: ${values.join(', ')} (TTL ${ttl}${isOtherTtl}; ${marked})`)
  const full = unmarkable.map((value) => warn('records', `${keyText(key)}: ${value} cannot be marked as ours: its comment has no room left`, 'shorten it to leave 19 characters for the mark; until then it is known as ours only while a region leads to it'))
  return owned.length === 0 || unmarked.length === 0 ? [told, ...full] : [told, ...full, warn('records', `${keyText(key)}: ${unmarked.join(', ')} not marked as ours`, 'if no region leads there, somebody else put it there: "dns-failover adopt" takes it over')]
}

const ttl = (site: Site, { provider }: Ports): Finding => {
  const { ok, fail } = findingsOn(site.name)
  const { minTtl } = provider.capabilities
  return site.ttl < minTtl
    ? fail('ttl', `TTL ${site.ttl} is below the provider's least, ${minTtl}`, `set "ttl: ${minTtl}s"`)
    : ok('ttl', `TTL ${site.ttl}: a client may go on using a withdrawn address for so many seconds (the provider's least: ${minTtl})`)
}

/** Each address of each name server by itself: does it answer for the zone, and as the provider says? */
const servers = async (site: Site, { authorities }: Ports, current: readonly CurrentRRset[] | undefined, signal: AbortSignal): Promise<readonly Finding[]> => {
  const { ok, warn, fail } = findingsOn(site.name)
  const all = await authorities.servers(signal)
  if (all.length === 0) return [fail('name servers', `none was found for ${site.names[0]}`, 'check the NS records and the resolvers, or set "nameservers:" in the config')]
  const heard = await Promise.all(
    all.map(async (server): Promise<{ readonly isAnswering: boolean; readonly finding: Finding }> => {
      const at = server.name === endpointText(server.endpoint) ? server.name : `${server.name} (${endpointText(server.endpoint)})`
      const answers = await Promise.all(keysOf(site).map((key) => authorities.ask(server, key, signal)))
      const mute = answers.find(({ outcome }) => outcome.kind === 'unreachable' || outcome.kind === 'lame')
      if (mute !== undefined && 'detail' in mute.outcome) {
        const advice = mute.outcome.kind === 'lame' ? 'it answers, but not for this zone: check the delegation, and "nameservers:" in the config' : 'check that UDP and TCP port 53 get through from here'
        return { isAnswering: false, finding: warn('name servers', `${at} is ${mute.outcome.kind}: ${mute.outcome.detail}`, advice) }
      }
      const differing = keysOf(site).flatMap((key, index) => {
        const expected = current?.find((rrset) => keyText(rrset.key) === keyText(key))
        const answer = answers[index]
        if (expected === undefined || expected.isHidden === true || answer === undefined) return []
        if (standingOf(answer, { values: expected.values }) === 'agrees') return []
        const said = answer.outcome.kind === 'answer' ? answer.outcome.values.join(', ') : answer.outcome.kind === 'alias' ? `an alias for ${answer.outcome.target}` : 'nothing'
        return [`${keyText(key)}: it has ${said}, the provider ${expected.values.join(', ') || 'nothing'}`]
      })
      if (differing.length > 0) {
        const advice = 'a transfer may be under way: look again in a minute; otherwise look at NOTIFY and allow-transfer'
        return { isAnswering: true, finding: warn('name servers', `${at} differs: ${differing.join('; ')}`, advice) }
      }
      const slowestMs = Math.max(...answers.map(({ askedAt, answeredAt }) => answeredAt - askedAt))
      return { isAnswering: true, finding: ok('name servers', `${at} answers in ${Math.round(slowestMs)} ms${current === undefined ? '' : ', as the provider says'}`) }
    }),
  )
  const findings = heard.map(({ finding }) => finding)
  return heard.every(({ isAnswering }) => !isAnswering) ? [...findings, fail('name servers', 'none answers for the zone: no write could be verified', 'see the lines above')] : findings
}

/** A name that nobody made must not exist. */
const wildcard = async (site: Site, { provider, authorities }: Ports, signal: AbortSignal): Promise<readonly Finding[]> => {
  const { ok, warn } = findingsOn(site.name)
  const [server] = await authorities.servers(signal)
  const zone = await provider.zoneOf(site.names[0], signal).catch(() => undefined)
  const name = zone === undefined ? undefined : parseFqdn(`dns-failover-doctor-${randomBytes(6).toString('hex')}.${zone}`)
  if (server === undefined || name === undefined) return []
  const { outcome } = await authorities.ask(server, { name, type: 'A' }, signal)
  if (outcome.kind === 'absent') return [ok('wildcard', `none in ${zone}`)]
  if (outcome.kind !== 'answer' && outcome.kind !== 'alias') return []
  return [warn('wildcard', `${zone} answers for names that nobody made (a wildcard record)`, 'a service subdomain that is misspelt or was removed then leads wherever the wildcard does; name each one, and check its address below')]
}

/** The site's zone: found, readable, without obstacles, and the same at every name server. */
export const zoneFindings = async (site: Site, ports: Ports, signal: AbortSignal): Promise<readonly Finding[]> => {
  const [found, read] = await Promise.all([zones(site, ports, signal), readCurrent(ports.provider, keysOf(site), signal)])
  const isZoneMissing = found.some(({ status }) => status === 'fail')
  const current = read.kind === 'read' ? read.current : undefined
  const area = read.kind === 'failed' && read.error instanceof ProviderError && read.error.obstacle !== undefined ? 'records' : 'provider'
  const records = read.kind === 'read' ? read.current.flatMap((rrset) => setFindings(site, rrset)) : isZoneMissing ? [] : [failure(site, area, read.error)]
  const { ok } = findingsOn(site.name)
  const reached = read.kind === 'read' ? [ok('provider', `provider ${site.provider} answers, and accepts the credentials for reading; whether they allow writing shows at the first write`)] : []
  const [atServers, wild] = await Promise.all([servers(site, ports, current, signal), wildcard(site, ports, signal)])
  return [...reached, ...found, ...records, ttl(site, ports), ...atServers, ...wild]
}
