import { type Address, addressSet, sameAddresses } from '../core/address.ts'
import { planRepoint, repointedTo, type RepointRequest } from '../core/repoint.ts'
import { addressTypes, type Change, type CurrentRRset, keyText } from '../core/rrset.ts'
import type { Obstacle, ProviderError } from '../providers/provider-error.ts'
import type { Provider } from '../providers/provider.ts'
import type { RepointRefusal } from './repoint-result.ts'
import { readCurrent } from './write.ts'

/** What a service subdomain holds, and what is to become of it. */
export type ServiceRecords =
  | ({ readonly kind: 'refused' } & RepointRefusal)
  | { readonly kind: 'read'; readonly from: readonly Address[]; readonly to: readonly Address[]; readonly changes: readonly Change[] }

const adviceOn = (obstacle: Obstacle): string => {
  switch (obstacle) {
    case 'cname':
      return 'replace the CNAME with address records of the service subdomain itself, or change what it leads to by hand'
    case 'delegation':
      return 'configure a provider for the zone that it is delegated to'
    case 'flattening':
    case 'load-balancer':
      return 'put plain address records there instead'
    case 'not-in-zone':
      return 'configure a provider for the zone that holds it'
  }
}

/** What a provider's error means to an operator. */
export const refusedByProvider = (service: string, error: ProviderError): RepointRefusal => {
  const { message: text, code, obstacle } = error
  if (obstacle !== undefined) return { code: 'not-repointable', text, advice: adviceOn(obstacle) }
  if (code !== 'auth') return { code: 'provider', text }
  return { code: 'provider', text, advice: `let the provider's credentials write ${service} as well: where names are granted one by one, grant its A and AAAA records` }
}

/** Records that are not to be written over, although they could be. */
const objectTo = (current: readonly CurrentRRset[]): RepointRefusal | undefined => {
  const hidden = current.find(({ isHidden }) => isHidden === true)
  if (hidden !== undefined) {
    return { code: 'not-repointable', text: `${keyText(hidden.key)} is hidden behind a proxy, so the name servers do not show where it leads`, advice: 'turn the proxy off for the service subdomain' }
  }
  const marked = current.find(({ owned, values }) => owned.some((address) => values.includes(address)))
  if (marked === undefined) return undefined
  return {
    code: 'not-repointable',
    text: `${keyText(marked.key)} carries the ownership mark of a main domain, so it is not taken for a service subdomain`,
    advice: 'if nothing keeps it as a main domain any more, remove the mark beside it',
  }
}

/** Reads both sets at once and plans on them. With `expected`, anything else there has moved, unless all is as wanted already. */
export const readService = async (
  provider: Provider,
  request: RepointRequest,
  expected: readonly Address[] | undefined,
  signal: AbortSignal,
): Promise<ServiceRecords> => {
  const { service } = request
  const keys = addressTypes.map((type) => ({ name: service, type }))
  const read = await readCurrent(provider, keys, signal)
  if (read.kind === 'failed') return { kind: 'refused', ...refusedByProvider(service, read.error) }
  const objection = objectTo(read.current)
  if (objection !== undefined) return { kind: 'refused', ...objection }
  const from = addressSet(read.current.flatMap(({ values }) => values))
  const to = repointedTo(request, read.current)
  const changes = planRepoint(request, read.current)
  const hasMoved = changes.length > 0 && expected !== undefined && !sameAddresses(from, expected)
  if (hasMoved) {
    const text = `${service} leads to ${from.join(', ') || 'nothing'}, not to ${expected.join(', ') || 'nothing'} as it was last seen to: somebody else has changed it`
    return { kind: 'refused', code: 'moved', text }
  }
  return { kind: 'read', from, to, changes }
}
