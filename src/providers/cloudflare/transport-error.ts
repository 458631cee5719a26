/** A request that was not answered. `wasSent` is false only where Cloudflare cannot have seen any of it. */
export class TransportError extends Error {
  override readonly name = 'TransportError'
  readonly wasSent: boolean

  constructor(message: string, wasSent: boolean) {
    super(message)
    this.wasSent = wasSent
  }
}
