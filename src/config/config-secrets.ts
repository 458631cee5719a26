import { pagerDutyUrl } from './build-alert.ts'
import type { Config, ProviderConfig } from './config.ts'
import type { SecretWord } from './redact.ts'
import { Secret } from './secret.ts'

/** Shorter texts would be found by chance everywhere. */
const minLength = 8

const ofProvider = (provider: ProviderConfig): readonly (Secret | undefined)[] => {
  switch (provider.type) {
    case 'embedded':
      return []
    case 'rfc2136':
      return [provider.tsig?.secret]
    case 'cloudflare':
      return [provider.apiToken]
  }
}

/** The whole, and what stands behind the host, which a message of some library may show alone. */
const ofUrl = (url: Secret): readonly Secret[] => {
  const text = url.reveal()
  if (text === pagerDutyUrl || !URL.canParse(text)) return []
  const { href, pathname, search } = new URL(text)
  return [text, href, `${pathname}${search}`, pathname].map((part) => new Secret(part))
}

/** Every secret of a config, those from files included, as what must not be shown. */
export const configSecrets = (config: Config): readonly SecretWord[] => {
  const { providers, api, webhooks, alerts, deadMan } = config
  const secrets = [
    ...Object.values(providers).flatMap(ofProvider),
    ...api.tokens.map(({ token }) => token),
    ...Object.values(webhooks).flatMap(({ token, secret }) => [token, secret]),
    ...alerts.flatMap(({ url, secret }) => [...ofUrl(url), secret]),
    ...(deadMan === undefined ? [] : ofUrl(deadMan.url)),
  ]
  const words = new Set(secrets.map((secret) => secret?.reveal().toLowerCase() ?? '').filter((word) => word.length >= minLength))
  return [...words].map((word) => ({ word: new Secret(word), shown: '[secret]' }))
}
