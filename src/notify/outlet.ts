import { backoffMs } from '../core/backoff.ts'
import type { Clock } from '../engine/ports.ts'
import type { Alert } from './alert.ts'
import type { Delivery } from './judge-answer.ts'
import type { Log } from './log.ts'
import { type Batch, emptyQueue, isPassed, readyAt, takeBatch, withAlert, withMore } from './queue.ts'
import { render } from './render.ts'
import type { Sender } from './sender.ts'
import { hostOf, type NotifyTarget } from './target.ts'
import type { ToldMemory } from './told.ts'
import type { Message } from './templates/outgoing.ts'

/** The way to one target: one message at a time, in their order. */
export interface Outlet {
  readonly target: NotifyTarget
  add(alert: Alert): void
  /** One message now, tried once, past everything that waits. */
  deliverOnce(message: Message): Promise<Delivery>
  /** Sends what waits, at once and without waiting for anything, for as long as `withinMs`; what is not told then is said. */
  close(withinMs: number): Promise<void>
}

export interface OutletPorts {
  readonly clock: Clock
  readonly sender: Sender
  /** In [0, 1): spreads retries. */
  random(): number
  readonly newId: () => string
  readonly log: Log
  /** What became of a message. dropped: there was no more time to try it. */
  onOutcome(target: string, outcome: 'sent' | 'failed' | 'dropped'): void
  readonly told: Pick<ToldMemory, 'opened' | 'closed'>
}

const timeoutMs = 5_000
/** After so long a message is given up. */
const patienceMs = 3_600_000

export const createOutlet = (target: NotifyTarget, { clock, sender, random, newId, log, onOutcome, told }: OutletPorts): Outlet => {
  const place = `"${target.name}" (${hostOf(target.url)})`
  const facts = { event: 'alerts', target: target.name }
  /** From here on nothing is waited for. */
  const hurry = new AbortController()
  const over = new AbortController()
  let queue = emptyQueue
  let running: Promise<void> | undefined
  let trouble: string | undefined

  const say = (level: 'error' | 'warn', now: string, message: string): void => {
    if (trouble !== now) log(level, message, facts)
    trouble = now
  }
  const giveUp = (count: number, why: string): void => {
    onOutcome(target.name, hurry.signal.aborted ? 'dropped' : 'failed')
    queue = withMore(queue, count)
    log('error', `${count === 1 ? 'an alert' : `${count} alerts`} to ${place} given up: ${why}`, facts)
  }

  const attempt = (message: Message, index: number): Promise<Delivery> | undefined => {
    const request = render(message, target, clock.wallNow())[index]
    return request === undefined ? undefined : sender.send({ ...request, method: 'POST', secret: target.secret }, timeoutMs, over.signal)
  }

  /** One request until it is answered for good; whether it was taken. */
  const insist = async (message: Message, index: number, since: number): Promise<'taken' | 'refused' | 'late' | 'none'> => {
    for (let failures = 1; ; failures += 1) {
      const isLast = hurry.signal.aborted
      const delivery = await attempt(message, index)
      if (delivery === undefined) return 'none'
      switch (delivery.kind) {
        case 'delivered':
          if (trouble !== undefined) log('info', `alerts to ${place} go out again`, facts)
          trouble = undefined
          onOutcome(target.name, 'sent')
          return 'taken'
        case 'rejected':
          say('error', delivery.detail, `${place} does not take an alert: ${delivery.detail}. It is not sent again; check the target's url and secret`)
          onOutcome(target.name, 'failed')
          return 'refused'
        case 'failed': {
          say('warn', 'failed', `an alert to ${place} could not be delivered: ${delivery.detail}; it is tried again for up to an hour`)
          const waitMs = backoffMs(failures, random(), delivery.retryAfterMs)
          if (isLast || clock.now() + waitMs - since > patienceMs) return 'late'
          await clock.sleep(waitMs, hurry.signal)
        }
      }
    }
  }

  const deliver = async (batch: Batch): Promise<void> => {
    const message: Message = { id: newId(), batch, at: clock.wallNow(), isTest: false }
    const since = clock.now()
    const alerts = batch.items.filter((item) => !isPassed(item)).map(({ alert }) => alert)
    // Before it goes out: of what is sent and not answered nobody knows whether it was heard.
    for (const alert of alerts) if (!alert.isResolved) told.opened(target.name, alert)
    for (let index = 0; ; index += 1) {
      const outcome = await insist(message, index, since)
      if (outcome === 'none') {
        for (const { isResolved, key } of alerts) if (isResolved) told.closed(target.name, key)
        return
      }
      if (outcome === 'late') return giveUp(batch.items.length + batch.more, hurry.signal.aborted ? 'there was no more time to send it' : 'an hour of attempts failed')
    }
  }

  const work = async (): Promise<void> => {
    for (;;) {
      const at = readyAt(queue, target, clock.now())
      if (at === undefined) return
      if (at > clock.now() && !hurry.signal.aborted) {
        await clock.sleep(at - clock.now(), hurry.signal)
        continue
      }
      const taken = takeBatch(queue, target, clock.now())
      queue = taken.queue
      await deliver(taken.batch)
    }
  }

  const start = (): void => {
    running ??= work()
      .catch((error: unknown) => log('error', `a fault of this program's own kept alerts from ${place}: ${error instanceof Error ? error.message : String(error)}`, facts))
      .finally(() => {
        running = undefined
        if (queue.items.size > 0 && !over.signal.aborted) start()
      })
  }

  return {
    target,
    add: (alert) => {
      if (hurry.signal.aborted) return
      queue = withAlert(queue, alert, target, clock.now())
      start()
    },
    deliverOnce: async (message) => {
      let last: Delivery = { kind: 'rejected', detail: 'there is nothing to send' }
      for (let index = 0; ; index += 1) {
        const delivery = await attempt(message, index)
        if (delivery === undefined || delivery.kind !== 'delivered') return delivery ?? last
        last = delivery
      }
    },
    close: async (withinMs) => {
      hurry.abort()
      const enough = new AbortController()
      await Promise.race([running, clock.sleep(withinMs, enough.signal)])
      enough.abort()
      over.abort()
      await running
    },
  }
}
