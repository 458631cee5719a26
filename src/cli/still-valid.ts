import type { ApiToken, Config, WebhookConfig } from '../config/config.ts'
import { fingerprint } from './fingerprint.ts'

const until = 'until a config is taken'

const tokenText = (now: ApiToken, refused: Config): string | undefined => {
  const next = refused.api.tokens.find(({ name }) => name === now.name)
  const stays = `the token "${now.name}" stays valid ${until}`
  if (next === undefined) return `${stays}: the refused one has no such token that could be used`
  if (next.token.reveal() !== now.token.reveal()) return `${stays}: the refused one has another under that name`
  const gone = now.scopes.filter((scope) => !next.scopes.includes(scope))
  return gone.length === 0 ? undefined : `the token "${now.name}" keeps the scope ${gone.join(', ')} ${until}: the refused one takes it away`
}

const sourceText = (now: WebhookConfig, refused: Config): string | undefined => {
  const next = Object.hasOwn(refused.webhooks, now.name) ? refused.webhooks[now.name] : undefined
  const stays = `the webhook "${now.name}" is heard ${until}`
  if (next === undefined) return `${stays}: the refused one has no such webhook that could be used`
  const isSame = (['token', 'secret'] as const).every((key) => next[key]?.reveal() === now[key]?.reveal())
  return isSame ? undefined : `${stays} by the token or secret that it has: the refused one has another`
}

/** What the config in force still allows though one that was refused would not: whoever took it out should know. Names no secret. */
export const stillValid = (now: Config, refused: Config | undefined): readonly string[] => {
  if (refused === undefined || fingerprint(now) === fingerprint(refused)) return []
  const isOpen = now.api.isOpen && !refused.api.isOpen ? [`the API stays open for reading without a token ${until}`] : []
  const texts = [...now.api.tokens.map((token) => tokenText(token, refused)), ...Object.values(now.webhooks).map((source) => sourceText(source, refused))]
  return [...isOpen, ...texts.filter((text) => text !== undefined)]
}
