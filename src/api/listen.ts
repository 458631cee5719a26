import { once } from 'node:events'
import { lstat, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { ApiError, type ApiErrorCode } from './api-error.ts'

/** Bytes of a socket's path that every system takes (`sun_path`). */
const longestPath = 100

const advice: Readonly<Record<string, readonly [ApiErrorCode, string]>> = {
  EADDRINUSE: ['address-in-use', 'another program listens there; end it, or set another port at api.listen'],
  EADDRNOTAVAIL: ['address-not-available', 'this machine has no such address; set api.listen to one that it has'],
  EACCES: ['not-permitted', 'this user may not; take a port above 1023'],
}

/** Resolves with where it listens. @throws ApiError */
export const listenOn = async (server: Server, { address, port }: { readonly address: string; readonly port: number }): Promise<{ readonly address: string; readonly port: number }> => {
  try {
    server.listen({ host: address, port, exclusive: true })
    await once(server, 'listening')
  } catch (error) {
    const cause = error as NodeJS.ErrnoException
    const [code, what] = advice[cause.code ?? ''] ?? ['io', cause.message]
    throw new ApiError(`the API cannot listen on ${address} port ${port}: ${what}`, { code, where: `${address}:${port}`, cause: error })
  }
  const bound = server.address() as AddressInfo
  return { address: bound.address, port: bound.port }
}

const isAnswered = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    // Only a refusal says that nobody is there: who is there and cannot take one more (EAGAIN) is there.
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'))
  })

/** What a process that was killed left behind goes; anything else stays as it is. */
const clearTheWay = async (path: string): Promise<void> => {
  const found = await lstat(path).catch(() => undefined)
  if (found === undefined) return
  if (!found.isSocket()) throw new ApiError(`${path} is there and is no socket: move it away`, { code: 'socket-unusable', where: path })
  if (await isAnswered(path)) throw new ApiError(`another program answers at the socket ${path}`, { code: 'socket-in-use', where: path })
  await rm(path, { force: true })
}

/**
 * From its first moment on only its owner may open the file: who can, may operate. Its end takes the file away.
 * @throws ApiError
 */
export const listenAt = async (server: Server, path: string): Promise<void> => {
  if (Buffer.byteLength(path) > longestPath) {
    throw new ApiError(`the path of the socket ${path} is too long: no more than ${longestPath} bytes`, { code: 'socket-unusable', where: path })
  }
  await clearTheWay(path)
  const listening = once(server, 'listening')
  // The file is made at once, with what the mask leaves of its permissions.
  const mask = process.umask(0o177)
  server.listen({ path, exclusive: true })
  process.umask(mask)
  try {
    await listening
    const { mode } = await lstat(path)
    if ((mode & 0o077) !== 0) throw new Error(`others may open it (mode ${(mode & 0o777).toString(8)})`)
  } catch (error) {
    server.close()
    throw new ApiError(`the API cannot use the socket ${path}: ${(error as Error).message}`, { code: 'socket-unusable', where: path, cause: error })
  }
}
