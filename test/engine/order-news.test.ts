import { expect, it } from 'vitest'
import { noOrders, type Orders } from '../../src/core/orders.ts'
import type { Moment } from '../../src/core/moment.ts'
import { createOrderKeeper } from '../../src/engine/order-keeper.ts'
import { orderNews } from '../../src/engine/order-news.ts'
import { nothingStored, type StoredOrders } from '../../src/store/order-document.ts'
import { ordersIn } from '../../src/store/stored-orders.ts'
import { v4 } from '../core/samples.ts'
import { makeBench, siteOf } from './bench.ts'

const hour = 3_600_000
const wall = 1_800_000_000_000
const momentAt = (uptimeMs: number, setBy = 0): Moment => ({ wallMs: wall + uptimeMs + setBy, boot: { id: 'boot', uptimeMs } })
const orderedAt = momentAt(0)
const stored: StoredOrders = {
  ...nothingStored,
  drains: [{ region: 'msk', orderedAt, forMs: hour, reason: 'kernel', by: 'eve', isForced: false }],
  forces: [{ region: 'ams', orderedAt, forMs: hour, reason: 'a test', by: 'eve', to: 'down' }],
}

it.each([
  ['forwards', 6 * hour],
  ['back', -6 * hour],
])('a clock that is set %s tells no order twice', async (_, setBy) => {
  const bench = makeBench()
  let moment = momentAt(60_000)
  const clock = { ...bench.ports.clock, wallNow: () => moment.wallMs }
  const keeper = createOrderKeeper(siteOf({ msk: v4(1), ams: v4(2) }), { ...bench.ports, clock, orders: { load: async () => ordersIn(stored, moment) } })
  await keeper.refresh()
  moment = momentAt(3_500_000)
  await keeper.refresh()
  moment = momentAt(3_501_000, setBy)
  await keeper.refresh()
  expect(bench.told('drained', 'undrained', 'forced', 'unforced', 'drain-ending').map(({ kind }) => kind)).toEqual(['drained', 'forced', 'drain-ending'])
})

const drains = (over: object): Orders => ({ ...noOrders, drains: { msk: { id: '1', since: wall, until: wall + hour, reason: 'kernel', by: 'eve', isForced: false, origin: 'order', ...over } } })

it.each<[string, Orders, readonly string[]]>([
  ['the same order, on a clock that was set', drains({ since: wall + hour, until: wall + 2 * hour }), []],
  ['another one of the same words', drains({ id: '2' }), ['drained msk']],
  ["somebody else's", drains({ by: 'ann' }), ['drained msk']],
  ['a planned window', drains({ origin: 'window' }), ['drained msk']],
  ['none', noOrders, ['undrained msk']],
])('after a drain: %s', (_, now, expected) => expect(orderNews(drains({}), now).map(({ kind, ...rest }) => `${kind} ${'region' in rest ? rest.region : ''}`)).toEqual(expected))
