import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientAddress, clientKey, proxyList } from '../../src/api/client-address.ts'
import { createRateLimit } from '../../src/api/rate-limit.ts'

describe('who asks', () => {
  const proxies = proxyList(['10.0.0.0/8', '192.0.2.7', '2001:db8:1::/48'])

  it.each([
    ['198.51.100.1', undefined, '198.51.100.1'],
    ['198.51.100.1', '203.0.113.9', '198.51.100.1'],
    ['10.1.2.3', '203.0.113.9', '203.0.113.9'],
    ['10.1.2.3', '1.1.1.1, 203.0.113.9', '203.0.113.9'],
    ['10.1.2.3', '1.1.1.1, 203.0.113.9, 192.0.2.7', '203.0.113.9'],
    ['::ffff:10.1.2.3', '203.0.113.9', '203.0.113.9'],
    ['2001:db8:1::5', '2001:db8:9::1', '2001:db8:9::1'],
    ['10.1.2.3', '10.0.0.1, 10.0.0.2', '10.0.0.1'],
    ['10.1.2.3', 'garbage', '10.1.2.3'],
    ['10.1.2.3', '203.0.113.9, garbage', '10.1.2.3'],
    ['10.1.2.3', '', '10.1.2.3'],
    ['10.1.2.3', `${'1.1.1.1,'.repeat(5000)}203.0.113.9`, '203.0.113.9'],
    [undefined, '203.0.113.9', undefined],
  ])('by %s, forwarded for %.60s: %s', (peer, forwarded, client) => expect(clientAddress(peer, forwarded, proxies)).toBe(client))

  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::', 'fe80:0:0:0::/64'],
  ])('%s is limited as %s', (address, key) => expect(clientKey(clientAddress(address, undefined, proxies))).toBe(key))
})

describe('the rate limit', () => {
  it('lets through as many at once as in a second, then as they come back', () => {
    const limit = createRateLimit(10)
    const taken = Array.from({ length: 12 }, () => limit.take('a', 0).isAllowed)
    expect(taken.filter(Boolean).length).toBe(10)
    expect(limit.take('a', 0)).toEqual({ isAllowed: false, waitMs: 100 })
    expect(limit.take('b', 0).isAllowed).toBe(true)
    expect(limit.take('a', 100).isAllowed).toBe(true)
    expect(limit.take('a', 100).isAllowed).toBe(false)
  })

  it('makes guessing dear, but keeps nobody out for ever', () => {
    const limit = createRateLimit(10)
    for (let at = 0; at < 1000; at += 1) limit.charge('a', 9, 0)
    expect(limit.take('a', 0)).toEqual({ isAllowed: false, waitMs: 10_000 })
    expect(limit.take('a', 10_000).isAllowed).toBe(true)
  })

  it('takes a new rate', () => {
    const limit = createRateLimit(1)
    expect(limit.take('a', 0).isAllowed).toBe(true)
    limit.setRate(100)
    expect(limit.take('a', 50).isAllowed).toBe(true)
  })

  it('forgets who has not asked for longest', () => {
    const limit = createRateLimit(1)
    limit.take('first', 0)
    for (let at = 0; at < 9_999; at += 1) limit.take(`client ${at}`, 0)
    expect(limit.take('first', 0).isAllowed).toBe(false)
    limit.take('one more', 0)
    expect(limit.take('first', 0).isAllowed).toBe(true)
  })

  it('never allows more than the rate, whenever is asked', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 300 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), steps, (rate, waits) => {
        const limit = createRateLimit(rate)
        let now = 0
        let allowed = 0
        for (const wait of waits) {
          now += wait
          if (limit.take('a', now).isAllowed) allowed += 1
        }
        return allowed <= rate + (now / 1000) * rate + 0.01
      }),
    )
  })
})
