import { type ApiClient, createApiClient } from '../../api/client.ts'
import { loadConfig, type LoadedConfig, type LoadedGood } from '../../config/load-config.ts'
import { redactor, type SecretWord } from '../../config/redact.ts'
import { Secret } from '../../config/secret.ts'
import { apiSocket } from '../service/api-doors.ts'
import type { LockHolder } from '../../store/lock.ts'
import { lockHolder } from '../../store/lock-status.ts'
import { whoami } from '../whoami.ts'
import { refusal, type Refused } from './answer.ts'
import { chooseTarget, type LinkOptions } from './choose-target.ts'
import { reachSocket } from './reach-socket.ts'
import { readToken } from './read-token.ts'

/** Whom a verb asks. */
export type Link =
  /** `loaded`: where a config led there. */
  | { readonly kind: 'service'; readonly client: ApiClient; readonly loaded: LoadedGood | undefined }
  /** No service runs on this state directory, as far as its socket tells: the lock says for sure. */
  | { readonly kind: 'none'; readonly loaded: LoadedGood; /** Who has the lock all the same. */ readonly holder: LockHolder | undefined }
  | { readonly kind: 'failed'; readonly refused: Refused | undefined }

export interface Opened {
  readonly link: Link
  /** Undefined: none was needed, or asked for. */
  readonly loaded: LoadedConfig | undefined
  /** Takes secrets out of what is printed. */
  redact(text: string): string
}

/** `confirmSpan` where the config says nothing and no service has been watching: one run is all the evidence that there is. */
const confirmSpanMs = 2_000

const plain = (text: string): string => text

const wordOf = (token: Secret): SecretWord => ({ word: new Secret(token.reveal().toLowerCase()), shown: '[token]' })

const failed = (refused: Refused | undefined, loaded?: LoadedConfig): Opened => ({ link: { kind: 'failed', refused }, loaded, redact: loaded?.redact ?? plain })

const openUrl = async (url: string, tokenFile: string | undefined, env: NodeJS.ProcessEnv): Promise<Opened> => {
  const read = await readToken(tokenFile, env)
  if (read.kind === 'wrong') return failed(refusal('token', read.message))
  const { token } = read
  const client = createApiClient({ at: { url }, token: token?.reveal(), actor: whoami(env) })
  return { link: { kind: 'service', client, loaded: undefined }, loaded: undefined, redact: token === undefined ? plain : redactor([wordOf(token)]) }
}

const openSocket = async (file: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Opened> => {
  const loaded = await loadConfig(file, env, { defaults: { confirmSpanMs } })
  if (!loaded.ok) return failed(undefined, loaded)
  const { redact } = loaded
  const { stateDir } = loaded.config
  const none = async (): Promise<Opened> => ({ link: { kind: 'none', loaded, holder: await lockHolder(stateDir, Date.now()).catch(() => undefined) }, loaded, redact })
  const socketPath = apiSocket(stateDir)
  if (socketPath === undefined) return none()
  const client = createApiClient({ at: { socketPath }, actor: whoami(env) })
  const reached = await reachSocket(socketPath, client, signal)
  if (reached.kind === 'service') return { link: { kind: 'service', client, loaded }, loaded, redact }
  await client.close()
  return reached.kind === 'nobody' ? none() : failed(refusal('unreachable', reached.detail), loaded)
}

/**
 * Finds the service: at a URL, or at the socket in the state directory of a config. Never goes past a service that runs
 * but cannot be asked. Whoever gets a client closes it. Rejects only for the signal's reason.
 */
export const openLink = async (options: LinkOptions, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<Opened> => {
  const target = chooseTarget(options, env)
  switch (target.kind) {
    case 'wrong':
      return failed(refusal('usage', target.message))
    case 'url':
      return openUrl(target.url, options.tokenFile, env)
    case 'config':
      return openSocket(target.file, env, signal)
  }
}
