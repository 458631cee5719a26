import type { Config } from '../config/config.ts'
import type { Site } from '../core/site.ts'
import { fingerprint } from './fingerprint.ts'
import { type LeftBehind, leftBehind } from './left-behind.ts'

/** What one config has to be turned into another: sites by name, providers by theirs. */
export interface ConfigChange {
  /** Providers that go on as they are. */
  readonly keptProviders: readonly string[]
  /** Providers to end: gone, or configured otherwise. */
  readonly endedProviders: readonly string[]
  readonly newProviders: readonly string[]
  readonly added: readonly Site[]
  /** Sites to begin anew with what is known of them, as configured before and as from now on, with why. */
  readonly restarted: readonly { readonly from: Site; readonly to: Site; readonly why: string }[]
  readonly removed: readonly Site[]
  readonly unchanged: readonly Site[]
  /** Of restarted sites. */
  readonly left: readonly LeftBehind[]
}

const whyRestart = (from: Site, to: Site, before: Config, after: Config, ended: ReadonlySet<string>): string | undefined => {
  if (fingerprint(from) !== fingerprint(to)) return from.check.identity === to.check.identity ? 'its config has changed' : 'its check has changed: its health is unknown until the new one has said so'
  if (ended.has(from.provider)) return `its provider "${from.provider}" has changed`
  const areSame = (key: 'resolvers' | 'nameservers'): boolean => fingerprint(before[key]) === fingerprint(after[key])
  return areSame('resolvers') && areSame('nameservers') ? undefined : 'the resolvers or name servers to ask have changed'
}

/** Pure: what is to be done for a reload. */
export const configChange = (before: Config, after: Config): ConfigChange => {
  const kept = Object.keys(before.providers).filter((name) => Object.hasOwn(after.providers, name) && fingerprint(before.providers[name]) === fingerprint(after.providers[name]))
  const ended = Object.keys(before.providers).filter((name) => !kept.includes(name))
  const pairs = after.sites.flatMap((to) => {
    const from = before.sites.find(({ name }) => name === to.name)
    return from === undefined ? [] : [{ from, to, why: whyRestart(from, to, before, after, new Set(ended)) }]
  })
  return {
    keptProviders: kept,
    endedProviders: ended,
    newProviders: Object.keys(after.providers).filter((name) => !Object.hasOwn(before.providers, name)),
    added: after.sites.filter(({ name }) => !before.sites.some((site) => site.name === name)),
    restarted: pairs.flatMap(({ from, to, why }) => (why === undefined ? [] : [{ from, to, why }])),
    removed: before.sites.filter(({ name }) => !after.sites.some((site) => site.name === name)),
    unchanged: pairs.flatMap(({ from, why }) => (why === undefined ? [from] : [])),
    left: leftBehind(before, after),
  }
}

export const isNoChange = ({ endedProviders, newProviders, added, restarted, removed }: ConfigChange): boolean =>
  endedProviders.length + newProviders.length + added.length + restarted.length + removed.length === 0
