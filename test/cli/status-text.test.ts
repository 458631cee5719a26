import { describe, expect, it } from 'vitest'
import { statusText, type StatusTextOptions } from '../../src/cli/render/status-text.ts'
import { styleOf } from '../../src/cli/render/style.ts'
import type { AddressView, SiteView } from '../../src/engine/views.ts'

const nowMs = Date.parse('2026-01-01T12:00:00Z')
const iso = (ago: number): string => new Date(nowMs - ago).toISOString()

const address = (text: string, verdict: AddressView['verdict'], isPublished: boolean, isWanted: boolean, more: Partial<AddressView> = {}): AddressView => ({
  address: text,
  standing: 'configured',
  state: verdict === 'undecided' ? 'unknown' : verdict,
  since: iso(180_000),
  checkedAt: iso(1_000),
  hasPassed: true,
  failures: 0,
  cause: null,
  detail: null,
  latencyMs: 12,
  certificateDays: null,
  readmitAt: null,
  verdict,
  ballots: [],
  sets: [{ name: 'one.example', type: 'A', isPublished, isWanted, isOurs: true, rule: verdict, text: '', removedAt: null }],
  ...more,
})

const region = (name: string, addresses: readonly AddressView[], more: Partial<SiteView['regions'][number]> = {}): SiteView['regions'][number] => ({
  region: name,
  role: 'active',
  service: null,
  addresses,
  problems: [],
  drain: null,
  force: null,
  words: [],
  replacement: null, freshness: null,
  ...more,
})

const degraded: SiteView = {
  site: 'one.example',
  names: ['one.example'],
  at: iso(0),
  condition: 'degraded',
  text: 'down: msk (203.0.113.10)',
  pause: null,
  provider: { name: 'cf', trouble: null, since: null, retryAt: null },
  regions: [
    region('msk', [address('203.0.113.10', 'down', false, false, { cause: 'connect-timeout', failures: 3 })]),
    region('ams', [address('198.51.100.20', 'up', true, true)], {
      drain: { region: 'ams', origin: 'order', since: iso(60_000), until: iso(-3_540_000), reason: 'kernel', by: 'me', isForced: false, progress: { phase: 'held', text: 'it stays published: the last that passes', servers: [], expiresAt: null, safeSince: null } },
    }),
  ],
  others: [],
  sets: [{ name: 'one.example', type: 'A', mode: 'normal', ttl: 60, published: ['198.51.100.20'], wanted: ['198.51.100.20'], readAt: iso(0), verification: null, refused: null }],
  lastChange: { at: iso(170_000), text: 'one.example A: remove 203.0.113.10: down since 11:57', changes: [] },
  lastCycleAt: iso(0),
}
const healthy: SiteView = { ...degraded, site: 'two.example', condition: 'healthy', text: 'all regions serve', regions: [region('ams', [address('198.51.100.20', 'up', true, true)])], sets: [], lastChange: null }

const options: StatusTextOptions = { nowMs, via: 'service', columns: undefined, trouble: undefined }
const plain = styleOf(false)

