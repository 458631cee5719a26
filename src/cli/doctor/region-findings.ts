import { type Address, families, familyOf, isPublishable } from '../../core/address.ts'
import type { CheckResult, Timing } from '../../core/result.ts'
import { checkUrl, type Region, type Site } from '../../core/site.ts'
import type { SitePorts } from '../../engine/ports.ts'
import { tookText } from '../render/duration.ts'
import { spanText } from '../render/moment.ts'
import { type Finding, findingsOn } from './finding.ts'
import { readDateLead } from './http-date.ts'

type Ports = Pick<SitePorts, 'resolver' | 'checker' | 'references' | 'local' | 'clock'>

/** What is left of a certificate when it is time to say so. Days. */
const fewDays = 14
/** A `Date` is told in whole seconds, and a server may be a moment late. */
const noticedMs = 5_000
/** Signed updates are refused from 300 s on (RFC 8945 section 10). */
const refusedMs = 300_000

interface Checked {
  readonly address: Address
  readonly isPassing: boolean
  /** By how much its clock is ahead of ours; undefined: unknown. */
  readonly leadMs: number | undefined
  readonly findings: readonly Finding[]
}

const resolve = async (site: Site, region: Region, { resolver }: Ports, signal: AbortSignal): Promise<{ readonly addresses: readonly Address[]; readonly findings: readonly Finding[] }> => {
  const { ok, fail } = findingsOn(site.name)
  if (region.source.kind === 'fixed') return { addresses: region.source.addresses, findings: [ok('region', `${region.name}: ${region.source.addresses.join(', ')}, as configured`)] }
  const { service } = region.source
  const resolution = await resolver.resolve(service, signal)
  const all = families.map((family) => resolution[family])
  const addresses = all.flatMap((each) => (each.kind === 'found' ? each.addresses : []))
  const failed = all.flatMap((each) => (each.kind === 'failed' ? [each.detail] : []))
  const found = addresses.length === 0 ? [] : [ok('region', `${region.name}: ${service} leads to ${addresses.join(', ')}`)]
  if (failed.length > 0) return { addresses, findings: [...found, fail('region', `${region.name}: ${service} is not resolved: ${[...new Set(failed)].join('; ')}`, 'until it is, its last known addresses stay; look at the name servers of its zone')] }
  const nothing = all.flatMap((each) => (each.kind === 'nothing' ? [each.detail] : []))
  return addresses.length > 0 ? { addresses, findings: found } : { addresses, findings: [fail('region', `${region.name}: ${service} leads nowhere: ${nothing.join('; ')}`, `add an A or AAAA record for ${service}`)] }
}

const phases: readonly (readonly [keyof Timing, string])[] = [['connectMs', 'connect'], ['tlsMs', 'TLS'], ['headersMs', 'headers'], ['bodyMs', 'body']]

const timingText = (timing: Timing): string => {
  const parts = phases.flatMap(([key, name]) => (timing[key] === undefined ? [] : [`${name} ${tookText(timing[key])}`]))
  return `${tookText(timing.totalMs)}${parts.length === 0 ? '' : ` (${parts.join(', ')})`}`
}

const checkFinding = (site: Site, region: Region, address: Address, result: CheckResult): Finding => {
  const { ok, warn, fail } = findingsOn(site.name)
  const where = `${region.name} ${address}`
  const days = result.certificateDays === undefined ? '' : `, certificate for ${result.certificateDays} more days`
  const took = `${timingText(result.timing)}${days}`
  switch (result.kind) {
    case 'ok':
      return (result.certificateDays ?? fewDays) < fewDays
        ? warn('check', `${where}: passes in ${took}`, 'renew the certificate: once it has expired, the address counts as down')
        : ok('check', `${where}: passes with status ${result.status ?? ''} in ${took}`)
    case 'failed':
      return fail('check', `${where}: ${result.cause} (${result.detail}) after ${took}`, `try: curl -v --connect-to ::${familyOf(address) === 'v6' ? `[${address}]` : address}: ${checkUrl(site, region)}`)
    case 'cannot-tell':
      return fail('check', `${where}: cannot be told, for the fault is here: ${result.cause} (${result.detail})`, "look at this machine's own network and limits")
  }
}

