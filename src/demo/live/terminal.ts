import { writeSync } from 'node:fs'
import type { Screen } from './render.ts'

export type TerminalInput = typeof process.stdin
export type TerminalOutput = typeof process.stdout

/** A terminal of which the whole screen is ours for a while. */
export interface Terminal {
  screen(): Screen
  /** Shows these lines and nothing else; what is shown already is not written again. */
  draw(lines: readonly string[]): void
  /** Gives it back as it was; safe to repeat, and from within a crash. */
  restore(): void
}

export interface TerminalEvents {
  /** One key as it was typed; several at once come one by one. */
  readonly onKey: (key: string) => void
  readonly onResize: () => void
  /** Nobody is there any more. */
  readonly onGone: () => void
}

const enter = '\u001B[?1049h\u001B[?25l'
const leave = '\u001B[?25h\u001B[?1049l'

const keyPattern = new RegExp(String.raw`\u001B(?:\[[\d;]*[A-Za-z~]|O[A-Z])|[^]`, 'gu')

/** Arrows and the like come as several characters that are one key. */
const keysIn = (text: string): readonly string[] => text.match(keyPattern) ?? []

const orElse = (size: number | undefined, usual: number): number => (size === undefined || size <= 0 ? usual : size)

/** Takes the alternate screen and every key. Whoever opens it restores it. */
export const openTerminal = (stdin: TerminalInput, stdout: TerminalOutput, events: TerminalEvents): Terminal => {
  let shown = ''
  let isOpen = true
  const onData = (chunk: string): void => {
    for (const key of keysIn(chunk)) events.onKey(key)
  }
  const onResize = (): void => {
    shown = ''
    events.onResize()
  }
  stdin.setEncoding('utf8').on('data', onData).on('end', events.onGone).on('error', events.onGone)
  stdout.on('resize', onResize).on('error', events.onGone)
  stdin.setRawMode(true)
  stdin.resume()
  stdout.write(enter)

  return {
    screen: () => ({ rows: orElse(stdout.rows, 24), columns: orElse(stdout.columns, 80) }),
    draw: (lines) => {
      const text = `\u001B[H${lines.map((line) => `${line}\u001B[K`).join('\r\n')}\u001B[J`
      if (!isOpen || text === shown) return
      shown = text
      stdout.write(text)
    },
    restore: () => {
      if (!isOpen) return
      isOpen = false
      stdin.off('data', onData).off('end', events.onGone)
      stdout.off('resize', onResize)
      try {
        stdin.setRawMode(false)
        stdin.pause()
        writeSync(stdout.fd, leave)
      } catch {
        // The terminal is gone: there is nothing left to give back.
      }
    },
  }
}
