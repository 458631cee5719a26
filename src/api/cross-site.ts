import type { Identity } from './access.ts'
import type { ProblemFacts } from './problem.ts'

/** What the page sends with each order: no other site can, without being asked about it first by the browser. */
const ownHeader = 'dns-failover'

const isRead = (method: string): boolean => method === 'GET' || method === 'HEAD'

/**
 * A browser sends the cookie whatever page asks. So what is asked by a cookie, and is no reading, must come from our own
 * page; undefined: it does.
 */
export const crossSiteProblem = (method: string, identity: Identity, headers: Readonly<Record<string, string>>): ProblemFacts | undefined => {
  if (isRead(method) || identity.kind !== 'token' || identity.sessionUntil === undefined) return undefined
  const site = headers['sec-fetch-site']
  if (headers['x-requested-with'] === ownHeader && (site === undefined || site === 'same-origin')) return undefined
  return {
    status: 403,
    code: 'cross-site',
    detail: 'a request by the cookie of a session must come from the dashboard itself',
    advice: `send X-Requested-With: ${ownHeader} from the same origin, or a token as Authorization: Bearer TOKEN`,
  }
}
