import type { Address } from '../../src/core/address.ts'
import type { Orders } from '../../src/core/orders.ts'
import { addressTypes, typeOf } from '../../src/core/rrset.ts'
import { emptyState } from '../../src/core/site-state.ts'
import type { Moment } from '../../src/core/moment.ts'
import type { EngineEvent } from '../../src/engine/events.ts'
import type { LiveSite } from '../../src/engine/live-site.ts'
import type { runOnce } from '../../src/engine/once.ts'
import type { SitePorts, StateStore } from '../../src/engine/ports.ts'
import type { runSite } from '../../src/engine/run-site.ts'
import type { createZoneAudit } from '../../src/engine/zone-audit.ts'
import type { decodeState, encodeState } from '../../src/store/document.ts'
import type { ordersIn } from '../../src/store/stored-orders.ts'
import { createCaches } from './caches.ts'
import { createClosings } from './closings.ts'
import { createCrashPlan } from './crash-plan.ts'
import { createEvidence } from './evidence.ts'
import { startMonitors } from './monitors.ts'
import { createOrderBook, ordersInForce } from './order-book.ts'
import { type Knowledge, outWithinMs, type Violate } from './order-rules.ts'
import { editFromOutside } from './outside-edits.ts'
import { createPlaces, serviceOf } from './places.ts'
import { lookMs } from './promotion-rules.ts'
import { createRandom } from './random.ts'
import { createReadingRules } from './reading-rules.ts'
import { createRestRules, restLookMs } from './rest-rules.ts'
import { createRules, type Violation } from './rules.ts'
import { scheduleOf } from './schedule.ts'
import { createSilenceRules } from './silence-rules.ts'
import { siteOf } from './site.ts'
import { createStood, sampleMs } from './stood.ts'
import { createVirtualTime, processClock } from './virtual-time.ts'
import { createWakeRules } from './wake-rules.ts'
import { createWordBook } from './word-book.ts'
import { addressOf, createWorld } from './world.ts'
import { createZone } from './zone.ts'

/** The code under test; the mutation test hands in broken copies. */
export interface Engine {
  readonly runSite: typeof runSite
  readonly runOnce: typeof runOnce
  readonly createZoneAudit: typeof createZoneAudit
  readonly encodeState: typeof encodeState
  readonly decodeState: typeof decodeState
  readonly ordersIn: typeof ordersIn
}

export interface Outcome {
  readonly violations: readonly Violation[]
  readonly writes: number
  readonly checks: number
  /** How often what is rare has come about. */
  readonly stats: Readonly<Record<string, number>>
  /** What happened, for people who look into a seed. */
  readonly story: readonly string[]
}

const timing = { resolveMs: 10_000, auditMs: 20_000, tickMs: 2_000, verifyMs: 5_000 }
/** How often somebody asks whether it is safe yet. */
const safeLookMs = 1_500
const oneShotEveryMs = 15_000

const never = <T>(): Promise<T> => new Promise<T>(() => undefined)

/**
 * Lives through one schedule, and says which rules were broken. `isOneOfMany`: as a service watches a site among others, at turns of its own,
 * with readings that it shares with them, and connections that are held open to its servers.
 */
