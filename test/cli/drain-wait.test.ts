import { describe, expect, it, onTestFinished } from 'vitest'
import { waitForDrain, type WaitStand } from '../../src/cli/drain-wait.ts'
import type { Answer } from '../../src/cli/link/answer.ts'
import { refusal } from '../../src/cli/link/answer.ts'
import { waitText } from '../../src/cli/wait-line.ts'
import type { DrainProgressView, SiteView } from '../../src/engine/views.ts'
import { systemClock } from '../../src/engine/clock.ts'
import { never } from './operator-bench.ts'

const startedAt = Date.parse('2026-01-01T12:00:00Z')
const iso = (ms: number): string => new Date(startedAt + ms).toISOString()

const ns = (standing: DrainProgressView['servers'][number]['standing']) => ({ name: 'ns1', address: '192.0.2.53:53', standing, detail: null })

const at = (phase: DrainProgressView['phase'], more: Partial<DrainProgressView> = {}): DrainProgressView => ({ phase, text: `it is ${phase}`, servers: [], expiresAt: null, safeSince: null, ...more })

const viewOf = (progress: DrainProgressView | null, ms: number, more: Partial<SiteView> = {}): SiteView => ({
  site: 'one.example',
  names: ['one.example'],
  at: iso(ms),
  condition: 'drained',
  text: '',
  pause: null,
  provider: { name: 'local', trouble: null, since: null, retryAt: null },
  regions: [
    {
      region: 'msk',
      role: 'active',
      service: null,
      addresses: [],
      problems: [],
      drain: progress === null ? null : { region: 'msk', origin: 'order', since: iso(0), until: iso(3_600_000), reason: 'kernel', by: 'me', isForced: false, progress },
      force: null,
      words: [],
      replacement: null, freshness: null,
    },
  ],
  others: [],
  sets: [],
  lastChange: null,
  lastCycleAt: null,
  ...more,
})

/** One answer a look, the last one for ever; half a second passes between looks. */
const wait = async (looks: readonly ((ms: number) => Answer<SiteView> | 'hangs')[], timeoutMs = 60_000, signal = never) => {
  let now = 0
  let count = 0
  const shown: WaitStand[] = []
  const { report } = await waitForDrain(
    {
      look: async () => {
        const answer = (looks[Math.min(count, looks.length - 1)] ?? (() => 'hangs' as const))(now)
        count += 1
        if (answer === 'hangs') throw new Error('it took too long')
        return answer
      },
      region: 'msk',
      timeoutMs,
      everyMs: 500,
      clock: { now: () => now, sleep: async (ms) => void (now += ms) },
      show: (stand) => void shown.push(stand),
    },
    signal,
  )
  return { report, shown, count }
}

const seen = (progress: DrainProgressView | null, more: Partial<SiteView> = {}) => (ms: number): Answer<SiteView> => ({ kind: 'done', value: viewOf(progress, ms, more) })
const gone = () => refusal('unreachable', 'nobody listens there')

describe('waiting for a drain', () => {
  it('goes through all phases, and ends when it is safe', async () => {
    const { report, shown } = await wait([seen(at('withdrawing')), seen(at('spreading')), seen(at('expiring', { expiresAt: iso(4_000) })), seen(at('safe', { safeSince: iso(4_000), expiresAt: iso(4_000) }))])
    expect(report).toEqual({ outcome: 'safe', text: `safe to reboot since ${iso(4_000)}`, phase: 'safe', safeSince: iso(4_000), expiresAt: iso(4_000), servers: [], waitedMs: 1_500 })
    expect(shown.map(({ phase, done }) => [phase, done])).toEqual([['withdrawing', undefined], ['spreading', undefined], ['expiring', 0.25]])
  })

  it('believes only twice that it is held', async () => {
    expect((await wait([seen(at('held')), seen(at('expiring')), seen(at('safe', { safeSince: iso(1) }))])).report.outcome).toBe('safe')
    const { report } = await wait([seen(at('held', { text: 'it stays published: the last one' }))])
    expect([report.outcome, report.text]).toEqual(['held', 'it stays published: the last one'])
  })

  it('does not wait for a write while the site is paused', async () => {
    const { report } = await wait([seen(at('withdrawing'), { pause: { until: null, reason: 'a move', by: 'me' } })])
    expect([report.outcome, report.text]).toEqual(['held', 'the site is paused by me (a move), and nothing is written until it is resumed; "dns-failover resume" ends that'])
  })

  it('ends with the drain', async () => {
    const { report } = await wait([seen(at('expiring')), seen(null)])
    expect([report.outcome, report.phase]).toEqual(['ended', 'expiring'])
  })

  it.each([
    [[seen(at('spreading', { servers: [ns('with'), ns('without')] }))], 'not safe yet: ns1 (192.0.2.53:53) still answers with it'],
    [[seen(at('spreading', { servers: [ns('unreachable')] }))], 'not safe yet: ns1 (192.0.2.53:53) cannot be asked'],
    [[seen(at('withdrawing'), { provider: { name: 'cf', trouble: 'down for maintenance', since: null, retryAt: null } })], 'not safe yet: it is withdrawing; down for maintenance'],
    [[gone], 'not safe yet: nobody listens there'],
    [[() => 'hangs' as const], 'not safe yet: the service does not answer'],
  ])('says at the end of its time what it was waiting for (%#)', async (looks, text) => {
    const { report } = await wait(looks, 5_000)
    expect([report.outcome, report.text, report.waitedMs]).toEqual(['timeout', text, 5_000])
  })

  it('goes on after a service that was gone for a while, but not against a refusal', async () => {
    expect((await wait([gone, () => 'hangs', seen(at('safe', { safeSince: iso(0) }))])).report.outcome).toBe('safe')
    expect((await wait([gone, () => refusal('not-watched', 'the watch has yet to begin'), seen(at('safe', { safeSince: iso(0) }))])).report.outcome).toBe('safe')
    expect((await wait([() => refusal('unauthorized', 'no such token')])).report).toMatchObject({ outcome: 'failed', text: 'no such token' })
  })

  it('looks at a dozen name servers at once without a warning of listeners', async () => {
    const warnings: string[] = []
    const hear = ({ name }: Error): void => void warnings.push(name)
    process.on('warning', hear)
    onTestFinished(() => void process.off('warning', hear))
    const look = async (signal: AbortSignal): Promise<Answer<SiteView>> => {
      await Promise.all(Array.from({ length: 12 }, () => systemClock.sleep(1, signal)))
      return { kind: 'done', value: viewOf(at('safe', { safeSince: iso(0) }), 0) }
    }
    const { report } = await waitForDrain({ look, region: 'msk', timeoutMs: 60_000, everyMs: 500, clock: systemClock, show: () => undefined }, never)
    expect([report.outcome, warnings]).toEqual(['safe', []])
  })

  it('ends at once when it is interrupted', async () => {
    const { report, count } = await wait([seen(at('expiring'))], 60_000, AbortSignal.abort())
    expect([report.outcome, count]).toEqual(['interrupted', 1])
  })
})

it.each([
  [80, '[#####...............] caches: every name server answers without it'],
  [40, '[#####...............] caches: every na…'],
])('a line of progress fits into %i columns', (columns, line) => {
  const text = waitText({ phase: 'expiring', text: 'every name server answers without it', done: 0.25 }, columns)
  expect(text).toBe(line)
  expect(text.length).toBeLessThanOrEqual(columns)
})
