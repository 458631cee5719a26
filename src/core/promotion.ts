/** How long a region has been down, as far as it counts. */
export interface Promotion {
  /** Milliseconds. */
  readonly downMs: number
  /** When it was last counted; engine milliseconds. Undefined: it did not count then. */
  readonly countedAt: number | undefined
}
