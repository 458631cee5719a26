import type { WaitStand } from './drain-wait.ts'
import { printable } from './render/style.ts'

const barWidth = 20
const phases: Readonly<Record<WaitStand['phase'], string>> = {
  held: 'held',
  withdrawing: 'withdrawing',
  spreading: 'name servers',
  expiring: 'caches',
  safe: 'safe',
  unreachable: 'no answer',
}

const bar = (done: number): string => {
  const filled = Math.floor(done * barWidth)
  return `[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}]`
}

/** How far a drain is, in so many columns. */
export const waitText = ({ phase, text, done }: WaitStand, columns: number): string => {
  const line = `${bar(done ?? 0)} ${phases[phase]}: ${printable(text)}`
  return line.length <= columns ? line : `${line.slice(0, Math.max(0, columns - 1))}…`
}

/** Shows how far a drain is: one line on a terminal that takes itself away, otherwise a line each time that the phase changes. */
export const createWaitLine = (io: { stderr(text: string): void; readonly isWatched: boolean; readonly columns?: (() => number) | undefined }) => {
  let told: string | undefined
  let isDrawn = false
  return {
    show: (stand: WaitStand): void => {
      if (io.isWatched) {
        isDrawn = true
        io.stderr(`\r\u001B[K${waitText(stand, (io.columns?.() ?? 80) - 1)}`)
        return
      }
      if (told === stand.phase) return
      told = stand.phase
      io.stderr(`${phases[stand.phase]}: ${printable(stand.text)}\n`)
    },
    stop: (): void => {
      if (isDrawn) io.stderr('\r\u001B[K')
      isDrawn = false
    },
  }
}
