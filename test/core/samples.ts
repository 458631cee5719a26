import { type Address, parseAddress } from '../../src/core/address.ts'
import type { Ballot } from '../../src/core/ballot.ts'
import { verdictOf } from '../../src/core/ballot.ts'
import type { Candidate } from '../../src/core/candidate.ts'
import type { DecisionInput } from '../../src/core/decide.ts'
import type { Decision, Entry, Mode, Rule } from '../../src/core/decision.ts'
import { type Fqdn, parseFqdn } from '../../src/core/fqdn.ts'
import { type Health, unknownHealth } from '../../src/core/health.ts'
import type { CheckResult } from '../../src/core/result.ts'
import { content, type CurrentRRset, type RRsetKey } from '../../src/core/rrset.ts'
import type { HealthCheck, Policy, Region, Site } from '../../src/core/site.ts'

export const at = (text: string): Address => {
  const address = parseAddress(text)
  if (address === undefined) throw new Error(`${text} is not an address`)
  return address
}

export const named = (text: string): Fqdn => {
  const name = parseFqdn(text)
  if (name === undefined) throw new Error(`${text} is not a name`)
  return name
}

/** Documentation addresses (RFC 5737, RFC 3849) that sort in the order of their numbers. */
export const v4 = (number: number): Address => at(`192.0.2.${number}`)
export const v6 = (number: number): Address => at(`2001:db8::${number.toString(16)}`)

export const main = named('failover.example.com')
export const keyA: RRsetKey = { name: main, type: 'A' }
export const keyAaaa: RRsetKey = { name: main, type: 'AAAA' }

export const rrset = (key: RRsetKey, values: readonly Address[], owned: readonly Address[] = values, ttl = 60): CurrentRRset => ({
  key,
  ...content(values, ttl, owned),
})

export const policy: Policy = {
  minPublished: 1,
  failOpenBelow: 1,
  failOpen: 'all',
  foreign: 'keep',
  allowPrivate: false,
  damping: { baseMs: 60_000, maxMs: 600_000, halfLifeMs: 600_000 },
  budgetWindowMs: 300_000,
}

export const check: HealthCheck = {
  identity: 'check-1',
  url: 'https://{site}/healthz',
  method: 'GET',
  headers: {},
  expect: { status: [{ from: 200, to: 200 }], body: undefined, bodyBytes: 65_536 },
  bounds: { connectMs: 2_000, tlsMs: 2_000, headersMs: 2_000, bodyMs: 2_000, totalMs: 2_000 },
  ca: undefined,
  minCertDays: undefined,
  maxRedirects: 0,
  everyMs: 5_000,
  schedule: undefined,
  fall: 3,
  rise: 2,
  confirmSpanMs: 1_000,
  tripwire: 'off',
  connection: 'fresh',
}

export const region = (name: string, role: Region['role'] = 'active'): Region => ({
  name,
  source: { kind: 'service', service: named(`${name}.example.com`) },
  role,
  replacements: [],
  promoteAfterMs: undefined,
})

export const site = (over: Partial<Site> = {}): Site => ({
  name: 'failover.example.com',
  names: [main],
  provider: 'local',
  ttl: 60,
  windows: [],
  sources: {},
  quorum: undefined,
  replication: undefined,
  regions: [region('msk'), region('ams')],
  check,
  policy,
  reference: [],
  ...over,
})

/** Results of checks that take 10 ms; times in milliseconds. */
export const ok = (startedAt: number): CheckResult => ({ kind: 'ok', startedAt, finishedAt: startedAt + 10, timing: { totalMs: 10 }, status: 200 })
export const failed = (startedAt: number): CheckResult => ({
  kind: 'failed',
  cause: 'refused',
  detail: 'connection refused',
  startedAt,
  finishedAt: startedAt + 10,
  timing: { totalMs: 10 },
})
export const cannotTell = (startedAt: number): CheckResult => ({
  kind: 'cannot-tell',
  cause: 'no-route',
  detail: 'no route to the host',
  startedAt,
  finishedAt: startedAt + 10,
  timing: { totalMs: 10 },
})

export const health = (over: Partial<Health> = {}): Health => ({ ...unknownHealth('check-1', 0), ...over })
export const upHealth = (over: Partial<Health> = {}): Health =>
  health({ state: 'up', decided: 'up', hasPassed: true, passing: 5, passingSince: 0, observedAt: 10, ...over })
export const downHealth = (over: Partial<Health> = {}): Health =>
  health({
    state: 'down',
    decided: 'down',
    hasPassed: true,
    failing: { firstAt: 0, previousAt: 500, lastAt: 1_000, starts: [0, 500, 1_000], count: 3, cause: 'refused', detail: 'connection refused' },
    observedAt: 1_010,
    ...over,
  })

export const ballots = {
  up: { vantage: 'here', since: 0, opinion: 'up', readmitAt: undefined },
  waiting: { vantage: 'here', since: 0, opinion: 'up', readmitAt: 90_000 },
  down: { vantage: 'here', since: 0, opinion: 'down', cause: 'refused', detail: 'connection refused', failures: 3, witness: 'ams' },
  unknown: { vantage: 'here', since: 0, opinion: 'abstain', why: 'unknown' },
  'never-passed': { vantage: 'here', since: 0, opinion: 'abstain', why: 'never-passed', cause: 'status', detail: '404' },
  blind: { vantage: 'here', since: 0, opinion: 'abstain', why: 'blind', cause: 'connect-timeout', detail: '2000 ms' },
} as const satisfies Readonly<Record<string, Ballot>>
export type Seen = keyof typeof ballots

/** A configured, undrained, active candidate at `192.0.2.number` (or the address given), marked if published. */
export const candidate = (where: number | Address, seen: Seen, isPublished: boolean, over: Partial<Candidate> = {}): Candidate => ({
  address: typeof where === 'number' ? v4(where) : where,
  standing: 'configured',
  region: typeof where === 'number' ? `region-${where}` : 'region-1',
  isOrphan: over.standing === 'retired' && over.region === undefined,
  role: 'active',
  verdict: verdictOf([ballots[seen]]),
  drain: undefined,
  force: undefined,
  isPublishable: true,
  isPublished,
  isOwned: isPublished,
  ...over,
})

/** Ten seconds in, with a budget that never binds. */
export const decisionInput = (candidates: readonly Candidate[], over: Partial<DecisionInput> = {}): DecisionInput => ({
  key: keyA,
  now: 10_000,
  policy,
  candidates,
  mayBeEmpty: false,
  isAnyUnresolved: false,
  removed: new Set(),
  budgetLeft: 100,
  ...over,
})

export const published = (decision: Decision): readonly Address[] =>
  decision.entries.filter((entry) => entry.action === 'publish').map((entry) => entry.address)

/** `+` comes, `=` stays, `-` goes, `.` stays away; with the rule. */
export const entryText = (entry: Entry): string => {
  const sign = entry.action === 'publish' ? (entry.wasPublished ? '=' : '+') : entry.wasPublished ? '-' : '.'
  return `${sign}${entry.address.replace('192.0.2.', '').replace('2001:db8::', '')} ${entry.rule}`
}

export const summary = (decision: Decision): readonly [Mode, ...string[]] => [decision.mode, ...decision.entries.map(entryText)]

export const entry = (address: Address, action: Entry['action'], rule: Rule, wasPublished: boolean, isOwned = true): Entry => ({
  address,
  region: 'msk',
  action,
  rule,
  text: `because ${rule}`,
  wasPublished,
  isOwned,
})
