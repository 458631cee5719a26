import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { endpointText, parseEndpoint } from '../../src/core/endpoint.ts'
import { at, v4, v6 } from './samples.ts'

it.each([
  ['192.0.2.1', v4(1), 53],
  ['192.0.2.1:5300', v4(1), 5300],
  ['2001:db8::1', v6(1), 53],
  ['[2001:DB8::1]', v6(1), 53],
  ['[2001:db8::1]:5300', v6(1), 5300],
  ['192.0.2.1:1', v4(1), 1],
  ['192.0.2.1:65535', v4(1), 65_535],
])('reads %s', (text, address, port) => {
  expect(parseEndpoint(text, 53)).toEqual({ address, port })
})

it.each(['', 'localhost:53', '192.0.2.1:', '192.0.2.1:0', '192.0.2.1:65536', '192.0.2.1:-1', '192.0.2.1:5x', '[2001:db8::1', '2001:db8::1]:53', '[]:53', '[192.0.2.1]:53', '[192.0.2.1]', '192.0.2.1:53:53'])(
  'refuses %j',
  (text) => {
    expect(parseEndpoint(text, 53)).toBeUndefined()
  },
)

it('round trips', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()).map(at), fc.integer({ min: 1, max: 65_535 }), (address, port) => {
      expect(parseEndpoint(endpointText({ address, port }), 53)).toEqual({ address, port })
    }),
  )
})
