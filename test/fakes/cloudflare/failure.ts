/** How Cloudflare says no. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure'
  readonly status: number
  readonly body: unknown

  constructor(status: number, code: number, message: string, chain: readonly { readonly code: number; readonly message: string }[] = []) {
    super(message)
    this.status = status
    const error = { code, message, ...(chain.length === 0 ? {} : { error_chain: chain }) }
    this.body = { success: false, errors: [error], messages: [], result: null }
  }
}

export const invalid = (code: number, message: string): ApiFailure => new ApiFailure(400, 1004, 'DNS Validation Error', [{ code, message }])