export const simulate = async (seed: number, engine: Engine, isOneOfMany = false): Promise<Outcome> => {
  const schedule = scheduleOf(seed)
  const random = createRandom(seed ^ 0x5e_ed)
  const time = createVirtualTime()
  const places = createPlaces(schedule, (key) => zone.content(key))
  const site = siteOf(schedule, places)
  const [name] = site.names
  const world = createWorld(schedule, time, random, (region, family) => zone.answer({ name: serviceOf(region), type: typeOf(family) }).values)
  const evidence = createEvidence(site.check)
  const words = createWordBook(schedule)
  const caches = createCaches()
  const stood = createStood(schedule, places, evidence, words)
  const orders = ordersInForce(schedule)
  let runningSince: number | undefined
  const resolved = new Set<string>()
  const ledTo = new Set<string>()
  const known: Knowledge = { schedule, places, evidence, words, stood, orders, caches, main: name, contentOf: (key) => zone.content(key), isResolved: (region) => resolved.has(region), hasLedTo: (region, address) => ledTo.has(`${region} ${address}`), runningSince: () => runningSince }
  const rules = createRules(known, site, world)
  const others: Violation[] = []
  const violate: Violate = (rule, at, text) => void others.push({ rule, at, text })
  const silences = createSilenceRules(known, site, violate)
  const readings = createReadingRules(schedule.compareAndSet, violate)
  const wakes = createWakeRules(time, site.policy.budgetWindowMs, (startedAt) => runningSince === startedAt, (violation) => void others.push(violation))
  const rests = createRestRules((from, until) => schedule.pauses.some((pause) => pause.from < until && pause.until > from), violate)
  const closings = isOneOfMany ? createClosings(known, time, world, violate) : undefined
  const stats: Record<string, number> = {}
  const count = (what: string): void => void (stats[what] = (stats[what] ?? 0) + 1)
  const story: string[] = []
  let writes = 0
  let checks = 0
  const tell = (text: string): void => void story.push(`${(time.now() / 1000).toFixed(3)} ${text}`)
  const zone = createZone(schedule, time, random, (mutation) => {
    if (mutation.change !== undefined) writes += 1
    const reasons = mutation.change?.reasons.map((each) => `${each.action} ${each.address ?? ''} ${each.rule}`).join(', ')
    tell(`${mutation.key.name} ${mutation.key.type} [${mutation.before.values.join(' ')}] -> [${mutation.after.values.join(' ')}] ${reasons ?? 'by somebody else'}`)
    places.moved(mutation)
    const moved = places.regionOfService(mutation.key)
    if (moved !== undefined && mutation.before.values.length > 0) words.moved(moved.name, mutation.at)
    if (mutation.key.name === name) caches.moved(mutation)
    else if (mutation.change !== undefined) count('promoted')
    for (const each of mutation.change?.reasons ?? []) if (each.action !== 'keep') count(`${each.action} ${each.rule}`)
    rules.judge(mutation)
  })
  let wallOffset = 1_700_000_000_000
  let saved: string | undefined
  const plan = createCrashPlan(schedule, time)
  const moment = (): Moment => ({ wallMs: time.now() + wallOffset, boot: { id: 'boot', uptimeMs: time.now() } })

  let live: LiveSite | undefined
  const book: { load(now: Moment): Orders } = createOrderBook(schedule, time, moment, engine.ordersIn, () => void live?.ordersChanged())

  const start = (): void => {
    runningSince = time.now()
    const startedAt = time.now()
    const clock = processClock(time, startedAt, () => wallOffset)
    const controller = new AbortController()
    let isDead = false
    let calls = 0

    const die = (losesState: boolean): void => {
      isDead = true
      live = undefined
      runningSince = undefined
      tell(`killed after ${calls} calls${losesState ? ', its state lost' : ''}`)
      if (losesState) {
        saved = undefined
        resolved.clear()
        ledTo.clear()
      }
      time.at(time.now() + random.between(100, 5_000), () => {
        evidence.restart(losesState)
        rules.restart(losesState)
        readings.restart()
        closings?.restart()
        words.restart(losesState)
        stood.restart(losesState)
        caches.restart(losesState, site.ttl, time.now())
        start()
      })
    }

    /** One call through a port: the process may be killed before or after it takes effect. */
    const step = async <T>(effect: () => Promise<T> | T, writing?: 'main' | 'service'): Promise<T> => {
      if (isDead) return never()
      calls += 1
      const crash = plan.due(calls, writing)
      if (crash?.isBeforeEffect === true) {
        die(crash.losesState)
        return never()
      }
      const settled = await (async () => effect())().then(
        (value) => ({ isOk: true as const, value }),
        (error: unknown) => ({ isOk: false as const, error }),
      )
      if (isDead) return never()
      if (crash !== undefined) {
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
    const provider: SitePorts['provider'] = {
      ...zone.provider,
      read: (keys, signal) =>
        step(async () => {
          const readAt = time.now()
          wakes.asked()
          rests.asked(time.now())
          const current = await zone.provider.read(keys, signal)
          if (!isDead) readings.read(current, readAt)
          for (const key of keys) if (key.name === name && !isDead) caches.seen(key)
          return current
        }),
      apply: (changes, signal) =>
        step(() => {
          rules.judgeIntent(changes, time.now())
          readings.judgeIntent(changes.filter(({ key }) => key.name === name), time.now())
          wakes.asked()
          rests.asked(time.now())
          return zone.provider.apply(changes, signal).finally(() => isDead || readings.wrote(changes, time.now()))
        }, changes.some(({ key }) => key.name === name) ? 'main' : 'service'),
    }
    const authorities: SitePorts['authorities'] = {
      servers: () => step(() => [server]),
      ask: (_, key) =>
        step(async () => {
          const askedAt = clock.now()
          const { values, ttl } = zone.answer(key)
          if (schedule.operations.answerMs > 0) await new Promise<void>((resolve) => void time.at(time.now() + schedule.operations.answerMs, resolve))
          const outcome = values.length === 0 ? ({ kind: 'absent', rcode: 'NOERROR', serial: 1 } as const) : ({ kind: 'answer', values, ttl, serial: 1 } as const)
          return { server, askedAt, answeredAt: clock.now(), outcome }
        }),
    }
    const ports: SitePorts = {
      clock: {
        ...clock,
        sleep: (ms, signal) => clock.sleep(ms, signal).then(() => (isDead ? never() : undefined)),
        after: (ms, act) => clock.after(ms, () => void (isDead || act())),
      },
      checker: {
        check: ({ address, watch }, signal) =>
          step(async () => {
            checks += 1
            const said = evidence.begin(address, time.now())
            closings?.began(address, watch)
            const result = await world.check(address, clock.now)
            if (!isDead) said(signal.aborted ? undefined : result)
            return result
          }),
      },
      heartbeats: { read: async () => ({ kind: 'failed', askedAt: clock.now(), detail: 'not asked here' }), digest: async () => ({ kind: 'failed', detail: 'not asked here' }) },
      resolver: {
        resolve: (service) =>
          step(async () => {
            const region = places.regionOfService({ name: service, type: 'A' })
            if (region === undefined) throw new Error(`no such subdomain: ${service}`)
            const resolution = await world.resolve(region)
            if (!isDead && resolution.v4.kind === 'found') resolved.add(region.name)
            for (const found of Object.values(resolution)) if (!isDead && found.kind === 'found') for (const address of found.addresses) ledTo.add(`${region.name} ${address}`)
            return resolution
          }),
      },
      provider,
      authorities,
      references: { ask: () => step(() => world.askReferences(clock.now)) },
      store,
      orders: { load: async () => book.load(moment()) },
      serviceZones: { of: async () => ({ kind: 'ours', provider, authorities }) },
      local: new Set(),
      vantage: 'simulated',
      random: random.next,
      report: (event: EngineEvent) => {
        if (event.kind === 'health' && event.to === 'down') silences.fell(event.address, time.now())
        if (event.kind === 'promotion-failed' || event.kind === 'promoted') tell(`${event.kind}: ${event.text}`)
        if (event.kind === 'health' || event.kind === 'mode') tell(`${event.kind} ${event.kind === 'health' ? `${event.address} ${event.text}` : event.family}: ${event.from ?? 'none'} -> ${event.to}`)
      },
    }
    if (schedule.engine === 'service') {
      const attach = (one: LiveSite): void => {
        if (!isDead) live = one
      }
      let askedAt = 0
      const beat = (state: ReturnType<LiveSite['state']>): void => {
        if (!isDead) wakes.wentRound(state, startedAt)
        if (isDead || Object.keys(state.safe).length === 0 || time.now() - askedAt < safeLookMs) return
        askedAt = time.now()
        for (const { region, drain } of live?.view().regions ?? []) {
          if (drain?.progress.phase !== 'safe') continue
          count('safe')
          rules.judgeSafe(region, time.now())
        }
      }
      if (!isOneOfMany) return void engine.runSite(site, ports, timing, controller.signal, { attach, beat })
      const audit = engine.createZoneAudit(ports.clock)
      void engine.runSite(site, ports, { ...timing, auditMs: Number.POSITIVE_INFINITY }, controller.signal, { attach, beat, audit, isSpread: true })
      void auditEvery(timing.auditMs, audit, ports, controller.signal)
    } else void repeatOnce(ports, controller.signal)
  }

  const auditEvery = async (ms: number, audit: ReturnType<typeof createZoneAudit>, ports: SitePorts, signal: AbortSignal): Promise<void> => {
    for (;;) {
      await ports.clock.sleep(ms, signal)
      await audit.run(signal)
    }
  }

  const repeatOnce = async (ports: SitePorts, signal: AbortSignal): Promise<void> => {
    for (;;) {
      evidence.restart(false)
      await engine.runOnce(site, ports, { isDryRun: false, checksMs: 10_000, verifyMs: 3_000 }, signal)
      await ports.clock.sleep(oneShotEveryMs, signal)
    }
  }

  editFromOutside(schedule, time, random, zone, name)
  for (const step of schedule.clockSteps) time.at(step.at, () => void (wallOffset += step.byMs))
  startMonitors(schedule, time, random, world, places, (word, mode) => {
    if (live === undefined) return
    live.hear(word, mode)
    words.heard(word.source, word.region, word.opinion, word.eventAt, time.now())
  })
  const repeatedly = (ms: () => number, act: () => void): void =>
    void time.at(time.now() + ms(), () => {
      act()
      repeatedly(ms, act)
    })
  if (schedule.engine === 'service') repeatedly(() => restLookMs, () => rests.look(live, time.now()))
  if (schedule.operations.sources.length > 0) repeatedly(() => sampleMs, () => stood.look(time.now()))
  if (Object.keys(schedule.operations.replacements).length > 0) repeatedly(() => lookMs, () => rules.look(time.now()))
  if (schedule.operations.orders.length > 0) {
    const ask = (): void => {
      for (const type of addressTypes) caches.ask({ name, type }, zone.answer({ name, type }), time.now())
    }
    repeatedly(() => random.between(200, 6_000), ask)
  }
  for (const order of schedule.operations.orders.filter(({ kind }) => kind !== 'up')) time.at(order.from + outWithinMs, () => rules.judgeOut(order, time.now()))
  for (const region of schedule.regions) {
    for (const fault of region.faults.filter(({ kind }) => kind === 'frozen')) {
      for (const family of region.families) {
        const silence = { region, address: addressOf(region, family, 0), fault }
        time.at(fault.from, () => {
          if (!silences.mustBeNoticed(silence)) return
          count('silent')
          time.at(fault.from + silences.noticedWithinMs, () => silences.judge(silence, time.now()))
        })
      }
    }
  }
  start()
  await time.runUntil(schedule.end)
  const last = saved === undefined ? undefined : engine.decodeState(saved, site.name, 0, moment())
  rules.judgeEnd(zone, (address) => last?.kind === 'state' && last.state.health[address]?.hasPassed === true)
  return { violations: [...rules.violations, ...others], writes, checks, stats, story }
}
