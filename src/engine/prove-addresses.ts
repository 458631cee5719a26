import { setMaxListeners } from 'node:events'
import type { Address } from '../core/address.ts'
import { addressProof, type AddressProof, proofOf } from '../core/proof.ts'
import { checkUrl, type Region, type Site } from '../core/site.ts'
import { counted, emptyTally, nextInRunAt, type Tally } from '../core/tally.ts'
import type { SitePorts } from './ports.ts'

/**
 * Asks servers that are to take a region over what the site's check asks its own, until each has passed or one has not. What was
 * known of them before does not count. Each is checked at most `rise + fall` times.
 */
export const proveAddresses = async (
  site: Site,
  region: Region,
  addresses: readonly Address[],
  ports: Pick<SitePorts, 'checker' | 'clock'>,
  signal: AbortSignal,
): Promise<readonly AddressProof[]> => {
  const { check } = site
  const url = checkUrl(site, region)
  const hasFailed = new AbortController()
  const until = AbortSignal.any([signal, hasFailed.signal])
  setMaxListeners(0, until)

  const prove = async (address: Address): Promise<Tally> => {
    let tally = emptyTally
    while (!until.aborted) {
      const result = await ports.checker.check({ url, address, check }, until)
      if (until.aborted) break
      tally = counted(tally, result)
      const proof = proofOf(tally, check)
      if (proof === 'failed' || proof === 'cannot-tell') hasFailed.abort()
      if (proof !== 'open') break
      await ports.clock.sleep(nextInRunAt(tally, check) - ports.clock.now(), until)
    }
    return tally
  }

  return Promise.all(addresses.map(async (address) => addressProof(address, await prove(address), check)))
}
