import { expect, it } from 'vitest'
import { exposedUntil } from '../../src/core/exposure.ts'
import { keyText } from '../../src/core/rrset.ts'
import type { LiveSite } from '../../src/engine/live-site.ts'
import { runSite } from '../../src/engine/run-site.ts'
import { keyA, named, v4 } from '../core/samples.ts'
import { makeBench, minutes, siteOf, timing } from './bench.ts'

const [msk, ams] = [v4(1), v4(2)]

it('remembers what stood there only between two of its own writes', async () => {
  const bench = makeBench()
  const www = named('www.example.com')
  const site = siteOf({ msk, ams }, { names: [keyA.name, www] })
  const provider = { ...bench.ports.provider, capabilities: { ...bench.ports.provider.capabilities, batch: 1 } }
  let live: LiveSite | undefined
  void runSite(site, { ...bench.ports, provider }, timing, new AbortController().signal, { attach: (attached) => void (live = attached) })
  await bench.time.runUntil(minutes(1))
  bench.world.orders = { drains: { msk: { since: 0, until: undefined, reason: 'x', by: 'y', isForced: false, origin: 'order' } }, forces: {} }
  await bench.time.runUntil(minutes(4))
  expect(live?.view().regions[0]?.drain?.progress.phase).toBe('safe')

  const key = keyText(keyA)
  const set = bench.zone.get(key)
  if (set === undefined) throw new Error('there is no set')
  for (const text of [key, keyText({ name: www, type: 'A' })]) bench.zone.set(text, { ...set, values: [msk, ams], ttl: 300 })
  await bench.time.runUntil(minutes(6))
  expect(bench.zone.get(key)?.values).toEqual([ams])
  const until = exposedUntil(live?.state().exposures ?? {}, [keyA], [msk])
  expect(until).toBeGreaterThan(minutes(4) + 300_000)
  expect(live?.view().regions[0]?.drain?.progress.phase).toBe('expiring')
})
