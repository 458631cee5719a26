import { z } from 'zod'
import type { CloudflareConfig } from '../config/config.ts'

/** What Cloudflare says of an API token itself. */
export type TokenStatus =
  | { readonly kind: 'active'; readonly expiresOn: string | undefined }
  | { readonly kind: 'refused'; readonly detail: string }
  /** Not answered, or not in a way that says anything: a token of an account cannot be asked for here. */
  | { readonly kind: 'unknown'; readonly detail: string }

const Reply = z.object({
  success: z.boolean(),
  errors: z.array(z.object({ code: z.number(), message: z.string() })).nullish(),
  result: z.object({ status: z.string(), expires_on: z.string().optional() }).nullish(),
})

const cloudflare = 'https://api.cloudflare.com/client/v4'

/** Asks Cloudflare about the token (`GET /user/tokens/verify`). Never rejects; no answer of this holds the token. */
export const tokenStatus = async ({ apiToken, baseUrl }: Pick<CloudflareConfig, 'apiToken' | 'baseUrl'>, signal: AbortSignal): Promise<TokenStatus> => {
  const url = `${(baseUrl ?? cloudflare).replace(/\/+$/, '')}/user/tokens/verify`
  try {
    const response = await fetch(url, { headers: { authorization: `Bearer ${apiToken.reveal()}` }, redirect: 'error', signal })
    const reply = Reply.safeParse(await response.json())
    if (!reply.success) return { kind: 'unknown', detail: `its answer (status ${response.status}) is not understood` }
    const { success, errors, result } = reply.data
    const said = (errors ?? []).map(({ code, message }) => `${code} ${message}`).join('; ') || `status ${response.status}`
    if (!success || !result) return { kind: [400, 401, 403].includes(response.status) ? 'refused' : 'unknown', detail: said }
    return result.status === 'active' ? { kind: 'active', expiresOn: result.expires_on } : { kind: 'refused', detail: `the token is ${result.status}` }
  } catch (error) {
    return { kind: 'unknown', detail: error instanceof Error ? `${error.message}${error.cause instanceof Error ? ` (${error.cause.message})` : ''}` : String(error) }
  }
}
