import type { BlockList } from 'node:net'
import { scopeOf } from '../core/address.ts'
import type { Reading } from './access.ts'
import { ApiError } from './api-error.ts'
import type { ApiRules } from './api-parts.ts'
import { type KnownToken, knownTokens } from './bearer.ts'
import { plainAddress, proxyList } from './client-address.ts'

/** Rules as each request is judged by them. */
export interface RulesInForce {
  readonly tokens: readonly KnownToken[]
  readonly reading: Reading
  readonly proxies: BlockList
  readonly requestsPerSecond: number
}

const isOfThisMachine = (address: string): boolean => {
  const plain = plainAddress(address)
  return plain === undefined ? address === 'localhost' : scopeOf(plain) === 'loopback'
}

/**
 * `listen`: the address of the TCP port, if there is one.
 * @throws ApiError `no-tokens`: it would answer beyond this machine whoever asks, without being told to.
 */
export const rulesInForce = ({ tokens, isOpen, requestsPerSecond, trustedProxies }: ApiRules, listen: string | undefined): RulesInForce => {
  const isHere = listen === undefined || isOfThisMachine(listen)
  if (!isHere && !isOpen && tokens.length === 0) {
    throw new ApiError(
      `the API does not listen on ${listen ?? ''} without tokens, since whoever reaches it could read everything: configure one under api.tokens, listen on 127.0.0.1, or set api.open: true`,
      { code: 'no-tokens', where: listen ?? '' },
    )
  }
  const reading = isOpen ? 'all' : isHere && tokens.length === 0 ? 'here' : 'none'
  return { tokens: knownTokens(tokens), reading, proxies: proxyList(trustedProxies), requestsPerSecond }
}
