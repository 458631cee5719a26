import { join } from 'node:path'
import { ApiError } from '../../api/api-error.ts'
import type { ApiParts } from '../../api/api-parts.ts'
import { type Api, startApi } from '../../api/start-api.ts'
import type { Log } from '../../compose/log.ts'
import type { Config } from '../../config/config.ts'
import { endpointText } from '../../core/endpoint.ts'
import { fingerprint } from '../fingerprint.ts'
import { apiRules } from './api-rules.ts'

/** Bytes of a socket's path that every system takes (`sun_path`). */
const longestPath = 100

/** The ways in: a port, as the config has it, and a socket in the state directory for who may open its files. */
export interface ApiDoors {
  /** Other rules, or another port, from now on. A port that cannot be had leaves the one before open. */
  follow(config: Config): Promise<void>
  close(): Promise<void>
}

/** Where the socket is; undefined: its path would be too long. */
export const apiSocket = (stateDir: string): string | undefined => {
  const path = join(stateDir, 'api.sock')
  return Buffer.byteLength(path) <= longestPath ? path : undefined
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const openSocket = async (config: Config, parts: ApiParts, log: Log): Promise<Api | undefined> => {
  const socket = apiSocket(config.stateDir)
  if (socket === undefined) {
    log('warn', `the path of the state directory is too long for a socket in it: the command line must use the HTTP API with a token (--url)`, { event: 'no-socket' })
    return undefined
  }
  try {
    return await startApi(parts, { ...apiRules(config), socket })
  } catch (error) {
    log('warn', `no socket for the command line: ${textOf(error)}`, { event: 'no-socket' })
    return undefined
  }
}

const openPort = async (config: Config, parts: ApiParts, log: Log): Promise<Api | undefined> => {
  const { listen } = config.api
  if (listen === undefined) return undefined
  const api = await startApi(parts, { ...apiRules(config), listen })
  const at = api.endpoint === undefined ? '' : endpointText({ ...listen, port: api.endpoint.port })
  log('info', `the HTTP API listens on ${at}`, { event: 'api', listen: at })
  return api
}

/**
 * Opens what the config says.
 * @throws ApiError if a port that the config names cannot be had; one that is only the default is done without.
 */
export const openApiDoors = async (config: Config, parts: ApiParts, log: Log): Promise<ApiDoors> => {
  const openOrWarn = async (to: Config): Promise<Api | undefined> => {
    try {
      return await openPort(to, parts, log)
    } catch (error) {
      if (to.api.isListenExplicit || !(error instanceof ApiError)) throw error
      log('warn', `${textOf(error)}; the service goes on without a port, for "api.listen" is not set. The command line uses the socket in the state directory`, { event: 'no-api' })
      return undefined
    }
  }
  let port = await openOrWarn(config)
  /** What the config said of the port that is open now. */
  let at: string | undefined = fingerprint(config.api.listen)
  const socket = await openSocket(config, parts, log)

  /** A token that is gone opens nothing any more, also where this was to listen no longer. */
  const stay = async (next: Config): Promise<void> => {
    try {
      port?.update(apiRules(next))
    } catch (error) {
      log('error', `the HTTP API is closed: ${textOf(error)}`, { event: 'api' })
      await port?.close()
      port = undefined
      at = undefined
    }
  }

  return {
    follow: async (next) => {
      const to = fingerprint(next.api.listen)
      socket?.update(apiRules(next))
      if (to === at) return port?.update(apiRules(next))
      try {
        const before = port
        port = await openOrWarn(next)
        at = to
        await before?.close()
      } catch (error) {
        log('error', `the HTTP API stays where it was: ${textOf(error)}`, { event: 'api' })
        await stay(next)
      }
    },
    close: async () => {
      await Promise.all([port?.close(), socket?.close()])
    },
  }
}
