/** The demo cannot go on, for a reason that its user can do something about. */
export class DemoError extends Error {
  override readonly name = 'DemoError'
  readonly code: 'port' | 'loopback' | 'server' | 'config'

  constructor(code: DemoError['code'], message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

/** Whether an error, or what caused it, says that an address and port are taken. */
export const isTaken = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false
  return ('code' in error && error.code === 'EADDRINUSE') || isTaken(error.cause)
}
