import type { JSX } from 'preact'
import { timeText } from '../format/clock-text.ts'
import { barHeight, type CheckLook, resultsText } from '../format/fold-results.ts'
import { spanText } from '../format/span-text.ts'

const slots = 60
const wide = 6

const lookText = ({ at, kind, cause, ms }: CheckLook): string => {
  const what = kind === 'ok' ? `passed in ${spanText(ms)}` : kind === 'failed' ? `failed: ${cause ?? 'no cause'}, after ${spanText(ms)}` : `could not tell: ${cause ?? 'no cause'}`
  return `${timeText(at)} ${what}`
}

/** The last checks, the newest at the right. What passed stands as high as it took; what failed goes from edge to edge. */
export const Strip = ({ results }: { readonly results: readonly CheckLook[] }): JSX.Element => {
  const shown = results.slice(-slots)
  const most = Math.max(1, ...shown.flatMap(({ kind, ms }) => (kind === 'ok' ? [ms] : [])))
  return (
    <svg class="strip" viewBox={`0 0 ${slots * wide} 32`} preserveAspectRatio="none" role="img" aria-label={resultsText(shown)}>
      {shown.map((each, index) => {
        const x = (slots - shown.length + index) * wide
        const height = each.kind === 'ok' ? barHeight(each.ms, most) * 32 : each.kind === 'failed' ? 32 : 8
        return (
          <g key={`${each.at} ${index}`} class={`look-${each.kind}`}>
            <title>{lookText(each)}</title>
            <rect class="reach" x={x} y="0" width={wide} height="32" />
            <rect class="bar" x={x + 0.75} y={32 - height} width={wide - 1.5} height={height} />
          </g>
        )
      })}
    </svg>
  )
}
