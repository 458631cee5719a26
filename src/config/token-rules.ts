import type { ApiConfig, WebhookConfig } from './config.ts'
import type { ConfigInput } from './config-schema.ts'
import { errorAt, type Path, type Report } from './problem.ts'
import type { Secret } from './secret.ts'

interface Held {
  readonly token: Secret
  readonly path: Path
  readonly holder: string
}

/** A token says who asks: no two may be the same, or a monitor's would let it give orders. */
export const checkTokens = (input: ConfigInput, api: ApiConfig, webhooks: readonly WebhookConfig[], report: Report): void => {
  const ofApi = api.tokens.map(({ name, token }): Held => {
    const path = ['api', 'tokens', name]
    return { token, path: [...path, input.api.tokens[name]?.token === undefined ? 'tokenFile' : 'token'], holder: `token "${name}" of "api"` }
  })
  const ofWebhooks = webhooks.flatMap(({ name, token }): readonly Held[] => {
    const key = input.webhooks[name]?.token === undefined ? 'tokenFile' : 'token'
    return token === undefined ? [] : [{ token, path: ['webhooks', name, key], holder: `webhook "${name}"` }]
  })
  const owners = new Map<string, string>()
  for (const { token, path, holder } of [...ofApi, ...ofWebhooks]) {
    const owner = owners.get(token.reveal())
    if (owner !== undefined) report(errorAt(path, `is the same as that of ${owner}; each must have its own`))
    owners.set(token.reveal(), owner ?? holder)
  }
}
