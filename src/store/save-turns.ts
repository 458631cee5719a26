/** A write to the zone waits for such a save, most of whose time is that until this process takes notice of each of its steps: many go on at once. */
const mostUrgent = 128

/** A flush takes as long as a disk pleases, and holds a thread meanwhile, of which there are four. */
const mostFlushing = 2

/** However many are urgent: what is to survive the machine waits no longer for its turn. Milliseconds. */
const longestWaitMs = 2_000

/** Lets saves begin in turn: those for which a write to the zone waits before those that flush. */
export interface SaveTurns {
  urgent<T>(save: () => Promise<T>): Promise<T>
  flushing<T>(save: () => Promise<T>): Promise<T>
}

interface Waiting {
  readonly since: number
  begin(): void
}

/** `now`: monotonic milliseconds. */
export const createSaveTurns = (now: () => number): SaveTurns => {
  const lanes = {
    urgent: { most: mostUrgent, running: 0, waiting: [] as Waiting[] },
    flushing: { most: mostFlushing, running: 0, waiting: [] as Waiting[] },
  }

  const mayFlush = ({ since }: Waiting): boolean => (lanes.urgent.running === 0 && lanes.urgent.waiting.length === 0) || now() - since >= longestWaitMs

  const go = (): void => {
    for (const lane of [lanes.urgent, lanes.flushing]) {
      for (let next = lane.waiting[0]; next !== undefined && lane.running < lane.most && (lane === lanes.urgent || mayFlush(next)); next = lane.waiting[0]) {
        lane.waiting.shift()
        lane.running += 1
        next.begin()
      }
    }
  }

  const take = async <T>(lane: (typeof lanes)['urgent'], save: () => Promise<T>): Promise<T> => {
    await new Promise<void>((begin) => {
      lane.waiting.push({ since: now(), begin })
      go()
    })
    try {
      return await save()
    } finally {
      lane.running -= 1
      go()
    }
  }

  return { urgent: (save) => take(lanes.urgent, save), flushing: (save) => take(lanes.flushing, save) }
}
