import { resolve } from 'node:path'
import { buildAlert, buildDeadMan } from './build-alert.ts'
import { buildApi } from './build-api.ts'
import { buildProvider } from './build-provider.ts'
import { buildSite } from './build-site.ts'
import { buildStatusPages } from './build-status-pages.ts'
import { buildWebhook } from './build-webhook.ts'
import type { Config, ProviderConfig } from './config.ts'
import { checkConfig } from './config-rules.ts'
import type { ConfigInput } from './config-schema.ts'
import { checkEntryName } from './entry-name.ts'
import type { NamedFiles } from './named-files.ts'
import { errorAt, errorAtKey, type Path, type Report } from './problem.ts'
import { checkSite } from './site-rules.ts'
import { didYouMean } from './suggest.ts'
import { checkTokens } from './token-rules.ts'
import { checkWebhookRules, sourcesOf } from './webhook-rules.ts'

export interface BuildOptions {
  /** What relative paths in the config start from; absolute. */
  readonly directory: string
  readonly files: NamedFiles
  /** The names of all providers, those included whose config could not be read. */
  readonly providerNames: readonly string[]
  /** The same of sites and webhooks. */
  readonly siteNames: readonly string[]
  readonly webhookNames: readonly string[]
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
  const { directory, files, providerNames, siteNames, webhookNames, confirmSpanMs } = options
  if (providerNames.length === 0) {
    report({ ...errorAtKey(['providers'], 'there is no provider; name one, such as cf: { type: cloudflare, ... }'), restsOn: ['providers'] })
  }
  for (const name of Object.keys(input.providers)) {
    checkEntryName('provider', ['providers', name], report)
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
    return buildSite(key, site, path, { provider, files, confirmSpanMs, sources: sourcesOf(key, input.webhooks) }, report)
  })
  const built = sites.filter((site) => site !== undefined)
  for (const site of built) checkSite(site, input.sites[site.name]?.regions ?? {}, ['sites', site.name], report)
  checkConfig(input, built, report)
  const api = buildApi(input.api, webhookNames, files, report)
  const granted = new Set(Object.values(input.api.tokens).flatMap(({ scopes }) => scopes))
  const webhooks = Object.entries(input.webhooks).map(([name, webhook]) => buildWebhook(name, webhook, granted.has(`webhook:${name}`), files, report))
  checkWebhookRules(input, siteNames, report)
  checkTokens(input, api, webhooks, report)
  const alerts = Object.entries(input.alerts).map(([name, alert]) => buildAlert(name, alert, siteNames, files, report))
  return {
    providers: Object.fromEntries(providers.filter((entry): entry is readonly [string, ProviderConfig] => entry[1] !== undefined)),
    sites: built,
    resolvers: input.resolvers,
    nameservers: input.nameservers,
    stateDir: resolve(directory, input.state),
    api,
    statusPages: buildStatusPages(input.sites),
    webhooks: Object.fromEntries(webhooks.map((webhook) => [webhook.name, webhook])),
    history: { isKept: input.history.keep, eventsMs: input.history.events, minutesMs: input.history.minutes, hoursMs: input.history.hours },
    alerts: alerts.filter((alert) => alert !== undefined),
    deadMan: input.deadMan === undefined ? undefined : buildDeadMan(input.deadMan, files, report),
  }
}
