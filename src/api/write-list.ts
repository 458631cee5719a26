import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setImmediate as nextTurn } from 'node:timers/promises'

/** So many items are made text of at once: of sites, about a millisecond. */
export const itemsInPiece = 25

/** The JSON text of an object with one list, in pieces of no more than `itemsInPiece` items. */
export function* listPieces(name: string, items: readonly unknown[]): Generator<string, void, undefined> {
  let before = `{${JSON.stringify(name)}:[`
  for (let at = 0; at < items.length; at += itemsInPiece) {
    const piece = items.slice(at, at + itemsInPiece).map((item) => JSON.stringify(item))
    yield before + piece.join(',')
    before = ','
  }
  yield `${items.length === 0 ? before : ''}]}`
}

/** Settles once more may be written, or the reader is gone. */
const drained = async (outgoing: ServerResponse): Promise<void> => {
  const over = new AbortController()
  await Promise.race(['drain', 'close'].map((event) => once(outgoing, event, { signal: over.signal })))
  over.abort()
}

/** Writes pieces one at a time, so that a long answer holds up no check: after each others have their turn, and a slow reader its time. */
export const writePieces = async (pieces: Iterable<string>, outgoing: ServerResponse): Promise<void> => {
  try {
    for (const piece of pieces) {
      // One piece after the other is the point.
      // oxlint-disable-next-line no-await-in-loop
      await nextTurn()
      if (outgoing.destroyed) return
      // oxlint-disable-next-line no-await-in-loop
      if (!outgoing.write(piece)) await drained(outgoing)
    }
    outgoing.end()
  } catch {
    // The status has gone out: only a connection that ends before its time still says that this is not all.
    outgoing.destroy()
  }
}
