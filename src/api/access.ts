import { isIP } from 'node:net'
import type { Scope } from '../engine/operations.ts'
import type { ProblemFacts } from './problem.ts'

/** What a route asks of its caller. anybody: nothing, but who it is matters. own: it judges for itself. */
export type Need = 'nothing' | 'anybody' | 'read' | 'operate' | 'own'

export type Identity =
  /** `sessionUntil`: by a cookie of a session that ends then, milliseconds since the epoch. */
  | { readonly kind: 'token'; readonly name: string; readonly scopes: readonly Scope[]; readonly sessionUntil?: number }
  /** By the socket's file, which only its owner can open. */
  | { readonly kind: 'socket'; readonly name: string }
  /** `isForger`: with a cookie that no token of ours has signed. */
  | { readonly kind: 'nobody'; readonly isForger?: boolean }
  /** An Authorization header that nobody has given out. */
  | { readonly kind: 'stranger' }

/** Who may read without a token. here: programs of this machine, as there are no tokens. */
export type Reading = 'all' | 'here' | 'none'

export type AccessVerdict =
  | { readonly kind: 'granted' }
  | { readonly kind: 'refused'; readonly problem: ProblemFacts; /** A guess, maybe: it costs more than a request. */ readonly isFailure: boolean }

/**
 * A page in a browser can have its own name lead to 127.0.0.1 and then read what answers there; the browser tells by the
 * Host header. No such page can make it an address, or localhost.
 */
export const isLocalHost = (host: string | undefined): boolean => {
  const name = (host ?? '').replace(/:\d*$/, '').toLowerCase()
  return name === 'localhost' || isIP(name) === 4 || (/^\[.*\]$/.test(name) && isIP(name.slice(1, -1)) === 6)
}

const challenge = (detail: string, advice: string, error: string): ProblemFacts => ({
  status: 401,
  code: error === '' ? 'token-needed' : 'token-unknown',
  detail,
  advice,
  headers: { 'www-authenticate': `Bearer realm="dns-failover"${error}` },
})

export const hasScope = (scopes: readonly Scope[], need: 'read' | 'operate'): boolean => scopes.includes('operate') || (need === 'read' && scopes.includes('read'))

/** Without the scope; whoever gives out tokens can add it. */
export const missingScope = (name: string, scope: Scope): ProblemFacts => ({
  status: 403,
  code: 'scope-missing',
  detail: `the token "${name}" has not the scope ${scope}`,
  advice: `use a token that has it, or add ${scope} to the scopes of "${name}" in the config`,
  headers: { 'www-authenticate': `Bearer realm="dns-failover", error="insufficient_scope", scope="${scope}"` },
})

const refuse = (problem: ProblemFacts, isFailure = false): AccessVerdict => ({ kind: 'refused', problem, isFailure })

/** Whether a caller may go on. Nobody without a token, or the socket, ever gives an order. */
export const decideAccess = (need: Need, identity: Identity, reading: Reading, host: string | undefined): AccessVerdict => {
  if (need === 'nothing' || need === 'anybody' || need === 'own') return { kind: 'granted' }
  switch (identity.kind) {
    case 'socket':
      return { kind: 'granted' }
    case 'token':
      return hasScope(identity.scopes, need) ? { kind: 'granted' } : refuse(missingScope(identity.name, need))
    case 'stranger':
      return refuse(challenge('the Authorization header carries no token that is known here', 'send Authorization: Bearer TOKEN with a token of the config', ', error="invalid_token"'), true)
    case 'nobody':
      if (need === 'operate') return refuse(challenge('orders need a token with the scope operate', 'send it as Authorization: Bearer TOKEN, or use the socket in the state directory', ''))
      if (reading === 'none') return refuse(challenge('reading needs a token with the scope read', 'send it as Authorization: Bearer TOKEN', ''))
      if (reading === 'all' || isLocalHost(host)) return { kind: 'granted' }
      return refuse({
        status: 403,
        code: 'host-not-allowed',
        detail: 'without tokens this is only read under an IP address or localhost, since a web page could read it under a name of its own',
        advice: 'ask by the address, or configure a token under api.tokens, or set api.open: true',
      })
  }
}
