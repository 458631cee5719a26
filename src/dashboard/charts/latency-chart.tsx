import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { SeriesPoint } from '../../engine/history-port.ts'
import { momentText } from '../format/clock-text.ts'
import { spanText } from '../format/span-text.ts'
import { serviceNow } from '../store/now.ts'
import { theme } from '../store/theme.ts'
import { type ChartMode, phases } from './columns.ts'
import type { ChartRange } from './ranges.ts'

interface Props {
  readonly points: readonly SeriesPoint[]
  readonly mode: ChartMode
  readonly range: ChartRange
  readonly label: string
}

const ms = (value: number | undefined | null): string => (value === undefined || value === null ? '–' : spanText(value))

const summaryOf = (points: readonly SeriesPoint[]): string => {
  const passed = points.flatMap(({ latency }) => (latency === null ? [] : [latency]))
  const failed = points.reduce((sum, point) => sum + point.failed, 0)
  if (passed.length === 0) return failed === 0 ? 'no check is kept of this time' : `none passed, ${failed} failed`
  const medians = passed.map(({ p50Ms }) => p50Ms).toSorted((a, b) => a - b)
  const middle = medians[Math.floor(medians.length / 2)]
  return `median ${ms(middle)}, slowest ${ms(Math.max(...passed.map(({ maxMs }) => maxMs)))}, ${failed} failed checks`
}

/** The same as numbers, for who does not see the chart, or wants to know exactly. */
const Table = ({ points, mode, label }: Omit<Props, 'range'>): JSX.Element => (
  <details>
    <summary class="small">As a table</summary>
    {/* What scrolls must be reachable by keyboard. */}
    {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
    <div class="scroll-x" tabIndex={0} role="region" aria-label={`${label}, as a table`}>
      <table class="small numbers">
        <thead>
          <tr>
            <th scope="col">From</th>
            <th scope="col">Passed</th>
            <th scope="col">Failed</th>
            {mode === 'latency' ? ['Median', '95 %', 'Slowest'].map((name) => <th scope="col" key={name}>{name}</th>) : phases.map(({ key, label: name }) => <th scope="col" key={key}>{name}</th>)}
            <th scope="col">Causes</th>
          </tr>
        </thead>
        <tbody>
          {points.toReversed().map(({ at, ok, failed, latency, phases: means, causes }) => (
            <tr key={at}>
              <th scope="row" class="nowrap">{momentText(at, serviceNow())}</th>
              <td>{ok}</td>
              <td>{failed}</td>
              {mode === 'latency' ? [latency?.p50Ms, latency?.p95Ms, latency?.maxMs].map((value, index) => <td key={index} class="nowrap">{ms(value)}</td>) : phases.map(({ key }) => <td key={key} class="nowrap">{ms(means[key])}</td>)}
              <td>{Object.entries(causes).map(([cause, count]) => `${cause} ${count}`).join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </details>
)

/** Latency over time; uPlot comes with the first chart that is looked at. */
export const LatencyChart = ({ points, mode, range, label }: Props): JSX.Element => {
  const element = useRef<HTMLDivElement>(null)
  const colours = theme.value
  useEffect(() => {
    let isOver = false
    let remove: (() => void) | undefined
    const draw = async (): Promise<void> => {
      const { drawPlot } = await import('./plot.ts')
      remove?.()
      remove = undefined
      const end = serviceNow()
      if (!isOver && element.current !== null) remove = drawPlot(element.current, points, mode, range.stepMs, [end - range.sinceMs, end])
    }
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const again = (): void => void draw()
    void draw()
    dark.addEventListener('change', again)
    return () => {
      isOver = true
      dark.removeEventListener('change', again)
      remove?.()
    }
  }, [points, mode, range, colours])

  return (
    <figure class="chart stack">
      <div ref={element} class="plot" role="img" aria-label={`${label}: ${summaryOf(points)}`} />
      <figcaption class="small muted spread">
        <span>{summaryOf(points)}</span>
        <ul class="keys">
          {(mode === 'latency' ? [{ label: 'median', tone: '--ok', line: 'solid' }, { label: '95th percentile', tone: '--held', line: 'dashed' }, { label: 'slowest', tone: '--edge', line: 'dotted' }] : phases.map((phase, index) => ({ label: phase.label, tone: phase.tone, line: ['solid', 'dashed', 'dashed', 'dotted'][index] ?? 'solid' }))).map((key) => (
            <li key={key.label}>
              <i style={{ borderTopColor: `var(${key.tone})`, borderTopStyle: key.line }} />
              {key.label}
            </li>
          ))}
          <li>
            <i class="failed" />
            failed
          </li>
        </ul>
      </figcaption>
      <Table points={points} mode={mode} label={label} />
    </figure>
  )
}
