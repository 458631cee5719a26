import type { Clock } from '../engine/ports.ts'
import type { ReconcileIo } from './reconcile.ts'

interface ScreenOptions {
  readonly io: Pick<ReconcileIo, 'stdout' | 'rows'>
  readonly everyMs: number
  readonly clock: Pick<Clock, 'sleep'>
}

const hideCursor = '\u001B[?25l'
const showCursor = '\u001B[?25h'
const clear = '\u001B[2J'
const home = '\u001B[H'
const eraseLine = '\u001B[K'
const eraseBelow = '\u001B[J'

/** Draws a text over the one before, without a flicker, as much of it as the screen has room for. */
const frame = (text: string, rows: number): string => {
  const lines = text.replace(/\n$/, '').split('\n')
  const fits = lines.length <= rows - 1
  const shown = fits ? lines : [...lines.slice(0, Math.max(1, rows - 2)), `… ${lines.length - Math.max(1, rows - 2)} more lines`]
  return `${home}${shown.map((line) => `${line}${eraseLine}\n`).join('')}${eraseBelow}`
}

/** Draws again and again until the signal aborts; the cursor comes back, below the last frame. */
export const watchScreen = async ({ io, everyMs, clock }: ScreenOptions, signal: AbortSignal, draw: () => Promise<string>): Promise<void> => {
  io.stdout(`${hideCursor}${clear}`)
  try {
    while (!signal.aborted) {
      const text = await draw()
      if (signal.aborted) break
      io.stdout(frame(text, io.rows?.() ?? 24))
      await clock.sleep(everyMs, signal)
    }
  } finally {
    io.stdout(showCursor)
  }
}
