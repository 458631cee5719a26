import type { JSX } from 'preact'
import type { SeriesPoint } from '../../../engine/history-port.ts'
import { momentText, shortTimeText } from '../../format/clock-text.ts'
import { laneSpans } from '../../format/lane-spans.ts'
import { spanText } from '../../format/span-text.ts'

interface Props {
  readonly points: readonly SeriesPoint[]
  readonly startedAt: string
  readonly endedAt: string | null
}

const high = 48

/** The checks of its address over that time: what passed stands up from the line, what failed hangs from the top. */
export const ChecksPart = ({ points, startedAt, endedAt }: Props): JSX.Element => {
  const first = points[0]
  const last = points.at(-1)
  if (first === undefined || last === undefined) return <p />
  const from = Date.parse(first.at)
  const steps = points.slice(1).map((point, index) => Date.parse(point.at) - Date.parse(points[index]?.at ?? point.at))
  const stepMs = Math.max(1, Math.min(60_000, ...steps))
  const until = Date.parse(last.at) + stepMs
  const x = (ms: number): number => ((ms - from) / (until - from)) * 1000
  const passed = points.reduce((sum, { ok }) => sum + ok, 0)
  const failed = points.reduce((sum, point) => sum + point.failed, 0)
  const causes = new Map<string, number>()
  for (const point of points) for (const [cause, count] of Object.entries(point.causes)) causes.set(cause, (causes.get(cause) ?? 0) + count)
  const said = `${passed} passed, ${failed} failed${causes.size === 0 ? '' : ` (${[...causes].map(([cause, count]) => `${cause} ${count}`).join(', ')})`}`
  return (
    <section class="stack" aria-labelledby="checks">
      <h2 id="checks">Checks of its address</h2>
      <svg class="story-checks" viewBox={`0 0 1000 ${high}`} preserveAspectRatio="none" role="img" aria-label={`${said}, from ${momentText(first.at, from)}, ${spanText(until - from)}`}>
        {laneSpans([{ startedAt, endedAt }], from, until).map((span) => (
          <rect class="during" key={span.from} x={span.from * 1000} y="0" width={(span.to - span.from) * 1000} height={high} />
        ))}
        {points.map(({ at, ok, failed: bad, cannotTell }) => {
          const all = ok + bad + cannotTell
          const left = x(Date.parse(at))
          const width = Math.max(1, x(Date.parse(at) + stepMs) - left - 1)
          return (
            <g key={at}>
              <title>{`${shortTimeText(at)}: ${ok} passed, ${bad} failed`}</title>
              {ok === 0 ? null : <rect class="passed" x={left} y={high - (high / 2) * (ok / all)} width={width} height={(high / 2) * (ok / all)} />}
              {bad === 0 ? null : <rect class="bad" x={left} y="0" width={width} height={(high / 2) * (bad / all)} />}
            </g>
          )
        })}
      </svg>
      <p class="small muted spread">
        <span>{shortTimeText(first.at)}</span>
        <span>{said}: failed above, passed below</span>
        <span>{shortTimeText(last.at)}</span>
      </p>
    </section>
  )
}
