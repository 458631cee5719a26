import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface Stream {
  readonly response: Response
  /** All that has come, as it comes. */
  readonly text: () => string
  /** Resolves with the ids of the events once so many are there, or with those that came before the end. */
  ids(count: number): Promise<readonly number[]>
  readonly ended: Promise<void>
}

/** Reads server-sent events. */
export const readEvents = async (url: string, headers: Readonly<Record<string, string>> = {}): Promise<Stream> => {
  const ending = new AbortController()
  onTestFinished(() => ending.abort())
  const response = await fetch(url, { headers: { accept: 'text/event-stream', ...headers }, signal: ending.signal })
  let text = ''
  let wake = (): void => undefined
  const all = (): readonly number[] => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))
  const state = { isOver: false }
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder()
    try {
      for await (const part of response.body ?? []) {
        text += decoder.decode(part as Uint8Array, { stream: true })
        wake()
      }
    } catch {
      // A connection that is cut is an end as well.
    }
    state.isOver = true
    wake()
  }
  const ended = read()
  return {
    response,
    text: () => text,
    ended,
    ids: async (count) => {
      while (all().length < count && !state.isOver) {
        // oxlint-disable-next-line no-await-in-loop
        await new Promise<void>((resolve) => (wake = resolve))
      }
      return all()
    },
  }
}

/** A connection that sends what it is told, as it is. */
export const rawConnection = async (port: number, bytes: string | Uint8Array): Promise<{ readonly socket: Socket; readonly closed: Promise<string> }> => {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  let text = ''
  socket.on('data', (part) => (text += part.toString('latin1')))
  socket.on('error', () => undefined)
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve(text)))
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()))
  socket.write(bytes)
  return { socket, closed }
}
