import type { StoredEvent } from '../engine/history-port.ts'
import { boundedJson, boundedText } from './bounded-json.ts'
import type { EventRow } from './messages.ts'

/** An event before it has its id. `shorter` is kept instead of `data` where that is too long. */
export interface Entry extends Omit<StoredEvent, 'id' | 'at'> {
  readonly shorter?: unknown
}

/** Gives events their ids and times. */
export interface EventLedger {
  add(entry: Entry): void
  /** The file's greatest id, or undefined if it cannot be known: ids go on either way. */
  begin(maxId: number | undefined): void
  isBegun(): boolean
}

/**
 * Ids are the wall clock's milliseconds, or one more than the one before where that is greater: so they grow over a
 * restart, over the loss of the file, and over a clock that is set back. Until `begin` entries wait for their ids, with the
 * times when they came.
 */
export const createEventLedger = (wallNow: () => number, redact: (text: string) => string, onEvent: (event: StoredEvent, row: EventRow) => void): EventLedger => {
  const waiting: { readonly entry: Entry; readonly at: number }[] = []
  let last = 0
  let isBegun = false

  const give = ({ shorter, ...entry }: Entry, at: number): void => {
    const id = Math.max(last + 1, Math.trunc(at))
    last = id
    const data = boundedJson(shorter === undefined ? [entry.data] : [entry.data, shorter], redact)
    const { site, region, address, kind, level } = entry
    const text = boundedText(redact(entry.text))
    onEvent(
      { id, at: new Date(at).toISOString(), site, region, address, kind, level, text, data: JSON.parse(data) },
      { kind: 'event', id, at, site, region, address, event: kind, level, text, data },
    )
  }

  return {
    add: (entry) => {
      const at = Math.trunc(wallNow())
      if (isBegun) give(entry, at)
      else waiting.push({ entry, at })
    },
    begin: (maxId) => {
      last = Math.max(last, maxId ?? 0)
      isBegun = true
      for (const { entry, at } of waiting.splice(0)) give(entry, at)
    },
    isBegun: () => isBegun,
  }
}
