import type { AnswerOutcome, FamilyResolution, NameServer, Resolution } from '../core/answer.ts'
import { endpointText } from '../core/endpoint.ts'
import { type Fqdn, isWithin, parseFqdn } from '../core/fqdn.ts'
import { type AddressType, familyOfType } from '../core/rrset.ts'
import type { NameService } from '../engine/ports.ts'
import { maxAliases } from './chain.ts'

interface Said {
  readonly server: NameServer
  readonly outcome: AnswerOutcome
}

const serverText = ({ name, endpoint }: NameServer): string => (name === endpointText(endpoint) ? name : `${name} (${endpointText(endpoint)})`)

/** What an outcome means for the name, however it is put; TTL and serial may differ while a change spreads. */
const meaningOf = (outcome: AnswerOutcome): string => {
  switch (outcome.kind) {
    case 'answer':
      return outcome.values.join(', ')
    case 'absent':
      return 'nothing'
    case 'alias':
      return `an alias for ${outcome.target}`
    case 'lame':
    case 'unreachable':
      return outcome.detail
  }
}

const listing = (said: readonly Said[]): string => said.map(({ server, outcome }) => `${serverText(server)}: ${meaningOf(outcome)}`).join('; ')

type Agreement = { readonly kind: 'agreed'; readonly outcome: Extract<AnswerOutcome, { kind: 'answer' | 'absent' | 'alias' }> } | { readonly kind: 'none'; readonly detail: string }

/** What all servers that can be heard say with one voice. */
const agree = (what: string, said: readonly Said[]): Agreement => {
  const heard = said.flatMap(({ outcome }) => (outcome.kind === 'lame' || outcome.kind === 'unreachable' ? [] : [outcome]))
  const [first] = heard
  if (first === undefined) return { kind: 'none', detail: `no authoritative server answers for ${what}: ${said.length === 0 ? 'none is known' : listing(said)}` }
  const isUnanimous = heard.every((outcome) => outcome.kind === first.kind && meaningOf(outcome) === meaningOf(first))
  return isUnanimous ? { kind: 'agreed', outcome: first } : { kind: 'none', detail: `the authoritative servers disagree on ${what}: ${listing(said)}` }
}

/**
 * What a service subdomain in one of our zones points at, by the zone's own servers, past every cache. Found only if
 * all servers that can be heard agree; those that are lame or unreachable are left out as long as one answers. An
 * alias within the zone is followed in the same way, one out of it through the resolvers. Never rejects.
 */
export const resolveInZone = async (
  service: Fqdn,
  servers: readonly NameServer[],
  zone: Fqdn,
  nameService: Pick<NameService, 'ask' | 'resolve'>,
  signal: AbortSignal,
): Promise<Resolution> => {
  const outside = new Map<Fqdn, Promise<Resolution>>()
  const resolveOutside = (name: Fqdn): Promise<Resolution> => {
    const pending = outside.get(name) ?? nameService.resolve(name, signal)
    outside.set(name, pending)
    return pending
  }

  const resolveType = async (name: Fqdn, type: AddressType, passed: readonly Fqdn[]): Promise<FamilyResolution> => {
    const answers = await Promise.all(servers.map((server) => nameService.ask(server, { name, type }, zone, signal)))
    const agreement = agree(`${name} ${type}`, answers)
    if (agreement.kind === 'none') return { kind: 'failed', detail: agreement.detail }
    const { outcome } = agreement
    if (outcome.kind === 'answer') return { kind: 'found', addresses: outcome.values }
    if (outcome.kind === 'absent') return { kind: 'nothing', detail: outcome.rcode === 'NXDOMAIN' ? `${name} does not exist (NXDOMAIN)` : `${name} has no ${type} record (NOERROR)` }
    const path = [...passed, name]
    const target = parseFqdn(outcome.target)
    if (target === undefined) return { kind: 'failed', detail: `${name} is an alias for ${outcome.target}, which is no host name` }
    if (path.includes(target)) return { kind: 'failed', detail: `the aliases form a loop: ${[...path, target].join(' -> ')}` }
    if (path.length > maxAliases) return { kind: 'failed', detail: `more than ${maxAliases} aliases: ${path.join(' -> ')}` }
    return isWithin(target, zone) ? resolveType(target, type, path) : (await resolveOutside(target))[familyOfType(type)]
  }

  const [v4, v6] = await Promise.all([resolveType(service, 'A', []), resolveType(service, 'AAAA', [])])
  return { v4, v6 }
}
