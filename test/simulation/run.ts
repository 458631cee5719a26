import { noOrders } from '../../src/core/orders.ts'
import type { Address } from '../../src/core/address.ts'
import { addressTypes, content, familyOfType, type RRsetKey } from '../../src/core/rrset.ts'
import type { Fqdn } from '../../src/core/fqdn.ts'
import type { Site } from '../../src/core/site.ts'
import { emptyState } from '../../src/core/site-state.ts'
import type { Moment } from '../../src/core/state-time.ts'
import type { EngineEvent } from '../../src/engine/events.ts'
import type { runOnce } from '../../src/engine/once.ts'
import type { SitePorts, StateStore } from '../../src/engine/ports.ts'
import type { runSite } from '../../src/engine/run-site.ts'
import type { decodeState, encodeState } from '../../src/store/document.ts'
import { createEvidence } from './evidence.ts'
import { createRandom } from './random.ts'
import { createRules, type Violation } from './rules.ts'
import { type Schedule, scheduleOf } from './schedule.ts'
import { createVirtualTime, processClock } from './virtual-time.ts'
import { addressOf, createWorld, isWithin } from './world.ts'
import { createZone } from './zone.ts'

/** The code under test; the mutation test hands in broken copies. */
export interface Engine {
  readonly runSite: typeof runSite
  readonly runOnce: typeof runOnce
  readonly encodeState: typeof encodeState
  readonly decodeState: typeof decodeState
}

export interface Outcome {
  readonly violations: readonly Violation[]
  readonly writes: number
  readonly checks: number
  /** What happened, for people who look into a seed. */
  readonly story: readonly string[]
}

const name = 'www.example.com' as Fqdn

const siteOf = (schedule: Schedule): Site => ({
  name,
  names: [name],
  provider: 'simulated',
  ttl: 60,
  windows: [],
  sources: {},
  quorum: undefined,
  replication: undefined,
  regions: schedule.regions.map((region) => ({
    name: region.name,
    role: region.role,
    source: { kind: 'service', service: `${region.name}.example.com` as Fqdn },
    replacements: [],
    promoteAfterMs: undefined,
  })),
  check: {
    identity: 'simulated',
    url: 'http://{site}/',
    method: 'GET',
    headers: {},
    expect: { status: [{ from: 200, to: 299 }], body: undefined, bodyBytes: 1024 },
    bounds: { connectMs: 1_000, tlsMs: 1_000, headersMs: 1_000, bodyMs: 1_000, totalMs: 1_000 },
    ca: undefined,
    minCertDays: undefined,
    maxRedirects: 0,
    everyMs: 5_000,
    schedule: undefined,
    fall: 3,
    rise: 2,
    confirmSpanMs: 1_000,
  },
  policy: {
    minPublished: schedule.minPublished,
    failOpenBelow: 1,
    failOpen: schedule.failOpen,
    foreign: 'keep',
    allowPrivate: false,
    damping: { baseMs: 5_000, maxMs: 20_000, halfLifeMs: 60_000 },
    budgetWindowMs: 30_000,
  },
  reference: [],
})

const timing = { resolveMs: 10_000, auditMs: 20_000, tickMs: 2_000, verifyMs: 5_000 }
const oneShotEveryMs = 15_000

const never = <T>(): Promise<T> => new Promise<T>(() => undefined)

