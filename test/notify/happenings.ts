import type { Address } from '../../src/core/address.ts'
import type { Rule } from '../../src/core/decision.ts'
import type { Fqdn } from '../../src/core/fqdn.ts'
import type { RRsetKey } from '../../src/core/rrset.ts'
import type { EngineEvent } from '../../src/engine/events.ts'
import type { Alert } from '../../src/notify/alert.ts'

/** Events as the engine reports them, of one site with two regions. */
export const site = 'www.example.com'
export const msk = '203.0.113.10' as Address
export const ams = '198.51.100.20' as Address
export const key: RRsetKey = { name: site as Fqdn, type: 'A' }
export const otherKey: RRsetKey = { name: 'example.com' as Fqdn, type: 'A' }

export const health = (region: string | undefined, address: Address, from: 'unknown' | 'up' | 'down', to: 'unknown' | 'up' | 'down', text = 'timeout (no answer within 2 s)'): EngineEvent => ({
  site,
  kind: 'health',
  region,
  address,
  from,
  to,
  text,
  ...(to === 'down' ? { cause: 'timeout', failingSince: 0 } : {}),
})

export const down = (region = 'msk', address = msk): EngineEvent => health(region, address, 'up', 'down')
export const up = (region = 'msk', address = msk): EngineEvent => health(region, address, 'down', 'up', 'up')

export const decided = (region: string | undefined, address: Address, action: 'publish' | 'withhold', rule: Rule, rrset: RRsetKey = key): EngineEvent => ({
  site,
  kind: 'decided',
  key: rrset,
  from: undefined,
  entry: { address, region, action, rule, text: `by ${rule}`, wasPublished: true, isOwned: true },
})

export const mode = (to: 'normal' | 'blind' | 'undecided' | 'fail-open' | 'fail-closed' | 'family-down', rrset: RRsetKey = key): EngineEvent => ({ site, kind: 'mode', key: rrset, family: 'v4', from: undefined, to })

export const verified = (outcome: 'agreed' | 'disagreed' | 'unconfirmed'): EngineEvent => ({
  site,
  kind: 'verified',
  verification: { key, expected: [msk], source: 'name-servers', servers: [], outcome, timeToEffectMs: undefined, movedAt: undefined },
})

export const cycled = (outcome = 'steady', refusals: readonly ['floor'] | readonly [] = []): EngineEvent => ({ site, kind: 'cycled', outcome, ms: 1, refusals })

/** An alert with everything in it, to be changed. */
export const alert = (change: Partial<Alert> = {}): Alert => ({
  kind: 'region-down',
  site,
  region: 'msk',
  address: msk,
  severity: 'critical',
  isResolved: false,
  isAgain: false,
  key: `region-down/${site}/${msk}`,
  title: `msk (${msk}) of ${site} is down`,
  text: 'timeout (no answer within 2 s)',
  at: Date.UTC(2026, 10, 22, 12),
  facts: { cause: 'timeout' },
  ...change,
})

export const resolved = (change: Partial<Alert> = {}): Alert => alert({ kind: 'region-up', severity: 'info', isResolved: true, title: `msk (${msk}) of ${site} is up again`, text: 'it lasted 40 s', ...change })
