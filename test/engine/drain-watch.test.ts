import { expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import type { ServerAnswer } from '../../src/core/answer.ts'
import { withExposure } from '../../src/core/exposure.ts'
import type { CurrentRRset, RRsetKey } from '../../src/core/rrset.ts'
import { emptyState, pruned, type SiteState, withResolution } from '../../src/core/site-state.ts'
import { type ServerReport, verificationOf } from '../../src/core/verification.ts'
import { createDrainWatch } from '../../src/engine/drain-watch.ts'
import { decodeState, encodeState } from '../../src/store/document.ts'
import { keyA, region, rrset, site, v4, v6 } from '../core/samples.ts'

const never = new AbortController().signal
const seconds = (count: number): number => count * 1000
const drained: SiteState = { ...emptyState, drains: { msk: { reason: 'kernel' } }, regions: { msk: { addresses: [v4(1)], problems: {} }, ams: { addresses: [v4(2)], problems: {} } } }

const found = (...addresses: readonly Address[]) => ({ v4: { kind: 'found', addresses }, v6: { kind: 'found', addresses: [] } }) as const
/** Its subdomain leads elsewhere, and what it led to stands in no set any more. */
const pointedTo = (state: SiteState, address: Address): SiteState => pruned(withResolution(state, region('msk'), found(address)), site(), [rrset(keyA, [v4(2)])])

/** A name server that was seen with what was written, or could not be asked. */
const reported = (name: string, address: Address, standing: 'agrees' | 'unreachable'): ServerReport => {
  const server = { name, endpoint: { address, port: 53 } }
  return { server, standing, answer: { server, askedAt: 0, answeredAt: 0, outcome: { kind: 'unreachable', detail: '' } }, agreedAt: standing === 'agrees' ? 0 : undefined, otherTtl: 0 }
}

/** A watch over what is known, with a name server that answers with what it is told to. */
const watching = (initial: SiteState) => {
  const server = { name: 'ns', endpoint: { address: v4(53), port: 53 } }
  const world = { now: 0, state: initial, current: [rrset(keyA, [v4(2)])] as readonly CurrentRRset[], answers: [v4(2)] as readonly Address[], ttl: 60, firstReadAt: 0, isSilent: false }
  const known = {
    state: () => world.state,
    update: (change: (state: SiteState) => SiteState) => void (world.state = change(world.state)),
    current: () => world.current,
    firstReadAt: () => world.firstReadAt,
  }
  const ask = async (): Promise<ServerAnswer> => ({ server, askedAt: world.now, answeredAt: world.now, outcome: world.isSilent ? { kind: 'unreachable', detail: 'no answer' } : { kind: 'answer', values: world.answers, ttl: world.ttl, serial: 1 } })
  const clock = { now: () => world.now, wallNow: () => world.now, sleep: async () => undefined, after: () => () => undefined }
  const start = () => createDrainWatch(site(), known, { authorities: { servers: async () => [server], ask }, clock })
  let watch = start()
  const phaseAt = async (now: number): Promise<string> => {
    world.now = now
    await watch.look(never)
    return watch.progress('msk', undefined).phase
  }
  /** The process is killed, and the next one knows what was written down. */
  const restart = (): void => {
    const moment = { wallMs: world.now, boot: undefined }
    const decoded = decodeState(encodeState('a.example', world.state, world.now, moment), 'a.example', world.now, moment)
    if (decoded.kind !== 'state') throw new Error(decoded.detail)
    world.firstReadAt = world.now
    world.state = { ...decoded.state, drains: world.state.drains }
    watch = start()
  }
  return { world, phaseAt, restart, agreed: (key: RRsetKey, expected: readonly Address[], ...servers: readonly ServerReport[]) => watch.verified(verificationOf(key, expected, servers, 0, undefined)) }
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
  world.state = pointedTo(world.state, v4(9))
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

it('a restart in the middle does not forget the server that it led to before: it is safe when caches have let go of that, not before', async () => {
  const { world, phaseAt, restart } = watching({ ...drained, exposures: withExposure({}, keyA, { values: [v4(1)], ttl: 3600 }, 0) })
  expect(await phaseAt(seconds(100))).toBe('expiring')
  world.state = pointedTo(world.state, v4(9))
  expect(await phaseAt(seconds(101))).toBe('expiring')
  restart()
  expect([await phaseAt(seconds(102)), await phaseAt(seconds(3600)), await phaseAt(seconds(3602))]).toEqual(['expiring', 'expiring', 'safe'])
})

it('nor that a name server may still hand out what was there with a longer TTL', async () => {
  const { world, phaseAt, restart } = watching(drained)
  world.current = [rrset(keyA, [v4(1), v4(2)], undefined, 3600)]
  await phaseAt(seconds(1))
  world.current = [rrset(keyA, [v4(2)])]
  world.isSilent = true
  expect(await phaseAt(seconds(10))).toBe('spreading')
  restart()
  expect(await phaseAt(seconds(200))).toBe('spreading')
  world.isSilent = false
  expect([await phaseAt(seconds(300)), await phaseAt(seconds(3900)), await phaseAt(seconds(3902))]).toEqual(['expiring', 'expiring', 'safe'])
})

it('nor the TTL that a name server gave by itself', async () => {
  const { world, phaseAt, restart } = watching(drained)
  world.answers = [v4(1), v4(2)]
  world.ttl = 900
  expect(await phaseAt(seconds(10))).toBe('spreading')
  restart()
  world.answers = [v4(2)]
  expect([await phaseAt(seconds(300)), await phaseAt(seconds(1200)), await phaseAt(seconds(1202))]).toEqual(['expiring', 'expiring', 'safe'])
})

const [first, second, secondByV6] = [reported('ns1', v4(53), 'agrees'), reported('ns2', v4(54), 'agrees'), reported('ns2', v6(54), 'unreachable')]
it.each<[string, readonly ServerReport[], readonly Address[], boolean]>([
  ['but once all name servers have been seen with the newest, its TTL is all that counts', [first, second], [v4(1), v4(2)], true],
  ['also where one could not be asked at its address of the other family', [first, second, secondByV6], [v4(1), v4(2)], true],
  ['not where one could not be asked', [first, reported('ns2', v4(54), 'unreachable')], [v4(1), v4(2)], false],
  ['nor where they were asked for what is the newest no more', [first, second], [v4(1)], false],
  ['nor where none was asked', [], [v4(1), v4(2)], false],
])('%s', async (_, servers, expected, isForgotten) => {
  const { world, phaseAt, restart, agreed } = watching(drained)
  world.current = [rrset(keyA, [v4(1), v4(2)], undefined, 3600)]
  await phaseAt(seconds(1))
  world.current = [rrset(keyA, [v4(1), v4(2)])]
  await phaseAt(seconds(2))
  agreed(keyA, expected, ...servers)
  await phaseAt(seconds(3000))
  world.current = [rrset(keyA, [v4(2)])]
  restart()
  expect([await phaseAt(seconds(3500)), await phaseAt(seconds(3602)), await phaseAt(seconds(3604)), await phaseAt(seconds(7000)), await phaseAt(seconds(7102))]).toEqual(
    isForgotten ? ['expiring', 'expiring', 'safe', 'safe', 'safe'] : ['expiring', 'expiring', 'expiring', 'expiring', 'safe'],
  )
})
