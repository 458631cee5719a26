import type { Address } from '../../../src/core/address.ts'
import type { CheckResult } from '../../../src/core/result.ts'
import { aCheck, aChecker, gist } from '../checking.ts'

const see = (address: string): Promise<CheckResult> =>
  aChecker().check({ url: 'http://failover.test/', address: address as Address, check: aCheck() }, new AbortController().signal)

/** One address without a route, one that a rule of ours forbids, one without IPv6, one that no neighbour answers for. */
export const run = async (): Promise<object> => {
  const [noRoute, forbidden, noIpv6, noNeighbour] = await Promise.all([see('203.0.113.1'), see('192.0.2.1'), see('2001:db8::1'), see('198.51.100.2')])
  return { noRoute: gist(noRoute), forbidden: gist(forbidden), noIpv6: gist(noIpv6), noNeighbour: gist(noNeighbour) }
}
