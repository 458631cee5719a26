import { expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import type { ServerAnswer } from '../../src/core/answer.ts'
import { withExposure } from '../../src/core/exposure.ts'
import type { CurrentRRset } from '../../src/core/rrset.ts'
import { emptyState, type SiteState } from '../../src/core/site-state.ts'
import { createDrainWatch } from '../../src/engine/drain-watch.ts'
import { keyA, rrset, site, v4 } from '../core/samples.ts'

const never = new AbortController().signal
const seconds = (count: number): number => count * 1000
const drained: SiteState = { ...emptyState, drains: { msk: { reason: 'kernel' } }, regions: { msk: { addresses: [v4(1)], problems: {} }, ams: { addresses: [v4(2)], problems: {} } } }

/** A watch over what is known, with a name server that answers with what it is told to. */
const watching = (initial: SiteState) => {
  const server = { name: 'ns', endpoint: { address: v4(53), port: 53 } }
  const world = { now: 0, state: initial, current: [rrset(keyA, [v4(2)])] as readonly CurrentRRset[], answers: [v4(2)] as readonly Address[] }
  const known = {
    state: () => world.state,
    update: (change: (state: SiteState) => SiteState) => void (world.state = change(world.state)),
    current: () => world.current,
    firstReadAt: () => 0,
  }
  const ask = async (): Promise<ServerAnswer> => ({ server, askedAt: world.now, answeredAt: world.now, outcome: { kind: 'answer', values: world.answers, ttl: 60, serial: 1 } })
  const clock = { now: () => world.now, wallNow: () => world.now, sleep: async () => undefined }
  const watch = createDrainWatch(site(), known, { authorities: { servers: async () => [server], ask }, clock })
  const phaseAt = async (now: number): Promise<string> => {
    world.now = now
    await watch.look(never)
    return watch.progress('msk', undefined).phase
  }
  return { world, phaseAt }
}

it('says that a region is safe once the last version that held it has expired', async () => {
  const { world, phaseAt } = watching(drained)
  expect([await phaseAt(seconds(1)), await phaseAt(seconds(60)), await phaseAt(seconds(62))]).toEqual(['expiring', 'expiring', 'safe'])
  expect(world.state.safe).toEqual({ msk: seconds(62) })
})

it('not of one whose addresses are not known yet: after a lost state, before its subdomain has been resolved', async () => {
  const { world, phaseAt } = watching({ ...drained, regions: {} })
  expect(await phaseAt(seconds(600))).toBe('withdrawing')
  expect(world.state.safe).toEqual({})
  world.state = drained
  await phaseAt(seconds(601))
  expect(await phaseAt(seconds(663))).toBe('safe')
})

it('nor of one that was pointed elsewhere meanwhile, before caches have let go of the server that is to be rebooted', async () => {
  const { world, phaseAt } = watching({ ...drained, exposures: withExposure({}, keyA, { values: [v4(1)], ttl: 3600 }, 0) })
  expect(await phaseAt(seconds(100))).toBe('expiring')
  world.state = { ...world.state, regions: { ...world.state.regions, msk: { addresses: [v4(9)], problems: {} } } }
  expect([await phaseAt(seconds(101)), await phaseAt(seconds(3600)), await phaseAt(seconds(3602))]).toEqual(['expiring', 'expiring', 'safe'])
})

it('whoever else leads to the server by then', async () => {
  const { world, phaseAt } = watching({ ...drained, safe: { msk: seconds(62) } })
  expect(await phaseAt(seconds(100))).toBe('safe')
  world.state = { ...world.state, regions: { msk: { addresses: [v4(9)], problems: {} }, ams: { addresses: [v4(1)], problems: {} } } }
  world.current = [rrset(keyA, [v4(1)])]
  world.answers = [v4(1)]
  expect(await phaseAt(seconds(200))).toBe('safe')
})

it('and no more once it was handed out again, though it is withdrawn already', async () => {
  const { world, phaseAt } = watching({ ...drained, safe: { msk: seconds(62) } })
  expect(await phaseAt(seconds(100))).toBe('safe')
  world.state = { ...world.state, exposures: withExposure({}, keyA, { values: [v4(1)], ttl: 60 }, seconds(120)) }
  expect([await phaseAt(seconds(121)), await phaseAt(seconds(180)), await phaseAt(seconds(182))]).toEqual(['expiring', 'expiring', 'safe'])
  expect(world.state.safe).toEqual({ msk: seconds(182) })
})
