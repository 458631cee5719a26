import uPlot from 'uplot'
import type { SeriesPoint } from '../../engine/history-port.ts'
import { failureBars } from './failure-bars.ts'
import { type ChartMode, columnsOf, phases } from './columns.ts'
import './plot.css'

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

/** A point without neighbours makes no line: it is drawn by itself. */
const alone: uPlot.Series.Points.Filter = (plot, seriesIndex) => {
  const values = plot.data[seriesIndex] ?? []
  const isThere = (index: number): boolean => typeof values[index] === 'number'
  return Array.from(values, (_value, index) => index).filter((index) => isThere(index) && !isThere(index - 1) && !isThere(index + 1))
}
const points: uPlot.Series.Points = { show: true, size: 5, filter: alone }

const latencySeries = (): uPlot.Series[] => [
  { label: 'median', stroke: colour('--ok'), width: 2, spanGaps: false, points },
  { label: '95th percentile', stroke: colour('--held'), width: 1.5, dash: [6, 3], spanGaps: false, points },
  { label: 'slowest', stroke: colour('--edge'), width: 1, dash: [1, 3], spanGaps: false, points },
]

/** Stacked: each band ends where the next begins. Drawn from the widest to the narrowest. */
const phaseSeries = (): uPlot.Series[] =>
  phases.toReversed().map(({ label, tone, dash }) => ({ label, stroke: colour(tone), fill: `${colour(tone)}33`, width: 1.5, dash: [...dash], spanGaps: false, points }))

const msText = (value: number | null): string => (value === null ? '–' : `${value > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ms`)

/** Draws the chart into an element; what is returned takes it away. */
export const drawPlot = (element: HTMLElement, series: readonly SeriesPoint[], mode: ChartMode, stepMs: number, range: readonly [number, number]): (() => void) => {
  const columns = columnsOf(series, mode, stepMs)
  const axis = { stroke: colour('--muted'), grid: { stroke: colour('--line'), width: 1 }, ticks: { stroke: colour('--line'), width: 1 }, font: `12px ${colour('--sans')}` }
  const size = () => ({ width: Math.max(200, element.clientWidth), height: element.clientWidth < 500 ? 200 : 260 })
  const plot = new uPlot(
    {
      ...size(),
      padding: [8, 20, 0, 0],
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
      legend: { show: false },
      scales: { x: { time: true, range: [range[0] / 1000, range[1] / 1000] }, y: { range: (_plot, _min, max) => [0, Number.isFinite(max) && max > 0 ? max * 1.15 : 100] } },
      axes: [
        { ...axis, space: 64, ...timeAxis(range) },
        { ...axis, size: 64, values: (_plot, values) => values.map((value) => msText(value)) },
      ],
      series: [{}, ...(mode === 'latency' ? latencySeries() : phaseSeries())],
      plugins: [failureBars(series, stepMs, colour('--bar-bad'))],
    },
    columns,
    element,
  )
  const observer = new ResizeObserver(() => {
    const { width, height } = size()
    if (width !== plot.width || height !== plot.height) plot.setSize({ width, height })
  })
  observer.observe(element)
  return () => {
    observer.disconnect()
    plot.destroy()
  }
}

const dayMs = 86_400_000

/** Times of day where they tell apart, days where they do. */
const timeAxis = ([from, to]: readonly [number, number]): { readonly values: (plot: uPlot, splits: number[]) => string[] } => {
  const isLong = to - from > 2 * dayMs
  const format = new Intl.DateTimeFormat('en-GB', isLong ? { day: 'numeric', month: 'short' } : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return { values: (_plot, splits) => splits.map((split) => format.format(new Date(split * 1000))) }
}
