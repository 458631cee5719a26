// Addresses without a route are asked for in checker-elsewhere.test.ts: elsewhere they would be somebody's.
import { expect, it } from 'vitest'
import { hasRoute } from '../../src/checks/kernel-route.ts'
import type { Address } from '../../src/core/address.ts'

it.each(['127.0.0.1', '::1'])('there is a route to %s', async (address) => {
  expect(await hasRoute(address as Address)).toBe(true)
})
