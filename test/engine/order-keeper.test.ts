import { expect, it } from 'vitest'
import { type DrainOrder, noOrders, type Orders } from '../../src/core/orders.ts'
import { createOrderKeeper } from '../../src/engine/order-keeper.ts'
import { v4 } from '../core/samples.ts'
import { makeBench, siteOf } from './bench.ts'

it('a reading that began before an order was given, and ended after it was read, does not take it back', async () => {
  const bench = makeBench()
  const drain: DrainOrder = { since: bench.ports.clock.wallNow(), until: undefined, reason: 'kernel', by: 'eve', isForced: false, origin: 'order' }
  const given: Orders = { drains: { msk: drain }, forces: {} }
  let end: (orders: Orders) => void = () => undefined
  const readings = [new Promise<Orders>((resolve) => void (end = resolve)), Promise.resolve(given)]
  const keeper = createOrderKeeper(siteOf({ msk: v4(1) }), { ...bench.ports, orders: { load: async () => readings.shift() ?? given } })
  const slow = keeper.refresh()
  expect(Object.keys((await keeper.refresh()).drains)).toEqual(['msk'])
  end(noOrders)
  expect(Object.keys((await slow).drains)).toEqual(['msk'])
  expect(Object.keys(keeper.orders().drains)).toEqual(['msk'])
  expect(bench.told('drained', 'undrained').map(({ kind }) => kind)).toEqual(['drained'])
})
