import type { Socket } from 'node:net'

/** Opens a connection, and hands it over once it can be written to; undefined if it cannot be opened. Calls back once; gives up when the signal aborts, or soon after. */
export type Dial = (done: (socket: Socket | undefined) => void, signal: AbortSignal) => void

/** One connection that is opened ahead of a call, so that the call need not wait for it. */
export interface SpareConnection {
  /** Begins to open one, unless there is one. */
  open(): void
  /** The one that is open, to be the caller's from then on; one that nobody takes in time is closed. */
  take(): Socket | undefined
  /** For good. */
  close(): void
}

/** Less than the time after which any server closes a connection on which nothing is said (BIND: 2.5 s at least). Milliseconds. */
const keptMs = 2_000

const ignore = (): void => undefined

export const createSpareConnection = (dial: Dial): SpareConnection => {
  let spare: { readonly socket: Socket; readonly since: number; readonly timer: NodeJS.Timeout } | undefined
  let isOpening = false
  const over = new AbortController()

  const letGo = (): Socket | undefined => {
    const socket = spare?.socket
    clearTimeout(spare?.timer)
    socket?.off('close', letGo)
    spare = undefined
    return socket
  }
  const drop = (): void => void letGo()?.destroy()

  const keep = (socket: Socket | undefined): void => {
    isOpening = false
    if (socket === undefined || over.signal.aborted || socket.destroyed) return void socket?.destroy()
    // Stays for whoever takes it, too: an error may come before they listen.
    socket.on('error', ignore)
    socket.on('close', letGo)
    spare = { socket, since: performance.now(), timer: setTimeout(drop, keptMs).unref() }
  }

  return {
    open: () => {
      if (over.signal.aborted || isOpening || spare !== undefined) return
      isOpening = true
      dial(keep, over.signal)
    },
    take: () => {
      if (spare === undefined) return undefined
      // This process may have been stopped for longer than a timer shows.
      if (performance.now() - spare.since > keptMs || !spare.socket.writable || !spare.socket.readable) {
        drop()
        return undefined
      }
      return letGo()
    },
    close: () => {
      over.abort()
      drop()
    },
  }
}
