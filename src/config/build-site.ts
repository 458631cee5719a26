import { type Address, isPublishable, scopeOf } from '../core/address.ts'
import type { Fqdn } from '../core/fqdn.ts'
import type { Region, Site } from '../core/site.ts'
import { buildCheck } from './build-check.ts'
import { checkUrl } from './check-url-rules.ts'
import { durationText } from './duration.ts'
import type { NamedFiles } from './named-files.ts'
import { parseName } from './network-leaf.ts'
import { errorAt, errorAtKey, type Path, type Report } from './problem.ts'
import type { RegionInput, SiteInput } from './site-schema.ts'

const namesOf = (key: string, input: SiteInput, path: Path, report: Report): readonly Fqdn[] => {
  if (input.names !== undefined) {
    if (!/^\S{1,253}$/.test(key)) report(errorAtKey(path, 'the name of a site is 1 to 253 characters without spaces'))
    return input.names
  }
  const parsed = parseName(key)
  if (parsed.ok) return [parsed.value]
  report(errorAtKey(path, `${parsed.message}; or list the main domains under "names"`))
  return []
}

const checkAddress = (address: Address, allowPrivate: boolean, path: Path, report: Report): void => {
  if (isPublishable(address, allowPrivate)) return
  const scope = scopeOf(address)
  const isOptional = scope === 'private' || scope === 'loopback'
  report(errorAt(path, `${address} is ${scope === 'unspecified' ? 'the' : 'a'} ${scope} address; ${isOptional ? 'set "allowPrivate: true" if it is meant' : 'it can never be published'}`))
}

const buildRegion = (name: string, input: RegionInput, allowPrivate: boolean, path: Path, report: Report): Region | undefined => {
  const { service, addresses, role } = input
  if (!/^[\w.-]{1,63}$/.test(name)) report(errorAtKey(path, 'the name of a region is 1 to 63 letters, digits, "-", "_" and "."'))
  if (service !== undefined && addresses !== undefined) {
    report(errorAtKey([...path, 'addresses'], '"service" and "addresses" exclude each other; keep one'))
  }
  for (const [at, address] of (addresses ?? []).entries()) checkAddress(address, allowPrivate, [...path, 'addresses', at], report)
  if (service !== undefined) return { name, source: { kind: 'service', service }, role, replacements: [], promoteAfterMs: undefined }
  if (addresses !== undefined) return { name, source: { kind: 'fixed', addresses: [...new Set(addresses)] }, role, replacements: [], promoteAfterMs: undefined }
  report({ ...errorAtKey(path, `region "${name}" needs "service" (its service subdomain) or "addresses"`), restsOn: path })
  return undefined
}

/** What a site's parts are wanted for besides the file itself. */
export interface SiteContext {
  /** The provider that the site says, or the only one; empty if neither. */
  readonly provider: string
  readonly files: NamedFiles
  readonly confirmSpanMs: number
}

/** One site; undefined if it has no name, which has been reported. */
export const buildSite = (key: string, input: SiteInput, path: Path, context: SiteContext, report: Report): Site | undefined => {
  const [first, ...others] = namesOf(key, input, path, report)
  const regions = Object.entries(input.regions)
    .map(([name, region]) => buildRegion(name, region, input.allowPrivate, [...path, 'regions', name], report))
    .filter((region) => region !== undefined)
  const check = buildCheck(input.check, [...path, 'check'], context.files, context.confirmSpanMs, report)
  for (const [at, url] of input.reference.entries()) checkUrl(url, [...path, 'reference', at], report)
  const { base, max, halfLife } = input.damping
  if (base > max) report(errorAt([...path, 'damping', 'base'], `${durationText(base)} is longer than "max", ${durationText(max)}`))
  if (first === undefined) return undefined
  return {
    name: key,
    names: [first, ...others],
    provider: context.provider,
    ttl: input.ttl,
    regions,
    check,
    policy: {
      minPublished: input.minPublished,
      failOpenBelow: input.failOpenBelow,
      failOpen: input.failOpen,
      foreign: input.foreign,
      allowPrivate: input.allowPrivate,
      damping: { baseMs: base, maxMs: max, halfLifeMs: halfLife },
      budgetWindowMs: input.removalWindow,
    },
    reference: input.reference,
    windows: [],
    sources: {},
    quorum: undefined,
  }
}
