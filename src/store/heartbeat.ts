import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { unseenSocket } from './unseen-socket.ts'

/**
 * How a service that runs says how it does: by a socket, `health.sock` in its state directory, which it answers itself. So
 * neither a clock that steps nor a full disk can make it look dead, nor a file look alive that a killed process left
 * behind. Where the directory takes no socket, it has an abstract name.
 */
const socketFile = (dir: string): string => join(dir, 'health.sock')
/** Bytes of a socket's path that every system takes (`sun_path`). */
const longestPath = 100

interface Listening {
  readonly server: Server
  /** Those who have not hung up yet. */
  readonly sockets: ReadonlySet<Socket>
}

const listen = async (path: string, answer: () => string): Promise<Listening | undefined> => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined)
    socket.end(`${answer()}\n`)
  })
  try {
    server.listen({ path, exclusive: true })
    await once(server, 'listening')
  } catch {
    return undefined
  }
  server.on('error', () => undefined)
  server.unref()
  return { server, sockets }
}

/**
 * Answers everyone who asks with one line, until closed. Only for the holder of the directory's lock: a socket that is
 * there is taken for a dead one's. Undefined if there is no way to listen.
 */
export const answerHealth = async (dir: string, answer: () => string): Promise<{ close(): Promise<void> } | undefined> => {
  const file = socketFile(dir)
  const isShort = Buffer.byteLength(file) <= longestPath
  await rm(file, { force: true }).catch(() => undefined)
  const unseen = await unseenSocket(dir, 'health')
  const listening = (isShort ? await listen(file, answer) : undefined) ?? (unseen === undefined ? undefined : await listen(unseen, answer))
  if (listening === undefined) return undefined
  const { server, sockets } = listening
  return {
    close: async () => {
      server.close()
      // Who has asked and does not hang up does not hold up the end.
      for (const socket of sockets) socket.destroy()
      await once(server, 'close')
    },
  }
}

export type HealthAnswer =
  | { readonly kind: 'answer'; readonly text: string }
  /** Nobody listens: it does not run. */
  | { readonly kind: 'nobody' }
  /** Somebody listens and says nothing: its loop stands still. */
  | { readonly kind: 'silent' }

const longestAnswer = 1_000_000

const askOne = (path: string, timeoutMs: number): Promise<HealthAnswer> =>
  new Promise((resolve) => {
    const socket = connect(path)
    let text = ''
    const end = (answer: HealthAnswer): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answer)
    }
    const timer = setTimeout(() => end({ kind: 'silent' }), timeoutMs)
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part
      if (text.length > longestAnswer) end({ kind: 'silent' })
    })
    socket.once('end', () => end(text.endsWith('\n') ? { kind: 'answer', text: text.trim() } : { kind: 'silent' }))
    socket.once('error', (error: NodeJS.ErrnoException) => end({ kind: error.code === 'ECONNRESET' || error.code === 'EAGAIN' ? 'silent' : 'nobody' }))
  })

/** Asks the service of a state directory how it does. */
export const askHealth = async (dir: string, timeoutMs: number): Promise<HealthAnswer> => {
  const unseen = await unseenSocket(dir, 'health')
  const file = socketFile(dir)
  const places = [...(Buffer.byteLength(file) <= longestPath ? [file] : []), ...(unseen === undefined ? [] : [unseen])]
  for (const place of places) {
    const answer = await askOne(place, timeoutMs)
    if (answer.kind !== 'nobody') return answer
  }
  return { kind: 'nobody' }
}
