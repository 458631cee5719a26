import { type Endpoint, endpointText } from '../core/endpoint.ts'
import type { Fqdn } from '../core/fqdn.ts'
import type { FamilyResolution } from '../core/answer.ts'
import type { AddressType } from '../core/rrset.ts'
import { followChain } from './chain.ts'
import { exchange } from './exchange.ts'
import { type Question, rcodeName, rcodes, type Reply } from './message.ts'

export interface ResolverOptions {
  readonly resolvers: readonly Endpoint[]
  readonly now: () => number
  /** Milliseconds for one server's answer, and for everything that one name needs. */
  readonly tryMs: number
  readonly totalMs: number
}

type Asked = { readonly kind: 'reply'; readonly reply: Reply } | { readonly kind: 'failed'; readonly detail: string }

/** How often the list of servers is gone through. */
const rounds = 2

/** Only the answer of somebody who knows: an error, or a hint to ask elsewhere, is none. */
const flawOf = (reply: Reply): string | undefined => {
  if (reply.rcode !== rcodes.noError && reply.rcode !== rcodes.nxDomain) return `answered ${rcodeName(reply.rcode)}`
  const isReferral = reply.answers.length === 0 && !reply.isAuthoritative && reply.authorities.some((record) => record.type === 'NS')
  return reply.rcode === rcodes.noError && isReferral ? 'answered with a referral: it does not recurse' : undefined
}

/** Asks the recursive resolvers in turn until one knows. `deadline` by `options.now`. Never rejects. */
export const askResolvers = async (question: Question, options: ResolverOptions, deadline: number, signal: AbortSignal): Promise<Asked> => {
  if (options.resolvers.length === 0) return { kind: 'failed', detail: 'no resolver is configured' }
  const failures = new Map<string, string>()
  for (const server of Array.from({ length: rounds }, () => options.resolvers).flat()) {
    const leftMs = deadline - options.now()
    if (signal.aborted || leftMs <= 0) break
    const bounds = { isRecursive: true, tries: 1, tryMs: Math.ceil(Math.min(options.tryMs, leftMs)), tcpMs: Math.ceil(Math.min(options.tryMs, leftMs)) }
    const transfer = await exchange(server, question, bounds, signal)
    const flaw = transfer.kind === 'failed' ? transfer.detail : flawOf(transfer.reply)
    if (transfer.kind === 'reply' && flaw === undefined) return transfer
    failures.set(endpointText(server), flaw ?? '')
  }
  const detail = [...failures].map(([server, flaw]) => `${server} ${flaw}`).join('; ')
  return { kind: 'failed', detail: detail === '' ? 'aborted' : detail }
}

/** The addresses of one type at a name through the recursive resolvers, aliases followed. Never rejects. */
export const resolveType = async (name: Fqdn, type: AddressType, options: ResolverOptions, signal: AbortSignal): Promise<FamilyResolution> => {
  const deadline = options.now() + options.totalMs
  const seen = new Set<string>()
  for (let at: string = name; ; ) {
    const asked = await askResolvers({ name: at, type }, options, deadline, signal)
    if (asked.kind === 'failed') return { kind: 'failed', detail: `${at} ${type}: ${asked.detail}` }
    const end = followChain(asked.reply.answers, at, type, seen)
    if (end.kind === 'failed') return end
    if (asked.reply.rcode === rcodes.nxDomain) return { kind: 'nothing', detail: `${end.kind === 'open' ? end.name : at} does not exist (NXDOMAIN)` }
    if (end.kind === 'addresses') return { kind: 'found', addresses: end.addresses }
    if (end.name === at) return { kind: 'nothing', detail: `${at} has no ${type} record` }
    at = end.name
  }
}
