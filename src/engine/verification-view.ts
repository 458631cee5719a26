import { endpointText } from '../core/endpoint.ts'
import type { Verification } from '../core/verification.ts'
import type { Clock } from './ports.ts'
import type { VerificationView } from './views.ts'
import { isoAt, isoOf } from './wire-time.ts'

/** How a write came to be seen, as it is told. `at`: milliseconds since the epoch. */
export const verificationView = ({ outcome, timeToEffectMs, movedAt, servers }: Verification, at: number, clock: Pick<Clock, 'now' | 'wallNow'>): VerificationView => ({
  at: isoOf(at) ?? '',
  outcome,
  timeToEffectMs: timeToEffectMs === undefined ? null : Math.round(timeToEffectMs),
  movedAt: isoAt(movedAt, clock),
  servers: servers.map(({ server, standing, answer: { outcome: said } }) => ({
    name: server.name,
    address: endpointText(server.endpoint),
    standing,
    values: said.kind === 'answer' ? said.values : said.kind === 'absent' ? [] : null,
    detail: 'detail' in said ? said.detail : said.kind === 'alias' ? `an alias to ${said.target}` : null,
  })),
})