const checkAddress = async (site: Site, region: Region, address: Address, ports: Ports, signal: AbortSignal): Promise<Checked> => {
  const { warn, fail } = findingsOn(site.name)
  if (!isPublishable(address, site.policy.allowPrivate)) {
    return { address, isPassing: false, leadMs: undefined, findings: [fail('region', `${region.name}: ${address} is not an address to publish`, 'correct it; private and loopback addresses need "allowPrivate: true"')] }
  }
  const url = checkUrl(site, region)
  const result = await ports.checker.check({ url, address, check: site.check }, signal)
  const leadMs = result.status === undefined ? undefined : await readDateLead(url, address, site.check.bounds.totalMs, ports.clock.wallNow, signal)
  const own = ports.local.has(address) ? [warn('region', `${region.name}: ${address} is this very machine`, 'it sees itself even when nobody else does: run dns-failover elsewhere')] : []
  return { address, isPassing: result.kind === 'ok', leadMs, findings: [checkFinding(site, region, address, result), ...own] }
}

const apart = (ms: number): string => `${spanText(Math.abs(ms))} ${ms > 0 ? 'ahead of' : 'behind'} ours`

const clockFindings = (site: Site, checked: readonly Checked[]): readonly Finding[] => {
  const { ok, warn, fail } = findingsOn(site.name)
  const leads = checked.flatMap(({ leadMs }) => leadMs ?? []).toSorted((a, b) => Math.abs(a) - Math.abs(b))
  const [nearest] = leads
  if (nearest === undefined) return []
  if (Math.abs(nearest) >= refusedMs) return [fail('clock', `the regions' clocks are all ${apart(nearest)} at least`, 'set the clock here by NTP: signed updates (TSIG) and certificates fail with a wrong one')]
  if (Math.abs(nearest) >= noticedMs) return [warn('clock', `the regions' clocks are all ${apart(nearest)} at least`, 'set the clock here by NTP')]
  const off = checked.filter(({ leadMs }) => Math.abs(leadMs ?? 0) >= noticedMs)
  return [ok('clock', "as the regions' (to a second or two)"), ...off.map(({ address, leadMs }) => warn('clock', `the clock of ${address} is ${apart(leadMs ?? 0)}`, 'set it by NTP there'))]
}

/** Whether something else of each family answers: without it, nothing is withdrawn. */
const sightFindings = async (site: Site, checked: readonly Checked[], ports: Ports, signal: AbortSignal): Promise<readonly Finding[]> => {
  const { ok, warn } = findingsOn(site.name)
  const sightings = await ports.references.ask(signal)
  return families.flatMap((family): readonly Finding[] => {
    const passing = checked.filter((each) => each.isPassing && familyOf(each.address) === family)
    if (!checked.some(({ address }) => familyOf(address) === family)) return []
    const name = family === 'v4' ? 'IPv4' : 'IPv6'
    const answering = sightings.filter((each) => familyOf(each.address) === family && each.isAnswering && !each.isLocal)
    const mute = sightings.filter((each) => familyOf(each.address) === family && !each.isAnswering)
    const silent = mute.length === 0 ? [] : [warn('reference', `${name}: no answer from ${mute.map((each) => `${each.name} (${each.address})`).join(', ')}`, 'correct it, or take it out of "reference:"')]
    if (answering.length > 0) return [ok('reference', `${name}: sighted by ${answering.map((each) => `${each.name} (${each.address})`).join(', ')}`), ...silent]
    const others = passing.length > 1 ? `only the regions themselves (${passing.length} pass)` : 'nothing'
    return [warn('reference', `${name}: ${others} can show that a failure is not ours`, 'if all regions fail at once, nothing will be moved: name other places under "reference:"'), ...silent]
  })
}

/** The regions: resolved, checked once with full timing, and what else would answer if they did not. */
export const regionFindings = async (site: Site, ports: Ports, signal: AbortSignal): Promise<readonly Finding[]> => {
  const regions = await Promise.all(
    site.regions.map(async (region) => {
      const { addresses, findings } = await resolve(site, region, ports, signal)
      return { findings, checked: await Promise.all(addresses.map((address) => checkAddress(site, region, address, ports, signal))) }
    }),
  )
  const checked = regions.flatMap((each) => each.checked)
  return [
    ...regions.flatMap((each) => [...each.findings, ...each.checked.flatMap(({ findings }) => findings)]),
    ...(await sightFindings(site, checked, ports, signal)),
    ...clockFindings(site, checked),
  ]
}
