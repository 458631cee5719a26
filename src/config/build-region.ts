import { type Address, isPublishable, scopeOf } from '../core/address.ts'
import type { Region } from '../core/site.ts'
import { durationText } from './duration.ts'
import { checkEntryName } from './entry-name.ts'
import { errorAt, errorAtKey, type Path, type Report, warningAt } from './problem.ts'
import type { RegionInput } from './site-schema.ts'

const checkAddress = (address: Address, allowPrivate: boolean, path: Path, report: Report): void => {
  if (isPublishable(address, allowPrivate)) return
  const scope = scopeOf(address)
  const isOptional = scope === 'private' || scope === 'loopback'
  report(errorAt(path, `${address} is ${scope === 'unspecified' ? 'the' : 'a'} ${scope} address; ${isOptional ? 'set "allowPrivate: true" if it is meant' : 'it can never be published'}`))
}

const minute = 60_000

const buildReplacements = (input: RegionInput, allowPrivate: boolean, path: Path, report: Report): readonly (readonly Address[])[] => {
  const { replacements = [], promoteAfter } = input
  const at = [...path, 'replacements']
  const seen = new Set<Address>()
  for (const [index, replacement] of replacements.entries()) {
    const listed = Array.isArray(replacement) ? replacement : [replacement]
    for (const [inner, address] of listed.entries()) {
      const where = Array.isArray(replacement) ? [...at, index, inner] : [...at, index]
      checkAddress(address, allowPrivate, where, report)
      if (seen.has(address)) report(warningAt(where, `${address} is listed twice`))
      seen.add(address)
    }
  }
  if (replacements.length > 0 && input.service === undefined && input.addresses !== undefined) {
    report(errorAtKey(at, 'fixed addresses cannot be pointed elsewhere; replacements need a "service" subdomain'))
  }
  if (promoteAfter !== undefined && replacements.length === 0) {
    report({ ...errorAtKey([...path, 'promoteAfter'], 'there is nothing to promote; list "replacements"'), restsOn: at })
  }
  if (promoteAfter !== undefined && promoteAfter < minute) {
    report(warningAt([...path, 'promoteAfter'], `${durationText(promoteAfter)} is less than a restart takes, and a promotion is never taken back by itself; 10m is usual`))
  }
  return replacements.map((replacement) => (Array.isArray(replacement) ? [...new Set(replacement)] : [replacement]))
}

/** Undefined if nothing says where it is, which has been reported. */
export const buildRegion = (name: string, input: RegionInput, allowPrivate: boolean, path: Path, report: Report): Region | undefined => {
  const { service, addresses, role } = input
  checkEntryName('region', path, report)
  if (service !== undefined && addresses !== undefined) {
    report(errorAtKey([...path, 'addresses'], '"service" and "addresses" exclude each other; keep one'))
  }
  for (const [at, address] of (addresses ?? []).entries()) checkAddress(address, allowPrivate, [...path, 'addresses', at], report)
  const more = { role, replacements: buildReplacements(input, allowPrivate, path, report), promoteAfterMs: input.promoteAfter }
  if (service !== undefined) return { name, source: { kind: 'service', service }, ...more }
  if (addresses !== undefined) return { name, source: { kind: 'fixed', addresses: [...new Set(addresses)] }, ...more }
  report({ ...errorAtKey(path, `region "${name}" needs "service" (its service subdomain) or "addresses"`), restsOn: path })
  return undefined
}
