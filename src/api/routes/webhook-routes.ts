import { bearerOf } from '../bearer.ts'
import { missingScope } from '../access.ts'
import type { Received } from '../api-parts.ts'
import { problemOf } from '../problem.ts'
import { type Answer, type Exchange, json, problem, type Route } from '../route.ts'

const refused = ({ identity }: Exchange, source: string, { status, code, text }: Extract<Received, { kind: 'refused' }>): Answer => {
  // A token that is known, but not for this source: better said than that it is wrong.
  if (status === 401 && identity.kind === 'token') return problem(missingScope(identity.name, `webhook:${source}`), true)
  const headers = status === 401 ? { 'www-authenticate': 'Bearer realm="dns-failover"' } : {}
  return problem({ status, code, detail: text, headers }, status === 401 || status === 403)
}

const run = (exchange: Exchange): Answer => {
  const { parts, param, headers, body, identity } = exchange
  const source = param('source')
  const isBearerProven = identity.kind === 'token' && bearerOf(headers['authorization']) !== undefined && identity.scopes.includes(`webhook:${source}`)
  const received = parts.receive(source, { headers, body, isBearerProven })
  if (received === undefined) {
    return problem({ status: 404, code: 'unknown-source', detail: 'there is no such webhook source', advice: 'it must be a name under webhooks in the config' }, true)
  }
  if (received.kind === 'refused') {
    parts.log('warn', `a delivery for the webhook source ${source} was refused: ${received.text}`, { source, code: received.code })
    return refused(exchange, source, received)
  }
  const { words, note = null } = received
  if (words.length === 0) return json({ words: [], note }, 202)
  const outcome = parts.operations.hear(source, words)
  if (outcome.kind === 'done') return json({ words: outcome.value, note }, 202)
  if (outcome.code === 'not-watched') received.giveBack?.()
  parts.log('warn', `a delivery for the webhook source ${source} was refused: ${outcome.text}`, { source, code: outcome.code })
  const facts = problemOf(outcome)
  // The address is there; what the delivery speaks of is not.
  return problem(facts.status === 404 ? { ...facts, status: 422 } : facts)
}

export const webhookRoutes: readonly Route[] = [
  {
    method: 'POST',
    path: '/api/v1/webhooks/{source}',
    need: 'own',
    summary: "What an outside monitor says; with the source's own token or signature, or a token with the scope webhook:NAME",
    query: undefined,
    body: undefined,
    takes: 'anything',
    bodyLimit: 1_048_576,
    isUnlimited: false,
    answers: { 202: 'Receipt' },
    otherContent: [],
    run,
  },
]
