import { ProviderError } from '../../providers/provider-error.ts'
import type { ErrorReport } from './json.ts'

const codeOf = (error: unknown): string => {
  const { code } = error as { readonly code?: unknown }
  return typeof code === 'string' ? code : 'internal'
}

/** An error's facts. `redact` takes secrets out of its message. */
export const errorReport = (error: unknown, redact: (text: string) => string): ErrorReport => {
  const message = redact(error instanceof Error ? error.message : typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error))
  const facts = error instanceof ProviderError ? error : undefined
  return {
    code: typeof error === 'object' && error !== null ? codeOf(error) : 'internal',
    message,
    outcome: facts?.outcome ?? null,
    obstacle: facts?.obstacle ?? null,
    retryAfterMs: facts?.retryAfterMs ?? null,
  }
}
