/** How to find whom to ask, as the command line has it. */
export interface LinkOptions {
  /** The config's file. */
  readonly config?: string | undefined
  readonly url?: string | undefined
  readonly tokenFile?: string | undefined
}

export type Target =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'config'; readonly file: string }
  | { readonly kind: 'wrong'; readonly message: string }

const wrong = (message: string): Target => ({ kind: 'wrong', message })

const neither = 'say whom to ask: --config FILE for the service on this machine (or none), or --url URL (or DNS_FAILOVER_URL) for one elsewhere'

const urlTarget = (text: string, from: string): Target => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) return wrong(`${from} is no URL of a service; write one such as http://127.0.0.1:8453`)
  if (url.username !== '' || url.password !== '') return wrong(`${from} holds credentials; leave them out, and give a token by --token-file or DNS_FAILOVER_TOKEN`)
  if (url.search !== '' || url.hash !== '') return wrong(`${from} has a query or a fragment; write only where the service is, such as http://127.0.0.1:8453`)
  return { kind: 'url', url: url.href.replace(/\/+$/, '') }
}

/** Whom to ask: what the command line says comes before the environment. */
export const chooseTarget = ({ config, url, tokenFile }: LinkOptions, env: NodeJS.ProcessEnv): Target => {
  if (url !== undefined && config !== undefined) return wrong('--url and --config name two services; give one of them')
  if (url !== undefined) return urlTarget(url, '--url')
  if (config !== undefined) return tokenFile === undefined ? { kind: 'config', file: config } : wrong('--token-file is for a service at --url; the one on this machine is asked through its socket, without a token')
  const fromEnv = env['DNS_FAILOVER_URL'] ?? ''
  return fromEnv === '' ? wrong(neither) : urlTarget(fromEnv, 'DNS_FAILOVER_URL')
}
