import { oneLine } from './fit.ts'
import { type Batch, flapsOf, isPassed, type Item } from './queue.ts'

/** How an item stands, in a word for programs. */
export const stateOf = (item: Item): 'firing' | 'resolved' | 'flapped' => {
  if (isPassed(item)) return 'flapped'
  return item.alert.isResolved ? 'resolved' : 'firing'
}

export const times = (count: number): string => (count === 1 ? 'once' : `${count} times`)

export const titleOf = (item: Item): string => {
  const flaps = flapsOf(item)
  return oneLine(flaps === 0 ? item.alert.title : `${item.alert.title} (flapped ${times(flaps)})`)
}

export const textOf = (item: Item): string => oneLine(item.alert.text)

/** The severity that is shown: nothing is left of what is over. */
export const levelOf = ({ alert }: Item): 'critical' | 'warning' | 'info' | 'ok' => (alert.isResolved ? 'ok' : alert.severity)

/** What is read in a notification before the message is opened. */
export const headlineOf = ({ items, more }: Batch): string => {
  const [first] = items
  if (first === undefined) return 'dns-failover'
  const others = items.length - 1 + more
  return others === 0 ? titleOf(first) : `${titleOf(first)}, and ${others} more`
}

/** For what a message has no room for. */
export const moreText = (more: number): string => `and ${more} more ${more === 1 ? 'alert' : 'alerts'}`

export const marks = { critical: '🔴', warning: '🟠', info: '🔵', ok: '🟢' } as const
