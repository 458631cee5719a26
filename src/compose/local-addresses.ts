import { networkInterfaces } from 'node:os'
import { type Address, parseAddress, scopeOf } from '../core/address.ts'

const readAddresses = (): readonly Address[] =>
  Object.values(networkInterfaces()).flatMap((interfaces) =>
    (interfaces ?? []).flatMap(({ address }) => parseAddress(address.replace(/%.*$/, '')) ?? []),
  )

/**
 * Addresses of this very machine, as of now: those of its interfaces, and all of loopback, of which the interfaces
 * name only the first.
 */
export const localAddresses = (): ReadonlySet<Address> => {
  const found = new Set(readAddresses())
  const isFound = found.has.bind(found)
  found.has = (address) => isFound(address) || scopeOf(address) === 'loopback'
  return found
}
