/** A part of a period, in [0, 1] of it. */
export interface LaneSpan {
  readonly from: number
  readonly to: number
}

interface Lasting {
  readonly startedAt: string
  readonly endedAt: string | null
}

/** Where in a period something lasted, joined where it overlaps, in order. */
export const laneSpans = (all: readonly Lasting[], sinceMs: number, untilMs: number): readonly LaneSpan[] => {
  const share = (ms: number): number => Math.min(1, Math.max(0, (ms - sinceMs) / (untilMs - sinceMs)))
  const spans = all
    .map(({ startedAt, endedAt }) => ({ from: share(Date.parse(startedAt)), to: share(endedAt === null ? untilMs : Date.parse(endedAt)) }))
    .filter(({ from, to }) => to > 0 && from < 1)
    .toSorted((a, b) => a.from - b.from)
  const joined: LaneSpan[] = []
  for (const span of spans) {
    const last = joined.at(-1)
    if (last !== undefined && span.from <= last.to) joined[joined.length - 1] = { from: last.from, to: Math.max(last.to, span.to) }
    else joined.push(span)
  }
  return joined
}
