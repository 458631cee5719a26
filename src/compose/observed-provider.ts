import type { Provider } from '../providers/provider.ts'
import { ProviderError } from '../providers/provider-error.ts'

/** One call of a provider, as it ended. */
export interface ProviderCall {
  /** The config's name. */
  readonly provider: string
  readonly operation: 'read' | 'apply' | 'zone'
  readonly outcome: 'ok' | ProviderError['code']
  readonly ms: number
}

/** The same provider, with each call told of once it has ended. */
export const observedProvider = (name: string, provider: Provider, now: () => number, onCall: (call: ProviderCall) => void): Provider => {
  const observe = async <T>(operation: ProviderCall['operation'], call: () => Promise<T>): Promise<T> => {
    const startedAt = now()
    const tell = (outcome: ProviderCall['outcome']): void => onCall({ provider: name, operation, outcome, ms: now() - startedAt })
    try {
      const value = await call()
      tell('ok')
      return value
    } catch (error) {
      tell(error instanceof ProviderError ? error.code : 'unavailable')
      throw error
    }
  }
  return {
    capabilities: provider.capabilities,
    ...(provider.servers === undefined ? {} : { servers: provider.servers }),
    zoneOf: (zoneName, signal) => observe('zone', () => provider.zoneOf(zoneName, signal)),
    read: (keys, signal) => observe('read', () => provider.read(keys, signal)),
    apply: (changes, signal) => observe('apply', () => provider.apply(changes, signal)),
    ...(provider.warm === undefined ? {} : { warm: () => provider.warm?.() }),
    ...(provider.close === undefined ? {} : { close: () => provider.close?.() ?? Promise.resolve() }),
  }
}
