import type { Batch } from '../queue.ts'

/** A request as it is sent. */
export interface Outgoing {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A message to one target. The same at each attempt, but for what must be fresh. */
export interface Message {
  /** The same at each attempt, so that who gets it twice can tell. */
  readonly id: string
  readonly batch: Batch
  /** When it was put together. Milliseconds since the epoch. */
  readonly at: number
  readonly isTest: boolean
}

/** Milliseconds since the epoch at which this attempt is made. */
export type Template = (message: Message, target: { readonly url: string; readonly secret: string | undefined }, sentAt: number) => readonly Outgoing[]

export const jsonHeaders = { 'content-type': 'application/json', 'user-agent': 'dns-failover' } as const
