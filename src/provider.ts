/**
 * `dns-failover/provider`: what it takes to write a provider. The port's contract stands in the doc comments of `Provider`;
 * the suite that asks all of it is `dns-failover/provider/contract`.
 */
export { type Address, addressSet, compareAddresses, type Family, familyOf, parseAddress, sameAddresses } from './core/address.ts'
export { type Endpoint, endpointText, parseEndpoint } from './core/endpoint.ts'
export { ancestors, type Fqdn, isWithin, parseFqdn } from './core/fqdn.ts'
export { decodeMark, encodeMark, markName } from './core/mark.ts'
export {
  type AddressType,
  addressTypes,
  type Change,
  content,
  type CurrentRRset,
  familyOfType,
  keyText,
  type Reason,
  type RRsetContent,
  type RRsetKey,
  sameContent,
  sameKey,
  typeOf,
} from './core/rrset.ts'
export { type Obstacle, ProviderError, type ProviderErrorCode } from './providers/provider-error.ts'
export type { Capabilities, Provider } from './providers/provider.ts'
