import type { EventQuery, StoredEvent } from '../engine/history-port.ts'

export type Listener = (event: StoredEvent) => void

export interface Followers {
  /** Something new, for everybody at once. */
  tell(event: StoredEvent): void
  follow(after: number | undefined, listener: Listener, signal: AbortSignal): void
}

/** Events that came while a follower is still given the older ones. Beyond that it is given up: it would miss some. */
const mostHeld = 5_000
const pageSize = 500

interface Follower {
  readonly listener: Listener
  /** Undefined once it has all older ones. */
  held: StoredEvent[] | undefined
  last: number
}

/**
 * Who is told of each event as it comes. A follower gets every event after the one it names once, in order. One whose
 * listener throws is let go.
 */
export const createFollowers = (page: (query: EventQuery) => Promise<readonly StoredEvent[]>, onLost: (text: string) => void): Followers => {
  const all = new Set<Follower>()

  const drop = (follower: Follower, why: string): void => {
    if (all.delete(follower)) onLost(`a reader that followed the events was let go: ${why}`)
  }

  const give = (follower: Follower, event: StoredEvent): void => {
    if (event.id <= follower.last || !all.has(follower)) return
    follower.last = event.id
    try {
      follower.listener(event)
    } catch (error) {
      drop(follower, error instanceof Error ? error.message : String(error))
    }
  }

  const catchUp = async (follower: Follower): Promise<void> => {
    for (let isMore = true; isMore && all.has(follower); ) {
      // One page after the other: where the next begins, the one before says.
      // oxlint-disable-next-line no-await-in-loop
      const events = await page({ after: follower.last, limit: pageSize })
      for (const event of events) give(follower, event)
      isMore = events.length === pageSize
    }
    const held = follower.held ?? []
    follower.held = undefined
    for (const event of held) give(follower, event)
  }

  return {
    tell: (event) => {
      for (const follower of all) {
        if (follower.held === undefined) give(follower, event)
        else if (follower.held.length < mostHeld) follower.held.push(event)
        else drop(follower, `${mostHeld} events came before it had the older ones`)
      }
    },
    follow: (after, listener, signal) => {
      if (signal.aborted) return
      const follower: Follower = { listener, held: after === undefined ? undefined : [], last: after ?? -1 }
      all.add(follower)
      signal.addEventListener('abort', () => all.delete(follower), { once: true })
      if (after !== undefined) void catchUp(follower)
    },
  }
}
