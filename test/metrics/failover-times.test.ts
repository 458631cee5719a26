import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { EngineEvent } from '../../src/engine/events.ts'
import { failoverTimes, type FailoverTime, type Falls } from '../../src/metrics/failover-times.ts'
import { address } from '../fakes/dns-names.ts'
import { health, verified, written } from './engine-events.ts'

const [one, two, three] = [address('192.0.2.1'), address('192.0.2.2'), address('2001:db8::1')]

const told = (events: readonly (readonly [at: number, event: EngineEvent])[]): { readonly times: readonly FailoverTime[]; readonly falls: Falls } =>
  events.reduce<{ readonly times: readonly FailoverTime[]; readonly falls: Falls }>(
    ({ times, falls }, [at, event]) => {
      const next = failoverTimes(falls, event, at)
      return { times: [...times, ...next.times], falls: next.falls }
    },
    { times: [], falls: new Map() },
  )

describe('how long a failover took', () => {
  it.each<[string, readonly (readonly [number, EngineEvent])[], readonly FailoverTime[]]>([
    [
      'from the first failed check to the last name server',
      [
        [5000, health('192.0.2.1', 'up', 'down', 2000)],
        [5400, written([one, two], [two])],
        [9000, verified('agreed', 3500)],
      ],
      [
        { part: 'detection', seconds: 3 },
        { part: 'withdrawal', seconds: 0.4 },
        { part: 'effect', seconds: 3.5 },
      ],
    ],
    ['is not known of what was down at the start', [[5000, health('192.0.2.1', 'unknown', 'down', 2000)], [6000, written([one, two], [two])]], []],
    ['has no withdrawal if it was up again before', [[5000, health('192.0.2.1', 'up', 'down')], [6000, health('192.0.2.1', 'down', 'up')], [7000, written([one, two], [two])]], []],
    ['has one withdrawal, by the first write without the address', [[5000, health('192.0.2.1', 'up', 'down')], [6000, written([one, two], [two])], [8000, written([one, two], [two])]], [{ part: 'withdrawal', seconds: 1 }]],
    ['has no withdrawal by a write that leaves or adds the address', [[5000, health('192.0.2.1', 'up', 'down')], [6000, written([one, two], [one])], [7000, written([two], [one, two])]], []],
    [
      'is told of each of several addresses',
      [
        [5000, health('192.0.2.1', 'up', 'down')],
        [6000, health('2001:db8::1', 'up', 'down')],
        [7000, written([one, two], [two])],
        [9000, written([two, three], [two])],
      ],
      [
        { part: 'withdrawal', seconds: 2 },
        { part: 'withdrawal', seconds: 3 },
      ],
    ],
    ['has no effect while name servers disagree or cannot be asked', [[5000, verified('disagreed', undefined)], [6000, verified('unconfirmed', undefined)]], []],
    ['counts from the later fall after a restart of the check', [[5000, health('192.0.2.1', 'up', 'down')], [5500, health('192.0.2.1', 'down', 'unknown')], [6000, written([one, two], [two])]], []],
  ])('%s', (_, events, times) => {
    expect(told(events).times).toEqual(times)
  })

  it('is never negative, and never remembers more than 256 falls', () => {
    const event = fc.oneof(
      fc.tuple(fc.integer({ min: 0, max: 999 }), fc.constantFrom('up', 'down', 'unknown'), fc.option(fc.integer(), { nil: undefined })).map(([n, to, since]) => health(`10.0.${n >> 8}.${n & 255}`, 'up', to, since)),
      fc.array(fc.integer({ min: 0, max: 999 })).map((all) => written(all.map((n) => address(`10.0.${n >> 8}.${n & 255}`)), [])),
      fc.integer().map((ms) => verified('agreed', ms)),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer(), event), { maxLength: 600, size: 'max' }), (events) => {
        const { times, falls } = told(events)
        expect(times.every(({ seconds }) => seconds >= 0)).toBe(true)
        expect(falls.size).toBeLessThanOrEqual(256)
      }),
      { numRuns: 50 },
    )
  })

  it('forgets the oldest of too many falls first', () => {
    const falls = Array.from({ length: 300 }, (_, n) => [n, health(`10.0.${n >> 8}.${n & 255}`, 'up', 'down')] as const)
    const known = [...told(falls).falls]
    expect([known.length, known[0], known.at(-1)]).toEqual([256, ['10.0.0.44', 44], ['10.0.1.43', 299]])
  })
})
