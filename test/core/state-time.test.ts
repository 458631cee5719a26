import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { elapsedMs, type Moment } from '../../src/core/moment.ts'
import { shifted } from '../../src/core/state-time.ts'
import { emptyState, type SiteState } from '../../src/core/site-state.ts'
import { downHealth, health, upHealth, v4, v6 } from './samples.ts'

const state: SiteState = {
  ...emptyState,
  regions: { msk: { addresses: [v4(1)], problems: { v6: 'NXDOMAIN' } } },
  retired: { [v4(9)]: 'msk' },
  drains: { ams: { reason: 'reboot' } },
  health: {
    [v4(1)]: downHealth({ since: 1_010, passingSince: 7, falls: { weight: 2, at: 1_010 } }),
    [v4(2)]: upHealth({ since: 5, readmitAt: 90_000 }),
    [v6(1)]: health({ since: 3 }),
  },
  removals: [{ address: v4(1), at: 1_020, isUncertain: true }],
  versions: { 'a.example A': [{ ttl: 60, values: [v4(1)], replacedAt: undefined }, { ttl: 3600, values: [v4(2)], replacedAt: 1_030 }] },
}

it('moves every time and nothing else', () => {
  expect(shifted(state, 1_000_000)).toEqual({
    ...state,
    health: {
      [v4(1)]: downHealth({
        since: 1_001_010,
        passingSince: 1_000_007,
        observedAt: 1_001_010,
        falls: { weight: 2, at: 1_001_010 },
        failing: { firstAt: 1_000_000, previousAt: 1_000_500, lastAt: 1_001_000, starts: [1_000_000, 1_000_500, 1_001_000], count: 3, cause: 'refused', detail: 'connection refused' },
      }),
      [v4(2)]: upHealth({ since: 1_000_005, passingSince: 1_000_000, observedAt: 1_000_010, falls: { weight: 0, at: 1_000_000 }, readmitAt: 1_090_000 }),
      [v6(1)]: health({ since: 1_000_003, passingSince: 1_000_000, falls: { weight: 0, at: 1_000_000 } }),
    },
    removals: [{ address: v4(1), at: 1_001_020, isUncertain: true }],
    versions: { 'a.example A': [{ ttl: 60, values: [v4(1)], replacedAt: undefined }, { ttl: 3600, values: [v4(2)], replacedAt: 1_001_030 }] },
  })
})

it('moves back to where it was', () => {
  fc.assert(
    fc.property(fc.integer(), (byMs) => {
      expect(shifted(shifted(state, byMs), -byMs)).toEqual(state)
    }),
  )
})

describe('elapsedMs', () => {
  const moment = (wallMs: number, id?: string, uptimeMs = 0): Moment => ({ wallMs, boot: id === undefined ? undefined : { id, uptimeMs } })
  it.each([
    ['one boot', moment(1_000, 'a', 500), moment(1_200, 'a', 700), 200],
    ['one boot, the clock went back', moment(1_000, 'a', 500), moment(0, 'a', 700), 200],
    ['one boot, the clock sprang forwards', moment(1_000, 'a', 500), moment(9e9, 'a', 700), 200],
    ['a reboot', moment(1_000, 'a', 500_000), moment(61_000, 'b', 10), 60_000],
    ['a reboot, the clock went back', moment(1_000, 'a', 500_000), moment(0, 'b', 10), 0],
    ['uptimes unknown', moment(1_000), moment(1_500), 500],
    ['uptime known only before', moment(1_000, 'a', 5), moment(1_500), 500],
    ['uptime known only now', moment(1_000), moment(1_500, 'a', 5), 500],
    ['an uptime that went back', moment(1_000, 'a', 500), moment(2_000, 'a', 400), 0],
  ])('%s', (_, from, to, expected) => {
    expect(elapsedMs(from, to)).toBe(expected)
  })
})
