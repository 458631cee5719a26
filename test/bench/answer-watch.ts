import { createSocket, type Socket } from 'node:dgram'
import { decode, encode } from 'dns-packet'
import { siteName } from './peers/checker.ts'
import { monotonicMs } from './process-cost.ts'

/** An answer that is not the one before. */
export interface AnswerChange {
  /** Monotonic milliseconds; when it came. */
  readonly at: number
  readonly values: readonly string[]
}

/** Asks a name server for the site, time and again. */
export interface AnswerWatch {
  now(): readonly string[]
  changes(): readonly AnswerChange[]
  /** Waits for an answer since a moment that is so; resolves with when it came, undefined after `waitMs` without one. */
  first(since: number, isSo: (values: readonly string[]) => boolean, waitMs: number): Promise<number | undefined>
  close(): void
}

const askEachMs = 5

const question = encode({ type: 'query', id: 1, questions: [{ name: siteName, type: 'A' }] })

/** Empty for an answer that says it has none, or a failure: visitors get nothing. */
const valuesIn = (message: Buffer): readonly string[] => (decode(message).answers ?? []).flatMap((record) => (record.type === 'A' ? [record.data] : [])).toSorted()

const connected = (host: string, port: number): Promise<Socket> =>
  new Promise((resolve) => {
    const socket = createSocket('udp4')
    socket.on('error', () => undefined)
    socket.connect(port, host, () => resolve(socket))
  })

export const watchAnswers = async (host: string, port: number): Promise<AnswerWatch> => {
  const socket = await connected(host, port)
  const changes: AnswerChange[] = []
  const waiting = new Set<() => void>()
  let last = Buffer.alloc(0)
  socket.on('message', (message) => {
    const at = monotonicMs()
    if (message.equals(last)) return
    last = message
    const values = valuesIn(message)
    if (values.join() === changes.at(-1)?.values.join()) return
    changes.push({ at, values })
    for (const look of waiting) look()
  })
  const timer = setInterval(() => socket.send(question, () => undefined), askEachMs)
  const now = (): readonly string[] => changes.at(-1)?.values ?? []
  return {
    now,
    changes: () => changes,
    first: (since, isSo, waitMs) =>
      new Promise((resolve) => {
        const found = (): number | undefined => {
          if (changes.length > 0 && isSo(now()) && (changes.at(-1)?.at ?? 0) <= since) return since
          return changes.find(({ at, values }) => at >= since && isSo(values))?.at
        }
        const end = (at: number | undefined): void => {
          clearTimeout(late)
          waiting.delete(look)
          resolve(at)
        }
        const look = (): void => {
          const at = found()
          if (at !== undefined) end(at)
        }
        const late = setTimeout(end, waitMs, undefined)
        waiting.add(look)
        look()
      }),
    close: () => {
      clearInterval(timer)
      socket.close()
    },
  }
}
