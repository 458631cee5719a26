export type ApiErrorCode =
  | 'address-in-use'
  | 'address-not-available'
  | 'not-permitted'
  /** It would answer beyond this machine whoever asks, and was not told to. */
  | 'no-tokens'
  | 'socket-in-use'
  | 'socket-unusable'
  | 'io'

/** The API cannot be started, or not with these options, and what to do about it. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: ApiErrorCode
  /** What could not be had: `127.0.0.1:8453`, a socket's path. */
  readonly where: string

  constructor(message: string, facts: { readonly code: ApiErrorCode; readonly where: string; readonly cause?: unknown }) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.code = facts.code
    this.where = facts.where
  }
}
