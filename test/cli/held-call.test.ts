import { expect, it } from 'vitest'
import { createHeldCall } from '../../src/cli/held-call.ts'

it('makes up once for the calls that came before there was a listener', () => {
  const calls: string[] = []
  const held = createHeldCall()
  held.call()
  held.call()
  held.listen(() => calls.push('first'))
  expect(calls).toEqual(['first'])
  held.call()
  held.listen(() => calls.push('second'))
  held.call()
  expect(calls).toEqual(['first', 'first', 'second'])
})
