import { type Alert, severities } from './alert.ts'
import { mayGoAt, withSent } from './pace.ts'

/** All that happened under one key since the last message. */
export interface Item {
  /** The latest. */
  readonly alert: Alert
  /** Whether it had been said to be wrong before. */
  readonly wasOpen: boolean
  readonly begins: number
  readonly ends: number
}

/** What goes out as one message, gravest first. */
export interface Batch {
  readonly items: readonly Item[]
  /** Alerts that are told as a number only. */
  readonly more: number
}

/** What one target has yet to be told. Bounded: one item a key, and no more keys than `longest`. */
export interface Queue {
  readonly items: ReadonlyMap<string, Item>
  readonly more: number
  /** When the group that is open closes. Monotonic milliseconds, as all times here. */
  readonly closesAt: number
  readonly sentAt: readonly number[]
}

export interface Pace {
  readonly groupMs: number
  readonly perHour: number
}

export const emptyQueue: Queue = { items: new Map(), more: 0, closesAt: 0, sentAt: [] }

const longest = 200

/** How often it began and ended, besides what its latest alert says. */
export const flapsOf = ({ begins, ends }: Item): number => Math.min(begins, ends)

/** It came and went before anybody was told of it. */
export const isPassed = ({ alert, wasOpen }: Item): boolean => alert.isResolved && !wasOpen

/** What is wrong goes first, then what is over, then what only came and went. */
const urgency = (item: Item): number => {
  if (isPassed(item)) return severities.length + 1
  return item.alert.isResolved ? severities.length : severities.indexOf(item.alert.severity)
}

const merged = (before: Item | undefined, alert: Alert): Item => ({
  alert,
  wasOpen: before?.wasOpen ?? (alert.isResolved || alert.isAgain),
  begins: (before?.begins ?? 0) + (alert.isResolved || alert.isAgain ? 0 : 1),
  ends: (before?.ends ?? 0) + (alert.isResolved ? 1 : 0),
})

/** Of the least urgent the oldest. */
const leastUrgent = (items: ReadonlyMap<string, Item>): string | undefined =>
  [...items].toSorted(([, a], [, b]) => urgency(b) - urgency(a) || a.alert.at - b.alert.at)[0]?.[0]

export const withAlert = (queue: Queue, alert: Alert, pace: Pace, now: number): Queue => {
  const items = new Map(queue.items).set(alert.key, merged(queue.items.get(alert.key), alert))
  const dropped = items.size > longest ? leastUrgent(items) : undefined
  if (dropped !== undefined) items.delete(dropped)
  return { ...queue, items, more: queue.more + (dropped === undefined ? 0 : 1), closesAt: queue.items.size === 0 ? now + pace.groupMs : queue.closesAt }
}

/** Alerts that could not be told go on as a number. */
export const withMore = (queue: Queue, more: number): Queue => ({ ...queue, more: queue.more + more })

/** When there is something to send; what comes in meanwhile makes it no earlier. Undefined: nothing waits. */
export const readyAt = ({ items, closesAt, sentAt }: Queue, { perHour }: Pace, now: number): number | undefined =>
  items.size === 0 ? undefined : Math.max(closesAt, mayGoAt(sentAt, perHour, now))

/** Everything that waits, as one batch. */
export const takeBatch = ({ items, more, sentAt }: Queue, { perHour }: Pace, now: number): { readonly batch: Batch; readonly queue: Queue } => ({
  batch: { items: [...items.values()].toSorted((a, b) => urgency(a) - urgency(b) || a.alert.at - b.alert.at), more },
  queue: { ...emptyQueue, sentAt: withSent(sentAt, now, perHour) },
})
