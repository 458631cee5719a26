import { expect, it } from 'vitest'
import { noOrders, type Orders } from '../../src/core/orders.ts'
import type { SourceMode } from '../../src/core/word.ts'
import type { LiveSite } from '../../src/engine/live-site.ts'
import { runSite } from '../../src/engine/run-site.ts'
import { decodeState, encodeState } from '../../src/store/document.ts'
import { v4 } from '../core/samples.ts'
import { type Bench, makeBench, minutes, siteOf, timing } from './bench.ts'

const [msk, ams] = [v4(1), v4(2)]

interface Play extends Bench {
  say(opinion: 'up' | 'down', source?: string): void
  pass(ms: number): Promise<void>
  /** The process is killed, and another one takes over what was written down. */
  restart(): Promise<void>
}

/** A site with outside monitors that have a vote, both regions published, at minute 1. */
const play = async (sources: Readonly<Record<string, SourceMode>> = { kuma: 'vote' }): Promise<Play> => {
  const bench = makeBench()
  const site = siteOf({ msk, ams }, { sources })
  let live: LiveSite | undefined
  let events = 0
  let process = new AbortController()
  const moment = () => ({ wallMs: bench.ports.clock.wallNow(), boot: undefined })
  const start = (): void => {
    process = new AbortController()
    const store = {
      save: bench.ports.store.save,
      load: async (name: string) => {
        const decoded = decodeState(encodeState(name, await bench.ports.store.load(name), bench.time.now(), moment()), name, bench.time.now(), moment())
        if (decoded.kind !== 'state') throw new Error(decoded.detail)
        return decoded.state
      },
    }
    void runSite(site, { ...bench.ports, store }, timing, process.signal, { attach: (attached) => void (live = attached) })
  }
  const pass = (ms: number): Promise<void> => bench.time.runUntil(bench.time.now() + ms)
  start()
  await pass(minutes(1))
  expect(bench.history.at(-1)?.values).toEqual([msk, ams])
  bench.history.length = 0
  return {
    ...bench,
    pass,
    say: (opinion, source = 'kuma') => void live?.hear({ source, region: 'msk', monitor: 'a', opinion, detail: '', eventAt: (events += 1), forMs: minutes(30) }, 'vote'),
    restart: async () => {
      process.abort()
      await pass(2_000)
      start()
    },
  }
}

const drained = (bench: Bench): Orders => ({ ...noOrders, drains: { msk: { since: bench.ports.clock.wallNow(), until: undefined, reason: 'kernel', by: 'eve', isForced: false, origin: 'order' } } })
const sets = ({ history }: Bench) => history.map(({ values }) => values)

it('a region that was up, was drained, and is undrained while the vote is split comes back: up is what stood', async () => {
  const bench = await play()
  bench.world.orders = drained(bench)
  await bench.pass(5_000)
  bench.say('down')
  await bench.pass(5_000)
  bench.world.orders = noOrders
  await bench.pass(10_000)
  expect(sets(bench)).toEqual([[ams], [msk, ams]])
})

it('not while our own checks find it down: a drain that ends lets in only what passes', async () => {
  const bench = await play()
  bench.say('up')
  bench.world.orders = drained(bench)
  await bench.pass(5_000)
  bench.world.dead.add(msk)
  await bench.pass(minutes(1))
  bench.world.orders = noOrders
  await bench.pass(minutes(1))
  expect(sets(bench)).toEqual([[ams]])
  bench.world.dead.delete(msk)
  await bench.pass(minutes(1))
  expect(sets(bench)).toEqual([[ams], [msk, ams]])
})

it('nor where down is what stood', async () => {
  const bench = await play({ kuma: 'vote', gatus: 'vote' })
  bench.say('down')
  bench.say('down', 'gatus')
  await bench.pass(5_000)
  bench.world.orders = drained(bench)
  await bench.pass(5_000)
  bench.say('up', 'gatus')
  bench.world.dead.add(msk)
  await bench.pass(minutes(1))
  bench.world.dead.delete(msk)
  bench.say('down', 'gatus')
  await bench.pass(minutes(1))
  bench.world.orders = noOrders
  await bench.pass(minutes(1))
  expect(sets(bench)).toEqual([[ams]])
})

it('what stood is known after a restart, and counts once our own checks have said the same again', async () => {
  const bench = await play()
  bench.world.orders = drained(bench)
  await bench.pass(5_000)
  bench.say('down')
  await bench.pass(5_000)
  await bench.restart()
  bench.world.orders = noOrders
  bench.world.line = 'no-route'
  await bench.pass(minutes(2))
  expect(sets(bench)).toEqual([[ams]])
  bench.world.line = 'carries'
  await bench.pass(minutes(1))
  expect(sets(bench)).toEqual([[ams], [msk, ams]])
})
