import { expect, it } from 'vitest'
import { leftMs, noOrders, pauseAt } from '../../src/core/orders.ts'

const hour = 3_600_000
const at = (wallMs: number, boot: string | undefined, uptimeMs = 0) => ({ wallMs, boot: boot === undefined ? undefined : { id: boot, uptimeMs } })

it.each([
  ['time passes', at(0, 'a', 1000), at(hour / 2, 'a', 1000 + hour / 2), hour / 2],
  ['it is over', at(0, 'a', 1000), at(hour, 'a', 1000 + hour), 0],
  ['the clock is set forwards a day meanwhile', at(0, 'a', 1000), at(24 * hour, 'a', 2000), hour - 1000],
  ['the clock is set back a day meanwhile', at(24 * hour, 'a', 1000), at(0, 'a', 1000 + hour), 0],
  ['the machine was started anew', at(0, 'a', 1000), at(hour / 4, 'b', 10), (3 * hour) / 4],
  ['it was started anew long ago', at(0, 'a', 1000), at(2 * hour, 'b', 10), 0],
  ['it was started anew with a clock from before the order', at(24 * hour, 'a', 1000), at(0, 'b', hour / 4), (3 * hour) / 4],
  ['such a machine has been up for as long as the pause lasts', at(24 * hour, 'a', 1000), at(hour, 'b', hour), 0],
  ['nothing but the clock is known', at(0, undefined), at(hour / 2, undefined), hour / 2],
] as const)('what is left of an hour when %s', (_, orderedAt, now, left) => expect(leftMs(orderedAt, hour, now)).toBe(left))

it('is in force until its end, or until it is taken back', () => {
  const pause = { until: 1000, reason: 'r', by: 'b' }
  const forEver = { ...pause, until: undefined }
  expect([pauseAt(noOrders, 0), pauseAt({ ...noOrders, pause }, 999), pauseAt({ ...noOrders, pause }, 1000), pauseAt({ ...noOrders, pause: forEver }, 1e15)]).toEqual([undefined, pause, undefined, forEver])
})
