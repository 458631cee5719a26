import { encode } from 'dns-packet'
import { parseAddress } from '../../../src/core/address.ts'
import { decoded, exchangeUdp } from '../../fakes/dns-exchange.ts'

/** The A values that a name server answers with; none if it does not answer. */
export const publishedAt = async (host: string, port: number, name: string): Promise<readonly string[]> => {
  const address = parseAddress(host)
  if (address === undefined) throw new Error(`${host} is not an address`)
  const answer = await exchangeUdp({ address, port }, encode({ type: 'query', id: 5, questions: [{ name, type: 'A' }] }), 500)
  return answer === undefined ? [] : (decoded(answer).answers ?? []).flatMap((record) => (record.type === 'A' ? [record.data] : [])).toSorted()
}

/** Whether a name server answers with all of these. */
export const publishes = async (host: string, port: number, name: string, addresses: readonly string[]): Promise<boolean> =>
  (await publishedAt(host, port, name)).join() === addresses.toSorted().join()
