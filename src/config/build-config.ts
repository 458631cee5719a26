import { resolve } from 'node:path'
import { buildProvider } from './build-provider.ts'
import { buildSite } from './build-site.ts'
import type { Config, ProviderConfig } from './config.ts'
import { checkConfig } from './config-rules.ts'
import type { ConfigInput } from './config-schema.ts'
import type { NamedFiles } from './named-files.ts'
import { errorAt, errorAtKey, type Path, type Report } from './problem.ts'
import { checkSite } from './site-rules.ts'
import { didYouMean } from './suggest.ts'

export interface BuildOptions {
  /** What relative paths in the config start from; absolute. */
  readonly directory: string
  readonly files: NamedFiles
  /** The names of all providers, those included whose config could not be read. */
  readonly providerNames: readonly string[]
  readonly confirmSpanMs: number
}

const chooseProvider = (said: string | undefined, known: readonly string[], path: Path, report: Report): string | undefined => {
  const at = [...path, 'provider']
  if (said === undefined) {
    if (known.length > 1) report(errorAtKey(at, `"${path.at(-1)}" needs "provider": one of ${known.join(', ')}`))
    return known.length === 1 ? known[0] : undefined
  }
  if (known.includes(said)) return said
  report(errorAt(at, `there is no provider ${JSON.stringify(said)}${didYouMean(said, known, 'there are')}`))
  return undefined
}

/** Turns the config's shape into what the program uses; valid only if nothing but warnings was reported. */
export const buildConfig = (input: ConfigInput, options: BuildOptions, report: Report): Config => {
  const { directory, files, providerNames, confirmSpanMs } = options
  if (providerNames.length === 0) {
    report({ ...errorAtKey(['providers'], 'there is no provider; name one, such as cf: { type: cloudflare, ... }'), restsOn: ['providers'] })
  }
  for (const name of Object.keys(input.providers)) {
    if (!/^[\w.-]{1,63}$/.test(name)) report(errorAtKey(['providers', name], 'the name of a provider is 1 to 63 letters, digits, "-", "_" and "."'))
  }
  if (Object.keys(input.sites).length === 0) {
    report({ ...errorAtKey(['sites'], 'there is no site; name one by its main domain'), restsOn: ['sites'] })
  }
  const providers = Object.entries(input.providers).map(([name, provider]): readonly [string, ProviderConfig | undefined] => [
    name,
    buildProvider(provider, ['providers', name], files, report),
  ])
  const sites = Object.entries(input.sites).map(([key, site]) => {
    const path = ['sites', key]
    const provider = chooseProvider(site.provider, providerNames, path, report) ?? site.provider ?? ''
    return buildSite(key, site, path, { provider, files, confirmSpanMs }, report)
  })
  const built = sites.filter((site) => site !== undefined)
  for (const site of built) checkSite(site, input.sites[site.name]?.regions ?? {}, ['sites', site.name], report)
  checkConfig(input, built, report)
  return {
    providers: Object.fromEntries(providers.filter((entry): entry is readonly [string, ProviderConfig] => entry[1] !== undefined)),
    sites: built,
    resolvers: input.resolvers,
    nameservers: input.nameservers,
    stateDir: resolve(directory, input.state),
    api: { listen: undefined, isListenExplicit: false, tokens: [], isOpen: false, requestsPerSecond: 50, trustedProxies: [] },
    webhooks: {},
    history: { isKept: true, eventsMs: 90 * 86_400_000, minutesMs: 8 * 86_400_000, hoursMs: 400 * 86_400_000 },
    alerts: [],
    deadMan: undefined,
  }
}
