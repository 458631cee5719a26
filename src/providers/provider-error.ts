export type ProviderErrorCode =
  | 'auth' // the credentials were refused
  | 'rate-limited'
  | 'unavailable' // no answer, or one that says "later"
  | 'rejected' // understood, and refused for good
  | 'conflict' // the RRset is not what the change says it was

/** What stands at a name that address records cannot share, or that makes them meaningless. */
export type Obstacle = 'cname' | 'delegation' | 'flattening' | 'load-balancer' | 'not-in-zone'

/**
 * What went wrong at a provider, and what is known of the zone after it. On outcome `unknown` (a lost reply) the
 * write may have happened: read again, never assume. Secrets never stand in the message.
 */
export class ProviderError extends Error {
  override readonly name = 'ProviderError'
  readonly code: ProviderErrorCode
  readonly outcome: 'unchanged' | 'unknown'
  readonly obstacle: Obstacle | undefined
  /** Milliseconds. */
  readonly retryAfterMs: number | undefined

  constructor(
    message: string,
    facts: {
      readonly code: ProviderErrorCode
      readonly outcome: 'unchanged' | 'unknown'
      readonly obstacle?: Obstacle
      readonly retryAfterMs?: number
      readonly cause?: unknown
    },
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.code = facts.code
    this.outcome = facts.outcome
    this.obstacle = facts.obstacle
    this.retryAfterMs = facts.retryAfterMs
  }
}
