import type { ApiRules } from '../../api/api-parts.ts'
import type { Config } from '../../config/config.ts'

/** Who may ask the API for what, by the config. */
export const apiRules = ({ api }: Config): ApiRules => ({
  tokens: api.tokens.map(({ name, token, scopes }) => ({ name, token: token.reveal(), scopes })),
  isOpen: api.isOpen,
  requestsPerSecond: api.requestsPerSecond,
  trustedProxies: api.trustedProxies,
})
