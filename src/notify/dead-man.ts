import type { Clock } from '../engine/ports.ts'
import type { Log } from './log.ts'
import { createSender } from './sender.ts'
import { hostOf } from './target.ts'

export interface DeadMan {
  close(): Promise<void>
}

export interface DeadManOptions {
  /** A secret: who knows it can keep the alarm from going off. */
  readonly url: string
  readonly everyMs: number
  /** Whether all is well here. No ping otherwise: that it stays away is the alarm. */
  isWell(): boolean
  readonly clock: Clock
  /** In [0, 1). */
  random(): number
  readonly log: Log
}

const timeoutMs = 5_000
/** How soon it is looked again whether all is well, and how long after a failure the one more attempt is made, at most. */
const soonMs = 5_000
const againMs = 1_000

/**
 * Pings while all is well, at most `everyMs` apart: an outside monitor raises the alarm when pings stay away
 * (https://healthchecks.io/docs/http_api/). A ping that fails is tried once more.
 */
export const createDeadMan = ({ url, everyMs, isWell, clock, random, log }: DeadManOptions): DeadMan => {
  const sender = createSender(clock.wallNow)
  const over = new AbortController()
  const host = hostOf(url)
  const facts = { event: 'dead-man' }
  let said: 'fine' | 'unwell' | 'failing' = 'fine'
  let unwellSince: number | undefined

  const look = (): boolean => {
    try {
      return isWell()
    } catch {
      return false
    }
  }
  const say = (now: typeof said, level: 'warn' | 'info', message: string): void => {
    if (said !== now && !over.signal.aborted) log(level, message, facts)
    said = now
  }
  const ask = () => sender.send({ method: 'GET', url, headers: { 'user-agent': 'dns-failover' }, body: undefined, secret: undefined }, timeoutMs, over.signal)

  const ping = async (): Promise<void> => {
    let delivery = await ask()
    if (delivery.kind !== 'delivered') {
      await clock.sleep(Math.min(againMs, everyMs / 4), over.signal)
      if (over.signal.aborted) return
      delivery = await ask()
    }
    if (delivery.kind === 'delivered') say('fine', 'info', `${host} is pinged again`)
    else say('failing', 'warn', `the ping of ${host} failed, twice: ${delivery.detail}; it goes on every ${everyMs / 1000} s`)
  }

  const run = async (): Promise<void> => {
    while (!over.signal.aborted) {
      const since = clock.now()
      const isFine = look()
      unwellSince = isFine ? undefined : (unwellSince ?? since)
      if (unwellSince === undefined) await ping()
      // A start takes a moment to be well; that a ping is left out is news only once one was due.
      else if (since - unwellSince >= everyMs) say('unwell', 'warn', `not all is well here, so ${host} is not pinged; its alarm will go off if this lasts`)
      const untilNext = isFine ? everyMs * (0.9 + random() / 10) : Math.min(soonMs, everyMs)
      await clock.sleep(Math.max(0, untilNext - (clock.now() - since)), over.signal)
    }
  }

  const running = run().catch((error: unknown) => log('error', `a fault of this program's own ended the pings of ${host}: ${error instanceof Error ? error.message : String(error)}`, facts))
  return {
    close: async () => {
      over.abort()
      await running
      await sender.close()
    },
  }
}
