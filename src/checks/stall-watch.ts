/** Notices when this process itself stands still: a blocked event loop, or a machine too busy to run it. */
export interface StallWatch {
  /** Starts watching with the first; every `enter` needs its `leave`. */
  enter(): void
  leave(): void
  /** Milliseconds lost so far; only differences mean something, and only between `enter` and `leave`. */
  lostMs(): number
}

const tickMs = 20
/** A tick this much late is ordinary. */
const slackMs = 10

export const createStallWatch = (now: () => number): StallWatch => {
  let watchers = 0
  let timer: NodeJS.Timeout | undefined
  let lastTick = 0
  let lost = 0
  const overdue = (): number => {
    const late = now() - lastTick - tickMs
    return late > slackMs ? late : 0
  }
  const tick = (): void => {
    lost += overdue()
    lastTick = now()
  }
  return {
    enter: () => {
      watchers += 1
      if (watchers > 1) return
      lastTick = now()
      timer = setInterval(tick, tickMs)
    },
    leave: () => {
      watchers -= 1
      if (watchers === 0) clearInterval(timer)
    },
    lostMs: () => lost + overdue(),
  }
}
