import type { Address } from '../../src/core/address.ts'
import type { RRsetKey } from '../../src/core/rrset.ts'
import type { Verification } from '../../src/core/verification.ts'
import type { EngineEvent } from '../../src/engine/events.ts'
import { address, fqdn } from '../fakes/dns-names.ts'

export const key: RRsetKey = { name: fqdn('www.example.com'), type: 'A' }
const site = 'www.example.com'
const region = 'msk'

export const written = (before: readonly Address[], after: readonly Address[]): EngineEvent => ({
  kind: 'written',
  site,
  changes: [{ key, before: { key, values: before, ttl: 60, owned: before }, after: { values: after, ttl: 60, owned: after }, reasons: [] }],
})

export const health = (text: string, from: 'unknown' | 'up' | 'down', to: 'unknown' | 'up' | 'down', failingSince?: number): EngineEvent => ({ kind: 'health', site, region, address: address(text), from, to, text: '', failingSince })

export const verified = (outcome: Verification['outcome'], timeToEffectMs: number | undefined): EngineEvent => ({
  kind: 'verified',
  site,
  verification: { key, expected: [], source: 'name-servers', servers: [], outcome, timeToEffectMs, movedAt: undefined },
})

const [one, two] = [address('192.0.2.1'), address('192.0.2.2')]
const service = 'msk.example.com'
const entry = { address: one, region, action: 'publish', rule: 'up', text: '', wasPublished: true, isOwned: true } as const
const order = { region, until: undefined, reason: 'kernel', by: 'ann' }
const said = { region, source: 'kuma', monitor: '1' }

/** One of each kind: a kind more is a type error here. */
export const everyEvent: { readonly [K in EngineEvent['kind']]: EngineEvent & { readonly kind: K } } = {
  checked: { kind: 'checked', site, region, address: one, result: { kind: 'ok', startedAt: 0, finishedAt: 40, timing: { totalMs: 40 } } },
  health: { kind: 'health', site, region, address: one, from: 'up', to: 'down', text: '', failingSince: -3000 },
  mode: { kind: 'mode', site, key, family: 'v4', from: 'normal', to: 'fail-open' },
  decided: { kind: 'decided', site, key, entry, from: undefined },
  unresolved: { kind: 'unresolved', site, region, detail: '' },
  resolved: { kind: 'resolved', site, region },
  refused: { kind: 'refused', site, key, code: 'floor', text: '' },
  written: { kind: 'written', site, changes: [{ key, before: { key, values: [one, two], ttl: 60, owned: [] }, after: { values: [two], ttl: 60, owned: [] }, reasons: [] }] },
  restored: { kind: 'restored', site, key, text: '' },
  'provider-failed': { kind: 'provider-failed', site, text: '' },
  'provider-recovered': { kind: 'provider-recovered', site },
  'write-unknown': { kind: 'write-unknown', site, text: '' },
  verified: { kind: 'verified', site, verification: { key, expected: [two], source: 'name-servers', servers: [], outcome: 'agreed', timeToEffectMs: 2000, movedAt: undefined } },
  'state-not-saved': { kind: 'state-not-saved', site, text: '' },
  'state-saved': { kind: 'state-saved', site },
  paused: { kind: 'paused', site, text: '' },
  resumed: { kind: 'resumed', site },
  drained: { kind: 'drained', site, origin: 'order', ...order },
  'drain-safe': { kind: 'drain-safe', site, region, text: '' },
  'drain-ending': { kind: 'drain-ending', site, region, until: 0 },
  undrained: { kind: 'undrained', site, region },
  forced: { kind: 'forced', site, to: 'up', ...order },
  unforced: { kind: 'unforced', site, region },
  'order-astray': { kind: 'order-astray', site, order: 'drain', ...order },
  'order-followed': { kind: 'order-followed', site, region, from: 'old' },
  heard: { kind: 'heard', site, ...said, opinion: 'down', detail: '', effect: 'news' },
  'word-expired': { kind: 'word-expired', site, ...said },
  repointed: { kind: 'repointed', site, region, service, from: [one], to: [two], by: 'ann' },
  promoted: { kind: 'promoted', site, region, service, from: [one], to: [two], text: '' },
  'promotion-failed': { kind: 'promotion-failed', site, region, text: '' },
  'certificate-expiring': { kind: 'certificate-expiring', site, region, address: one, days: 7 },
  stale: { kind: 'stale', site, region, writer: 'ams', lagMs: 40_000, ahead: 'ams', text: '' },
  fresh: { kind: 'fresh', site, region, text: '' },
  'caught-up': { kind: 'caught-up', site, region, text: '' },
  'replication-suspected': { kind: 'replication-suspected', site, text: '' },
  'replication-mended': { kind: 'replication-mended', site },
  'content-differs': { kind: 'content-differs', site, path: '/', text: '' },
  'content-agrees': { kind: 'content-agrees', site, path: '/' },
  cycled: { kind: 'cycled', site, outcome: 'applied', ms: 30, refusals: ['budget', 'floor'] },
  'site-failed': { kind: 'site-failed', site, text: '', againMs: 1000 },
}
