/** The clock on the wall. */
export interface WallTime {
  readonly month: number
  readonly day: number
  /** 0: Sunday. */
  readonly weekday: number
  readonly hour: number
  readonly minute: number
}

export interface Schedule {
  readonly cron: string
  readonly timeZone: string
  /** The same by hand. */
  readonly isTurn: (wall: WallTime) => boolean
  /** At one time of the day, `[hour, minute]`, on the days of `isTurn`; undefined: goes by the clock on the wall as it runs. */
  readonly fixed?: readonly [number, number]
  readonly second?: number
}

const minute = 60_000
const quarter = 15 * minute

/** Milliseconds that the clock on the wall is ahead of UTC. No zone changes it but at a quarter of an hour. */
const offsetAt = (format: Intl.DateTimeFormat, at: number): number => {
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 0, day = 0, hour = 0, minute: min = 0 } = parts as Record<string, number>
  return Date.UTC(year, month - 1, day, hour, min) - at
}

const wallOf = (shifted: number): WallTime => {
  const date = new Date(shifted)
  return { month: date.getUTCMonth() + 1, day: date.getUTCDate(), weekday: date.getUTCDay(), hour: date.getUTCHours(), minute: date.getUTCMinutes() }
}

/** Every turn in a stretch of time, found by looking at the clock on the wall in every minute of it. */
export const turnsWithin = ({ timeZone, isTurn, fixed, second = 0 }: Schedule, from: number, to: number): readonly number[] => {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' })
  const turns: number[] = []
  let before = offsetAt(format, from)
  let lastDay: number | undefined
  for (let start = from; start < to; start += quarter) {
    const offset = offsetAt(format, start)
    const left = fixed === undefined ? undefined : Date.UTC(new Date(start + offset).getUTCFullYear(), wallOf(start + offset).month - 1, wallOf(start + offset).day, ...fixed)
    // The clock jumps over it, within one day: the turn comes with the jump.
    if (left !== undefined && start + before <= left && left < start + offset && isTurn(wallOf(left))) turns.push(start)
    before = offset
    for (let at = start; at < start + quarter; at += minute) {
      if (!isTurn(wallOf(at + offset))) continue
      const day = Math.floor((at + offset) / 86_400_000)
      if (fixed !== undefined && day === lastDay) continue
      lastDay = day
      turns.push(at + second * 1000)
    }
  }
  return turns
}

/** Turns that last so long, those that touch put together. */
export const spansOf = (turns: readonly number[], forMs: number): readonly { readonly since: number; readonly until: number }[] => {
  const spans: { since: number; until: number }[] = []
  for (const turn of turns) {
    const last = spans.at(-1)
    if (last !== undefined && turn <= last.until) last.until = turn + forMs
    else spans.push({ since: turn, until: turn + forMs })
  }
  return spans
}
