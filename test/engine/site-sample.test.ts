import { expect, it } from 'vitest'
import { noOrders, type DrainOrder, type ForceOrder } from '../../src/core/orders.ts'
import { content } from '../../src/core/rrset.ts'
import type { LiveSite } from '../../src/engine/live-site.ts'
import { runSite } from '../../src/engine/run-site.ts'
import { siteSample } from '../../src/engine/site-sample.ts'
import { standingsOf } from '../../src/history/standing.ts'
import { v4 } from '../core/samples.ts'
import { makeBench, minutes, siteOf, timing } from './bench.ts'

const [msk, ams, spb, foreign] = [v4(1), v4(2), v4(3), v4(9)]
const order = { since: 0, until: undefined, reason: 'a test', by: 'eve', origin: 'order' } as const
const drain: DrainOrder = { ...order, isForced: false }
const down: ForceOrder = { ...order, to: 'down' }

it('says of a site what the history takes from its view, however it stands', async () => {
  const bench = makeBench()
  const end = new AbortController()
  let attached: LiveSite | undefined
  const done = runSite(siteOf({ msk, ams, spb }), bench.ports, timing, end.signal, { attach: (live) => void (attached = live) })
  await bench.time.runUntil(1_500)
  if (attached === undefined) throw new Error('nothing was attached')
  const live = attached
  const same = (): readonly string[] => {
    const standings = standingsOf(siteSample(live))
    expect(standings).toEqual(standingsOf(live.view()))
    return standings.map(({ region, address, state, isPublished, isDegraded }) => `${region} ${address} ${state}${isPublished ? ' published' : ''}${isDegraded ? ' degraded' : ''}`)
  }
  same()
  await bench.time.runUntil(minutes(1))
  expect(same()).toEqual([`msk ${msk} up published`, `ams ${ams} up published`, `spb ${spb} up published`, 'msk  up published', 'ams  up published', 'spb  up published', '  up published'])

  bench.world.dead.add(msk)
  await bench.time.runUntil(minutes(2))
  expect(same()).toEqual([`msk ${msk} down`, `ams ${ams} up published`, `spb ${spb} up published`, 'msk  down', 'ams  up published', 'spb  up published', '  up published degraded'])

  bench.world.orders = { ...noOrders, drains: { msk: drain }, forces: { spb: down } }
  await bench.time.runUntil(minutes(20))
  expect(same()).toEqual([`msk ${msk} down`, `ams ${ams} up published`, `spb ${spb} up`, 'msk  down', 'ams  up published', 'spb  up', '  up published'])

  for (const [key, rrset] of bench.zone) if (key.endsWith(' A')) bench.zone.set(key, content([...rrset.values, foreign], rrset.ttl, rrset.owned))
  await bench.time.runUntil(minutes(25))
  expect(siteSample(live).others).toEqual([{ address: foreign, state: 'up', sets: live.current().map(({ key }) => ({ isPublished: key.type === 'A' })) }])
  same()
  end.abort()
  await bench.time.runUntil(minutes(26))
  await done
})
