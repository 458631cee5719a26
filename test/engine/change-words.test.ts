import { expect, it } from 'vitest'
import { changeWords } from '../../src/engine/change-words.ts'
import type { PlannedChangeView } from '../../src/engine/views.ts'
import { addressView, regionView } from '../metrics/views.ts'

const regions = [regionView('msk', { addresses: [addressView('192.0.2.1')] }), regionView('ams', { addresses: [addressView('192.0.2.2'), addressView('2001:db8::2')] })]
const mark = { address: null, action: 'mark', rule: 'mark', text: 'the ownership mark names the values that are ours' }
const timeout = 'timeout (no answer within 2 s), 3 failed checks while msk answered'

/** `-ADDRESS` or `+ADDRESS`, each with why. */
const change = (type: 'A' | 'AAAA', before: readonly string[], moves: Readonly<Record<string, string>>, name = 'www.example.com'): PlannedChangeView => {
  const [removed, added] = ['-', '+'].map((sign) => Object.keys(moves).filter((each) => each.startsWith(sign)).map((each) => each.slice(1)))
  return {
    name,
    type,
    before: { values: before, ttl: 60 },
    after: { values: [...before.filter((each) => removed?.includes(each) !== true), ...(added ?? [])], ttl: 60 },
    reasons: [...Object.entries(moves).map(([move, text]) => ({ address: move.slice(1), action: move.startsWith('-') ? 'remove' : 'add', rule: 'any', text })), { address: '192.0.2.1', action: 'keep', rule: 'up', text: 'up' }, mark],
    refused: null,
  }
}

it.each<[string, readonly PlannedChangeView[], string]>([
  ['a region that falls', [change('A', ['192.0.2.1', '192.0.2.2'], { '-192.0.2.1': timeout })], `msk withdrawn: ${timeout}`],
  ['a region that is back', [change('A', ['192.0.2.2'], { '+192.0.2.1': 'up' })], 'msk published'],
  ['a region with both families, and two names', [change('A', ['192.0.2.1', '192.0.2.2'], { '-192.0.2.2': 'drained: kernel' }), change('AAAA', ['2001:db8::2'], { '-2001:db8::2': 'drained: kernel' }), change('A', ['192.0.2.1', '192.0.2.2'], { '-192.0.2.2': 'drained: kernel' }, 'example.com')], 'ams withdrawn: drained: kernel'],
  ['one family of a region', [change('AAAA', ['2001:db8::2'], { '-2001:db8::2': timeout })], `ams (2001:db8::2) withdrawn: ${timeout}`],
  ['one for another', [change('A', ['192.0.2.1'], { '-192.0.2.1': timeout, '+192.0.2.2': 'up' })], `msk withdrawn: ${timeout}; ams (192.0.2.2) published`],
  ['an address of no region', [change('A', ['192.0.2.1', '192.0.2.9'], { '-192.0.2.9': 'replaced: its region leads elsewhere now' })], '192.0.2.9 withdrawn: replaced: its region leads elsewhere now'],
  ['our mark alone', [change('A', ['192.0.2.1'], {})], 'www.example.com A: mark: the ownership mark names the values that are ours'],
  ['nothing', [], ''],
])('tells of %s', (_, changes, text) => expect(changeWords(changes, regions)).toBe(text))
