import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'

/** Bytes of a socket's path that every system takes (`sun_path`). */
const longestPath = 100

/**
 * Runs `use` with a path to the socket that is short enough: where the real one is too long, through a descriptor of
 * its directory, which Linux offers as a path.
 */
const withPath = async <T>(dir: string, name: string, use: (path: string) => Promise<T>): Promise<T> => {
  const path = join(dir, name)
  if (Buffer.byteLength(path) <= longestPath || process.platform !== 'linux') return use(path)
  const handle = await open(dir, 'r')
  try {
    return await use(`/proc/self/fd/${handle.fd}/${name}`)
  } finally {
    await handle.close()
  }
}

/**
 * Listens, for nothing but to be there: however this process ends, the kernel stops it. Undefined where the file
 * system has no sockets. Does not keep the process alive.
 */
export const listenForLife = (dir: string, name: string): Promise<(() => Promise<void>) | undefined> =>
  withPath(dir, name, async (path) => {
    const server = createServer((socket) => socket.destroy())
    try {
      server.listen({ path, exclusive: true })
      await once(server, 'listening')
    } catch {
      return undefined
    }
    server.unref()
    return async () => {
      server.close()
      await once(server, 'close')
    }
  })

/** Whether somebody listens there; a stopped (SIGSTOP) process does. In doubt, yes. */
export const isListening = (dir: string, name: string): Promise<boolean> =>
  withPath(
    dir,
    name,
    (path) =>
      new Promise((resolve) => {
        const socket = connect(path)
        socket.once('connect', () => {
          socket.destroy()
          resolve(true)
        })
        socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'))
      }),
  )