/** Lives through one schedule, and says which rules were broken. */
export const simulate = async (seed: number, engine: Engine): Promise<Outcome> => {
  const schedule = scheduleOf(seed)
  const random = createRandom(seed ^ 0x5e_ed)
  const time = createVirtualTime()
  const site = siteOf(schedule)
  const world = createWorld(schedule, time, random)
  const evidence = createEvidence(site.check.rise)
  const rules = createRules(schedule, site, world, evidence)
  const story: string[] = []
  let writes = 0
  let checks = 0
  const tell = (text: string): void => void story.push(`${(time.now() / 1000).toFixed(3)} ${text}`)
  const zone = createZone(schedule, time, random, (mutation) => {
    if (mutation.change !== undefined) writes += 1
    const reasons = mutation.change?.reasons.map((each) => `${each.action} ${each.address ?? ''} ${each.rule}`).join(', ')
    tell(`${mutation.key.type} [${mutation.before.values.join(' ')}] -> [${mutation.after.values.join(' ')}] ${reasons ?? 'by somebody else'}`)
    rules.judge(mutation)
  })
  let wallOffset = 1_700_000_000_000
  let saved: string | undefined
  let crashes = [...schedule.crashes]
  const moment = (): Moment => ({ wallMs: time.now() + wallOffset, boot: { id: 'boot', uptimeMs: time.now() } })

  const start = (): void => {
    const startedAt = time.now()
    const clock = processClock(time, startedAt, () => wallOffset)
    const controller = new AbortController()
    let isDead = false
    let calls = 0

    const die = (losesState: boolean): void => {
      isDead = true
      crashes = crashes.slice(1)
      tell(`killed after ${calls} calls${losesState ? ', its state lost' : ''}`)
      if (losesState) saved = undefined
      time.at(time.now() + random.between(100, 5_000), () => {
        evidence.restart(losesState)
        rules.restart(losesState)
        start()
      })
    }

    /** One call through a port: the process may be killed before or after it takes effect. */
    const step = async <T>(effect: () => Promise<T> | T): Promise<T> => {
      if (isDead) return never()
      calls += 1
      const [crash] = crashes
      const isDue = crash !== undefined && calls === crash.afterCalls && time.now() < schedule.calmFrom
      if (isDue && crash.isBeforeEffect) {
        die(crash.losesState)
        return never()
      }
      const settled = await (async () => effect())().then(
        (value) => ({ isOk: true as const, value }),
        (error: unknown) => ({ isOk: false as const, error }),
      )
      if (isDead) return never()
      if (isDue) {
        die(crash.losesState)
        return never()
      }
      if (settled.isOk) return settled.value
      throw settled.error
    }

    const store: StateStore = {
      load: () =>
        step(() => {
          if (saved === undefined) return emptyState
          const decoded = engine.decodeState(saved, site.name, clock.now(), moment())
          if (decoded.kind !== 'state') throw new Error(`the state that was saved does not load: ${decoded.detail}`)
          return decoded.state
        }),
      save: (_, state) =>
        step(() => {
          saved = engine.encodeState(site.name, state, clock.now(), moment())
          evidence.saved()
        }),
    }
    const server = { name: 'ns', endpoint: { address: '192.0.2.53' as Address, port: 53 } }
    const ports: SitePorts = {
      clock: { ...clock, sleep: (ms, signal) => clock.sleep(ms, signal).then(() => (isDead ? never() : undefined)) },
      checker: {
        check: ({ address }, signal) =>
          step(async () => {
            const at = time.now()
            checks += 1
            const result = await world.check(address, clock.now)
            if (!isDead && !signal.aborted) evidence.deliver(address, result, at)
            return result
          }),
      },
      heartbeats: { read: async () => ({ kind: 'failed', askedAt: clock.now(), detail: 'not asked here' }), digest: async () => ({ kind: 'failed', detail: 'not asked here' }) },
      resolver: { resolve: (service) => step(() => world.resolve(service)) },
      provider: {
        ...zone.provider,
        read: (keys, signal) => step(() => zone.provider.read(keys, signal)),
        apply: (changes, signal) =>
          step(() => {
            rules.judgeIntent(changes, time.now())
            return zone.provider.apply(changes, signal)
          }),
      },
      authorities: {
        servers: () => step(() => [server]),
        ask: (_, key) =>
          step(() => {
            const { values, ttl } = zone.content(key)
            const at = clock.now()
            const outcome = values.length === 0 ? ({ kind: 'absent', rcode: 'NOERROR', serial: 1 } as const) : ({ kind: 'answer', values, ttl, serial: 1 } as const)
            return { server, askedAt: at, answeredAt: at, outcome }
          }),
      },
      references: { ask: () => step(() => world.askReferences(clock.now)) },
      store,
      orders: { load: async () => (schedule.pauses.some((each) => isWithin(time.now(), each)) ? { ...noOrders, pause: { until: undefined, reason: 'simulated', by: 'an operator' } } : noOrders) },
      serviceZones: { of: async () => ({ kind: 'not-ours' }) },
      local: new Set(),
      vantage: 'simulated',
      random: random.next,
      report: (event: EngineEvent) => {
        if (event.kind === 'health' || event.kind === 'mode') tell(`${event.kind} ${event.kind === 'health' ? `${event.address} ${event.text}` : event.family}: ${event.from ?? 'none'} -> ${event.to}`)
      },
    }
    if (schedule.engine === 'service') void engine.runSite(site, ports, timing, controller.signal)
    else void repeatOnce(ports, controller.signal)
  }

  const repeatOnce = async (ports: SitePorts, signal: AbortSignal): Promise<void> => {
    for (;;) {
      evidence.restart(false)
      await engine.runOnce(site, ports, { isDryRun: false, checksMs: 10_000, verifyMs: 3_000 }, signal)
      await ports.clock.sleep(oneShotEveryMs, signal)
    }
  }

  const initial = (key: RRsetKey): void => {
    const values = schedule.regions.flatMap((region) =>
      region.role === 'active' && region.families.includes(familyOfType(key.type)) ? [addressOf(region, familyOfType(key.type), 0)] : [],
    )
    if (values.length > 0) zone.edit(key, content(values, 300, []))
  }
  const editAt = (edit: (typeof schedule.edits)[number]) => () => {
    const key: RRsetKey = { name, type: edit.family === 'v4' ? 'A' : 'AAAA' }
    const now = zone.content(key)
    const [first] = now.values
    const region = random.pick(schedule.regions as [Schedule['regions'][number], ...Schedule['regions'][number][]])
    const foreign = (edit.family === 'v4' ? '198.18.0.99' : '2001:db8:f::99') as Address
    const values = {
      'add-foreign': [...now.values, foreign],
      'remove-ours': now.values.filter((value) => value !== first),
      ttl: now.values,
      'add-ours': [...now.values, ...(region.families.includes(edit.family) ? [addressOf(region, edit.family, 0)] : [])],
    }[edit.kind]
    zone.edit(key, content(values, edit.kind === 'ttl' ? 900 : now.ttl === 0 ? 60 : now.ttl, now.owned))
  }

  if (schedule.startsPublished) for (const type of addressTypes) initial({ name, type })
  for (const edit of schedule.edits) time.at(edit.at, editAt(edit))
  for (const step of schedule.clockSteps) time.at(step.at, () => void (wallOffset += step.byMs))
  start()
  await time.runUntil(schedule.end)
  const last = saved === undefined ? undefined : engine.decodeState(saved, site.name, 0, moment())
  rules.judgeEnd(zone, (address) => last?.kind === 'state' && last.state.health[address]?.hasPassed === true)
  return { violations: rules.violations, writes, checks, story }
}