describe('the status', () => {
  it('is read at a glance, the worst site first', () => {
    expect(statusText([healthy, degraded], options, plain).replace(/\d\d:\d\d:\d\d: one/, 'TIME: one')).toBe(`one.example  DEGRADED  down: msk (203.0.113.10)
  REGION  ADDRESS        STATE                        DNS
  msk     203.0.113.10   down 3 min, connect-timeout  out
  ams     198.51.100.20  up 3 min                     published
  one.example A: 198.51.100.20
  ams drained for 59 min more: kernel
    it stays published: the last that passes
  last change TIME: one.example A: remove 203.0.113.10: down since 11:57

two.example  HEALTHY  all regions serve
  REGION  ADDRESS        STATE     DNS
  ams     198.51.100.20  up 3 min  published
`)
  })

  it.each([40, 60, 80])('fits into %i columns, colours or not', (columns) => {
    const long = { ...degraded, text: 'down: '.repeat(30), provider: { ...degraded.provider, trouble: 'the provider says no '.repeat(9) } }
    const lines = statusText([long], { ...options, columns }, plain).split('\n')
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns)
    // oxlint-disable-next-line no-control-regex
    const bare = statusText([long], { ...options, columns }, styleOf(true)).replaceAll(/\u001B\[\d+m/g, '')
    expect(bare.split('\n')).toEqual(lines)
  })

  it('says what differs from what should be, and who stands in the way', () => {
    const set = { ...degraded.sets[0], name: 'one.example', type: 'A' as const, mode: 'normal', ttl: 60, published: ['203.0.113.10'], wanted: ['198.51.100.20'], readAt: null, verification: null, refused: 'the floor' }
    const paused = { ...degraded, sets: [set], pause: { until: null, reason: 'a move', by: 'me' }, provider: { ...degraded.provider, trouble: 'it is down' } }
    const text = statusText([paused], options, plain)
    expect(text).toContain('  one.example A: 203.0.113.10; should be 198.51.100.20, refused: the floor\n')
    expect(text).toContain('  paused until it is taken back by me: a move\n')
    expect(text).toContain('  provider cf: it is down\n')
  })

  it('says of content what nobody is withdrawn for, and no age of a verdict that is not the checks\'', () => {
    const freshness = (state: 'fresh' | 'behind' | 'stale' | 'unknown', text: string) => ({ state, text, writer: 'fra', lagMs: null, contentId: null, lags: [], heartbeatAgeMs: null })
    const regions = [
      region('msk', [address('203.0.113.10', 'up', true, true)], { freshness: freshness('behind', 'is 40 s behind fra') }),
      region('ams', [address('198.51.100.20', 'up', true, true)], { freshness: freshness('unknown', 'its copies cannot be read: status 500') }),
      region('fra', [address('192.0.2.30', 'up', true, true)], { freshness: freshness('fresh', 'it writes') }),
      region('sin', [address('192.0.2.40', 'down', false, false, { state: 'up' })], { freshness: freshness('stale', 'is 40 s behind ams') }),
      region('lon', [address('192.0.2.50', 'down', false, false)], { freshness: freshness('unknown', 'not asked, for no address of it is up') }),
    ]
    expect(statusText([{ ...healthy, regions }], options, plain)).toBe(`two.example  HEALTHY  all regions serve
  REGION  ADDRESS        STATE       DNS
  msk     203.0.113.10   up 3 min    published
  ams     198.51.100.20  up 3 min    published
  fra     192.0.2.30     up 3 min    published
  sin     192.0.2.40     down        out
  lon     192.0.2.50     down 3 min  out
  content of msk is behind: it is 40 s behind fra; nobody is withdrawn for it so far
  content of ams is not known to be fresh: its copies cannot be read: status 500
`)
  })

  it('says when it is old, or not from a service', () => {
    expect(statusText([healthy], { ...options, trouble: 'nobody\u001B[2Jlistens' }, plain)).toMatch(/^what follows is old: nobody \[2Jlistens\n/)
    expect(statusText([healthy], { ...options, via: 'state' }, plain)).toMatch(/^No service runs: /)
  })
})

it.each([
  ['up', ['up', 'down'], 'up? 3 min, votes split'],
  ['down', ['down', 'up'], 'down? 3 min, status, votes split'],
  ['up', ['up', 'abstain'], 'up? 3 min'],
  ['unknown', ['abstain', 'down'], 'unknown 3 min'],
] as const)('says of an address that is %s by our checks, and not decided, whether it is for the votes (%j)', (state, opinions, cell) => {
  const ballots = opinions.map((opinion, at) => ({ vantage: `v${at}`, opinion, since: iso(0), expiresAt: null, text: '' }))
  const view: SiteView = { ...healthy, condition: 'undecided', regions: [region('ams', [address('198.51.100.20', 'undecided', true, true, { state, ballots, cause: state === 'down' ? 'status' : null })])] }
  expect(statusText([view], { nowMs, via: 'service', columns: undefined, trouble: undefined }, styleOf(false))).toContain(`  ams     198.51.100.20  ${cell}  published\n`)
})
