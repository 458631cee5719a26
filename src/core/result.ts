/** Why a health check failed: what the other side did, or did not do, within the bounds. */
export type FailureCause =
  | 'refused' // the connection was refused (RST on connect)
  | 'unreachable' // a router or host on the way said so (ICMP)
  | 'reset' // the connection ended before the answer was whole
  | 'connect-timeout'
  | 'tls' // the handshake failed for another reason than the certificate
  | 'tls-timeout'
  | 'certificate-expired' // or not yet valid
  | 'certificate-name'
  | 'certificate-untrusted'
  | 'certificate-expiring' // fewer than minCertDays left
  | 'headers-timeout'
  | 'headers-too-large'
  | 'body-timeout'
  | 'timeout' // the total bound
  | 'protocol' // what came is not HTTP
  | 'status'
  | 'redirect' // too many, or to where we do not follow
  | 'body' // the expected text is not within the first bytes
  | 'stale' // it passes its checks, but serves older content than other regions

/** Why a check says nothing about its target: our own fault. */
export type LocalCause =
  | 'no-route'
  | 'no-descriptors'
  | 'no-local-port'
  | 'late' // our own timers or event loop ran late
  | 'local-error'
  | 'aborted'

/**
 * Milliseconds that each part took by itself, of the last request if redirects were followed: the TCP connection, the
 * TLS handshake, from the request to the response's head, the body. A part that was not finished is absent. The total is
 * the whole check's.
 */
export interface Timing {
  readonly connectMs?: number
  readonly tlsMs?: number
  readonly headersMs?: number
  readonly bodyMs?: number
  readonly totalMs: number
}

export interface CheckFacts {
  /** The engine's monotonic clock, milliseconds. */
  readonly startedAt: number
  readonly finishedAt: number
  readonly timing: Timing
  readonly status?: number
  /** Whole days until the leaf certificate expires; negative once it has. */
  readonly certificateDays?: number
}

/** What one health check saw. `detail` is one short line with the numbers, for people. */
export type CheckResult =
  | ({ readonly kind: 'ok' } & CheckFacts)
  | ({ readonly kind: 'failed'; readonly cause: FailureCause; readonly detail: string } & CheckFacts)
  | ({ readonly kind: 'cannot-tell'; readonly cause: LocalCause; readonly detail: string } & CheckFacts)
