/** The part of a stream that is needed to know when it has nothing left to write. */
export interface Drainable {
  readonly writableLength: number
  readonly destroyed: boolean
  write(text: string, done: () => void): unknown
  once(event: 'close', listener: () => void): unknown
}

/**
 * Settles when all that was written to a stream has left the process, its reader has gone away, or `boundMs` are over:
 * what waits for a slow reader of a pipe is lost when the process exits. Never rejects.
 */
export const drained = (stream: Drainable, boundMs: number): Promise<void> =>
  new Promise((resolve) => {
    if (stream.destroyed || stream.writableLength === 0) return resolve()
    const timer = setTimeout(resolve, boundMs)
    const done = (): void => {
      clearTimeout(timer)
      resolve()
    }
    stream.once('close', done)
    stream.write('', done)
  })
