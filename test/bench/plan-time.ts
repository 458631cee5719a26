import { setMaxListeners } from 'node:events'
import { at, named } from '../core/samples.ts'
import { makeBench, siteOf, timing } from '../engine/bench.ts'
import type { LiveSite } from '../../src/engine/live-site.ts'
import { runSite } from '../../src/engine/run-site.ts'
import { quantile } from './lateness.ts'

const addressesOf = (site: number) => Array.from({ length: 4 }, (_, index) => site * 4 + index).map((number) => at(`10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`))

const times = 5
/** Sites that are really there. Each is planned by itself, so more of them are the same ones once more. */
const sites = 20

/** Milliseconds to decide and to plan for as many sites as `counts` say, each of which has lost one of its four regions; the middle of several. */
export const planTimesMs = async (counts: readonly number[]): Promise<readonly number[]> => {
  const bench = makeBench()
  const stop = new AbortController()
  setMaxListeners(0, stop.signal)
  const lives: LiveSite[] = []
  const running = Array.from({ length: sites }, (_, index) => {
    const name = named(`site${index}.example.com`)
    const [a, b, c, d] = addressesOf(index)
    if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error('no addresses')
    const site = siteOf({ a, b, c, d }, { name, names: [name], policy: { ...siteOf({}).policy, allowPrivate: true } })
    return runSite(site, bench.ports, timing, stop.signal, { attach: (live) => void lives.push(live) })
  })
  await bench.time.runUntil(10_000)
  bench.world.provider = 'unreachable'
  for (let site = 0; site < sites; site += 1) for (const address of addressesOf(site).slice(0, 1)) bench.world.dead.add(address)
  await bench.time.runUntil(20_000)
  const timeOf = (count: number): number => {
    const took = Array.from({ length: times }, () => {
      const startedAt = performance.now()
      let changes = 0
      for (let done = 0; done < count; done += 1) changes += lives[done % sites]?.planUnder((orders) => orders).changes.length ?? 0
      if (changes !== count) throw new Error(`${changes} changes were planned for ${count} sites`)
      return performance.now() - startedAt
    })
    return quantile(took, 0.5)
  }
  // What is first timed is not yet compiled.
  timeOf(1000)
  const all = counts.map(timeOf)
  stop.abort()
  bench.world.provider = 'answers'
  await bench.time.runUntil(30_000)
  await Promise.all(running)
  return all
}
