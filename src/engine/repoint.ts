import { type Address, addressSet } from '../core/address.ts'
import type { Fqdn } from '../core/fqdn.ts'
import type { AddressProof } from '../core/proof.ts'
import type { RepointRequest } from '../core/repoint.ts'
import { objectToRepoint } from '../core/repoint-objection.ts'
import type { Region, Site } from '../core/site.ts'
import type { SiteState } from '../core/site-state.ts'
import { boundWrites } from './bounded-write.ts'
import type { ServiceZone, ServiceZones, SitePorts } from './ports.ts'
import { proveAddresses } from './prove-addresses.ts'
import type { RepointFacts, RepointRefusal, RepointResult } from './repoint-result.ts'
import { readService } from './service-records.ts'
import { verify } from './verify.ts'
import { writeService } from './write-service.ts'

export interface RepointOptions {
  /** A family without an address of its own stays as it is, instead of losing its records. */
  readonly keepsOtherFamily: boolean
  /** Without asking the site's check first. */
  readonly isUnchecked: boolean
  /** What the subdomain must still lead to; otherwise it has moved, and is left alone. Undefined: whatever is there is replaced. */
  readonly expected?: readonly Address[]
  readonly isDryRun: boolean
  /** Milliseconds from the write until a name server that still differs counts as disagreeing. */
  readonly verifyMs: number
  /** Asked right before the first write: why it is not wanted any more. */
  readonly objection?: () => Promise<string | undefined>
  /** Called once all is written, before the name servers are asked: what follows from it need not wait for them. */
  readonly onWritten?: () => void
}

export type RepointPorts = Pick<SitePorts, 'checker' | 'clock'> & { readonly serviceZones: ServiceZones }

const nothingYet: RepointFacts = { checks: [], writes: [] }

const refused = (refusal: RepointRefusal, facts = nothingYet): RepointResult => ({ ...facts, kind: 'refused', mayHaveWritten: false, ...refusal })

const uncheckedText = 'repoint without the check ("unchecked": true in the request, --unchecked on the command line)'

const refusedByChecks = (checks: readonly AddressProof[], region: Region): RepointRefusal | undefined => {
  const found = checks.find(({ proof }) => proof === 'failed') ?? checks.find(({ proof }) => proof !== 'passed')
  if (found === undefined) return undefined
  const advice =
    found.proof === 'cannot-tell'
      ? `the fault is this machine’s: mend it, or ${uncheckedText}`
      : `see that it serves the site as region ${region.name} does, or ${uncheckedText}`
  return { code: 'check-failed', text: `${found.address} may not take region ${region.name} over: ${found.text}`, advice }
}

const placeOf = async (service: Fqdn, ports: RepointPorts, signal: AbortSignal): Promise<RepointRefusal | Extract<ServiceZone, { kind: 'ours' }>> => {
  const place = await ports.serviceZones.of(service, signal)
  switch (place.kind) {
    case 'ours':
      return place
    case 'not-ours':
      return { code: 'not-repointable', text: `${service} is in no zone of a configured provider`, advice: 'change it where it is kept; the main domain follows by itself' }
    case 'unknown':
      return { code: 'provider', text: `whether ${service} is in a zone of ours is not known: ${place.detail}` }
  }
}

/**
 * Points a region's service subdomain at other addresses, whichever of the providers holds it: checks them, reads, plans,
 * writes, and asks the name servers until they agree. The main domain is left to the site's own cycle. Nothing is
 * written after the signal has aborted, but a write that is under way gets its grace. An operator's pause is the caller's
 * to heed. Never rejects for what a provider or a server does.
 */
export const repoint = async (
  site: Site,
  stateNow: () => SiteState,
  regionName: string,
  given: readonly Address[],
  options: RepointOptions,
  ports: RepointPorts,
  signal: AbortSignal,
): Promise<RepointResult> => {
  const addresses = addressSet(given)
  const objection = objectToRepoint(site, stateNow(), regionName, addresses)
  if (objection !== undefined) return refused(objection)
  const region = site.regions.find(({ name }) => name === regionName)
  if (region?.source.kind !== 'service') return refused({ code: 'unknown-region', text: `site ${site.name} has no region ${regionName}` })
  const { service } = region.source

  const place = await placeOf(service, ports, signal)
  if ('code' in place) return refused(place)
  const { provider, authorities } = place
  const ttl = Math.max(site.ttl, provider.capabilities.minTtl)
  const request: RepointRequest = { service, addresses, keepsOtherFamily: options.keepsOtherFamily, ttl }

  const first = await readService(provider, request, options.expected, signal)
  if (first.kind === 'refused') return refused(first)
  const course = { service, from: first.from, to: first.to }
  if (first.changes.length === 0) return { ...nothingYet, kind: 'unchanged', ...course }
  const checks = options.isUnchecked ? [] : await proveAddresses(site, region, addresses, ports, signal)
  const facts = { ...nothingYet, checks }
  if (signal.aborted) return { ...facts, kind: 'called-off', text: 'stopped before anything was written' }
  const unproven = refusedByChecks(checks, region)
  if (unproven !== undefined) return refused(unproven, facts)
  if (options.isDryRun) return { ...facts, kind: 'planned', changes: first.changes, ...course }

  const bounded = boundWrites(provider, signal, ports.clock)
  const objectNow = async (): Promise<string | undefined> => (await options.objection?.()) ?? objectToRepoint(site, stateNow(), regionName, addresses)?.text
  const written = await writeService(bounded.provider, request, options.expected, objectNow, ports.clock, signal).finally(bounded.end)
  const { writes } = written
  if (written.kind !== 'written') return { ...written, checks }
  if (writes.length === 0) return { ...facts, kind: 'unchanged', ...course }
  options.onWritten?.()
  const bounds = { deadlineMs: options.verifyMs, tries: 2 }
  const verifications = await Promise.all(
    writes.map(({ change, writtenAt }) => verify(change, writtenAt, bounds, { authorities, clock: ports.clock, provider }, signal)),
  )
  return { kind: 'done', checks, writes, verifications, ...course, to: written.to }
}
