import { endpointText } from '../core/endpoint.ts'
import type { Change, RRsetContent } from '../core/rrset.ts'
import type { ServerReport, Verification } from '../core/verification.ts'
import type { EngineEvent } from '../engine/events.ts'

export interface EventFacts {
  readonly region: string | undefined
  readonly address: string | undefined
  /** What the event says beside site, region and address; times ISO 8601. */
  readonly data: Readonly<Record<string, unknown>>
  /** The same with less, should it be too long. */
  readonly short?: Readonly<Record<string, unknown>>
}

/** The engine's events that are kept: single checks are summed up, and cycles are for counters only. */
export type KeptEvent = Exclude<EngineEvent, { kind: 'checked' | 'cycled' }>

type ToWall = (engineMs: number) => number

const iso = (ms: number | undefined): string | null => (ms === undefined || !Number.isFinite(ms) ? null : new Date(ms).toISOString())

const contentFacts = ({ values, ttl, owned }: RRsetContent): RRsetContent => ({ values, ttl, owned })

/** Without the provider's own records of what it read. */
const changeFacts = ({ key, before, after, reasons }: Change, isShort: boolean): unknown => ({
  key,
  before: contentFacts(before),
  after: contentFacts(after),
  ...(isShort ? {} : { reasons }),
})

const serverFacts = ({ server, standing, answer: { outcome }, agreedAt }: ServerReport, toWall: ToWall): unknown => ({
  name: server.name,
  address: endpointText(server.endpoint),
  standing,
  agreedAt: iso(agreedAt === undefined ? undefined : toWall(agreedAt)),
  values: outcome.kind === 'answer' ? outcome.values : null,
  detail: 'detail' in outcome ? outcome.detail : null,
})

const verificationFacts = ({ key, expected, source, servers, outcome, timeToEffectMs, movedAt }: Verification, toWall: ToWall): Readonly<Record<string, unknown>> => ({
  key,
  expected,
  source,
  outcome,
  timeToEffectMs,
  movedAt: iso(movedAt === undefined ? undefined : toWall(movedAt)),
  servers: servers.map((each) => serverFacts(each, toWall)),
})

/** What is kept of an event; the engine's own times mean nothing after its end, so they become the wall clock's. */
export const factsOf = (event: KeptEvent, toWall: ToWall): EventFacts => {
  const { kind, site: _site, ...rest } = event
  const region = 'region' in event ? event.region : undefined
  switch (kind) {
    case 'health': {
      const { address, from, to, text, failingSince, cause } = event
      return { region, address, data: { from, to, text, cause, failingSince: iso(failingSince === undefined ? undefined : toWall(failingSince)) } }
    }
    case 'decided': {
      const { key, entry, from } = event
      return { region: entry.region, address: entry.address, data: { key, entry, from } }
    }
    case 'written': {
      const { changes } = event
      return { region: undefined, address: undefined, data: { changes: changes.map((each) => changeFacts(each, false)) }, short: { changes: changes.map((each) => changeFacts(each, true)) } }
    }
    case 'verified': {
      const data = verificationFacts(event.verification, toWall)
      return { region: undefined, address: undefined, data, short: { ...data, servers: [] } }
    }
    case 'certificate-expiring':
      return { region, address: event.address, data: { days: event.days } }
    case 'drained':
    case 'drain-ending':
    case 'forced':
    case 'order-astray':
      return { region, address: undefined, data: { ...rest, until: iso(event.until) } }
    default:
      return { region, address: undefined, data: rest }
  }
}
