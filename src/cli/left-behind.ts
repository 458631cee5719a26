import type { Config, ProviderConfig } from '../config/config.ts'
import type { Fqdn } from '../core/fqdn.ts'
import { fingerprint } from './fingerprint.ts'

/** Records that nobody keeps any more though their site goes on: nothing is deleted without an order. */
export type LeftBehind =
  | { readonly kind: 'names'; readonly site: string; readonly names: readonly Fqdn[] }
  | { readonly kind: 'provider'; readonly site: string; readonly names: readonly Fqdn[]; readonly from: string; readonly to: string }

/** Where a provider's records are: its config without how it is allowed to write them. */
const whereOf = (provider: ProviderConfig): unknown => {
  switch (provider.type) {
    case 'embedded':
      return [provider.type, provider.zone]
    case 'rfc2136':
      return [provider.type, provider.zone, provider.server]
    case 'cloudflare':
      return [provider.type, provider.zoneId, provider.baseUrl]
  }
}

/** Another token may belong to another account; under the same name it is most likely the next token of the same one. */
const isSamePlace = (from: string, to: string, before: Config, after: Config): boolean => {
  const [one, other] = [before.providers[from], after.providers[to]]
  if (one === undefined || other === undefined) return false
  return from === to ? fingerprint(whereOf(one)) === fingerprint(whereOf(other)) : fingerprint(one) === fingerprint(other)
}

/** Pure: what a reload leaves behind of the sites that are in both configs. */
export const leftBehind = (before: Config, after: Config): readonly LeftBehind[] =>
  after.sites.flatMap((to): readonly LeftBehind[] => {
    const from = before.sites.find(({ name }) => name === to.name)
    if (from === undefined) return []
    if (!isSamePlace(from.provider, to.provider, before, after)) return [{ kind: 'provider', site: to.name, names: from.names, from: from.provider, to: to.provider }]
    const kept = new Set(after.sites.flatMap(({ names }) => names))
    const names = from.names.filter((name) => !kept.has(name))
    return names.length === 0 ? [] : [{ kind: 'names', site: to.name, names }]
  })
