import type uPlot from 'uplot'
import type { SeriesPoint } from '../../engine/history-port.ts'

/** Where checks failed, a bar stands on the time axis, as high as the share of them: beside the lines, not among them. */
export const failureBars = (points: readonly SeriesPoint[], stepMs: number, colour: string): uPlot.Plugin => ({
  hooks: {
    drawClear: (plot) => {
      const { ctx, bbox } = plot
      ctx.save()
      ctx.beginPath()
      ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
      ctx.clip()
      ctx.fillStyle = colour
      for (const { at, ok, failed } of points) {
        if (failed === 0) continue
        const from = plot.valToPos(Date.parse(at) / 1000, 'x', true)
        const to = plot.valToPos((Date.parse(at) + stepMs) / 1000, 'x', true)
        const height = Math.max(6, bbox.height * 0.3 * (failed / (ok + failed)))
        ctx.fillRect(from, bbox.top + bbox.height - height, Math.max(2, to - from - 1), height)
      }
      ctx.restore()
    },
  },
})
