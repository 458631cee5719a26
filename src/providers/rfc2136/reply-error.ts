import type { Fqdn } from '../../core/fqdn.ts'
import { ProviderError } from '../provider-error.ts'
import { type Peer, peerText } from './peer.ts'

const who = (peer: Peer): string => (peer.key === undefined ? 'requests without a key (set `tsig`)' : `key "${peer.key.name}"`)

/** What to set so that an update of these names is allowed, in the words of BIND and of Knot. */
const permission = (peer: Peer, names: readonly Fqdn[]): string => {
  const key = peer.key?.name ?? 'KEY'
  const rules = names.map((name) => `grant ${key}. subdomain ${name}. A AAAA TXT;`).join(' ')
  return `BIND: \`update-policy { ${rules} };\` or \`allow-update { key "${key}"; };\` in the zone; Knot: an \`acl\` with \`key: ${key}\` and \`action: [update]\` in the zone`
}

/** The error for a query that was answered with an error, or without authority. */
export const queryError = (peer: Peer, name: string, what: string): ProviderError => {
  const fail = (text: string, code: 'auth' | 'rejected' | 'unavailable'): ProviderError =>
    new ProviderError(`cannot read ${name} from ${peerText(peer)}: ${text}`, { code, outcome: 'unchanged' })
  switch (what) {
    case 'REFUSED':
      return fail(`the query was refused; either the server does not hold the zone, or it does not allow ${who(peer)} to query it (BIND \`allow-query\`, Knot \`acl\`)`, 'auth')
    case 'NOTAUTH':
      return fail('the server does not hold this zone; check `server` and `zone`', 'rejected')
    case 'SERVFAIL':
      return fail('the server could not answer (SERVFAIL); has the zone loaded there?', 'unavailable')
    case 'no authority':
      return fail('the answer came without authority (no AA): the server does not hold this zone; name its primary in `server`', 'rejected')
    default:
      return fail(`the server answered ${what}`, 'rejected')
  }
}

/**
 * The error for an update that was answered with an error other than a failed prerequisite. All of them say that
 * nothing was done (RFC 2136 section 3), but SERVFAIL, which may also mean that a secondary lost sight of the primary
 * to which it passed the update on (section 6).
 */
export const updateError = (peer: Peer, names: readonly Fqdn[], what: string): ProviderError => {
  const fail = (text: string, code: 'auth' | 'rejected' | 'unavailable', outcome: 'unchanged' | 'unknown' = 'unchanged'): ProviderError =>
    new ProviderError(`cannot update ${names.join(', ')} at ${peerText(peer)}: ${text}`, { code, outcome })
  switch (what) {
    case 'REFUSED':
      return fail(`the update was refused: the server's policy does not let ${who(peer)} change these names and their marks beside them, or the zone is frozen (\`rndc thaw\` ends that), or it is not the zone's primary. ${permission(peer, names)}`, 'auth')
    case 'NOTAUTH':
    case 'NOTZONE':
      return fail(`the server is not the primary of this zone (${what}); check \`server\` and \`zone\``, 'rejected')
    case 'NOTIMP':
      return fail('the server does not take dynamic updates (NOTIMP)', 'rejected')
    case 'SERVFAIL':
      return fail('the server failed in the middle (SERVFAIL); its log says why (often: no right to write its journal)', 'unavailable', 'unknown')
    default:
      return fail(`the server answered ${what}`, 'rejected')
  }
}
