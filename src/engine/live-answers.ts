import { setMaxListeners } from 'node:events'
import type { NameServer, ServerAnswer } from '../core/answer.ts'
import { endpointText } from '../core/endpoint.ts'
import { type CurrentRRset, keyText } from '../core/rrset.ts'
import { standingOf } from '../core/verification.ts'
import type { LiveSite } from './live-site.ts'
import type { AnswersView } from './views.ts'
import { isoAt, isoOf } from './wire-time.ts'

type SetAnswers = AnswersView['sets'][number]

/** How long the servers have, all of them together. Milliseconds. */
const boundMs = 2_000
/** Questions under way at once: each has sockets of its own, and checks need some as well. */
const mostAtOnce = 32

const serverView = ({ server, askedAt, answeredAt, outcome }: ServerAnswer, { values }: CurrentRRset, isOver: boolean): SetAnswers['servers'][number] => {
  const isAnswered = outcome.kind !== 'unreachable'
  return {
    name: server.name,
    address: endpointText(server.endpoint),
    standing: standingOf({ server, askedAt, answeredAt, outcome }, { values }),
    values: outcome.kind === 'answer' ? outcome.values : outcome.kind === 'absent' ? [] : null,
    ttl: outcome.kind === 'answer' ? outcome.ttl : null,
    ms: isAnswered ? Math.round((answeredAt - askedAt) * 10) / 10 : null,
    detail: !isAnswered && isOver ? `no answer within ${boundMs / 1000} s` : 'detail' in outcome ? outcome.detail : outcome.kind === 'alias' ? `an alias to ${outcome.target}` : null,
  }
}

/** What a cache may hold that is not published now: handed out before, or by a server that lags, just now. */
const cachedUntil = (live: LiveSite, { key, values }: CurrentRRset, answers: readonly ServerAnswer[]): string | null => {
  const { clock } = live.ports
  const gone = Object.entries(live.state().exposures[keyText(key)] ?? {}).flatMap(([address, until]) => (values.some((value) => value === address) ? [] : [until]))
  const lagging = answers.flatMap(({ outcome, answeredAt }) => (outcome.kind === 'answer' && outcome.values.some((value) => !values.includes(value)) ? [answeredAt + outcome.ttl * 1000] : []))
  const until = Math.max(...gone, ...lagging)
  return until <= clock.now() ? null : isoAt(until, clock)
}

/**
 * Asks each authoritative server of a site for each of its RRsets, now. Ends within two seconds, with what has come by then;
 * it changes nothing that is known of the site. A set that the name servers do not show (a proxy's) is not asked for.
 */
export const askAnswers = async (live: LiveSite, sets: readonly CurrentRRset[], outer: AbortSignal): Promise<AnswersView> => {
  const { clock, authorities } = live.ports
  const at = clock.wallNow()
  const over = new AbortController()
  const bound = clock.sleep(boundMs, AbortSignal.any([outer, over.signal])).then(() => over.abort())
  const { signal } = over
  setMaxListeners(0, signal)
  const startedAt = clock.now()
  const servers = await authorities.servers(signal)
  const asked = sets.filter(({ isHidden }) => isHidden !== true)
  const questions = asked.flatMap((rrset) => servers.map((server) => ({ rrset, server })))
  const answers = new Map<CurrentRRset, Map<NameServer, ServerAnswer>>()
  let next = 0
  const work = async (): Promise<void> => {
    for (let question = questions[next]; question !== undefined; question = questions[next]) {
      next += 1
      const { rrset, server } = question
      // As many of these loops as may be at once; each asks one question after the other.
      // oxlint-disable-next-line no-await-in-loop
      const answer: ServerAnswer = signal.aborted ? { server, askedAt: clock.now(), answeredAt: clock.now(), outcome: { kind: 'unreachable', detail: 'was not asked in time' } } : await authorities.ask(server, rrset.key, signal)
      answers.set(rrset, (answers.get(rrset) ?? new Map<NameServer, ServerAnswer>()).set(server, answer))
    }
  }
  await Promise.all(Array.from({ length: Math.min(mostAtOnce, questions.length) }, work))
  const isOver = clock.now() - startedAt >= boundMs
  over.abort()
  await bound
  return {
    site: live.site.name,
    at: isoOf(at) ?? '',
    sets: sets.map((rrset) => {
      const own = servers.flatMap((server) => answers.get(rrset)?.get(server) ?? [])
      return { ...rrset.key, published: rrset.values, servers: own.map((answer) => serverView(answer, rrset, isOver)), cachedUntil: cachedUntil(live, rrset, own) }
    }),
  }
}
