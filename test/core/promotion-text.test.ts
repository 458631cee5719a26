import { expect, it } from 'vitest'
import { promotedText, promotionFailedText } from '../../src/core/promotion-text.ts'
import { type ServerReport, type ServerStanding, verificationOf } from '../../src/core/verification.ts'
import { at, keyA, region, v4, v6 } from './samples.ts'

const due = { region: region('msk'), from: [v4(1), v6(1)], to: [v4(9)], downMs: 3_725_000 }
const report = (name: string, standing: ServerStanding): ServerReport => {
  const server = { name, endpoint: { address: at('192.0.2.53'), port: 53 } }
  return { server, standing, answer: { server, askedAt: 0, answeredAt: 0, outcome: { kind: 'unreachable', detail: '' } }, agreedAt: standing === 'agrees' ? 10 : undefined, otherTtl: 0 }
}
const seen = (...standings: readonly ServerStanding[]): string =>
  promotedText('a.example.com', 'msk.example.com', due, [verificationOf(keyA, [v4(9)], standings.map((standing, index) => report(`ns${index + 1}`, standing)), 0, 60)])

it('says what has taken over, from what, why, and how to go back', () => {
  expect(seen('agrees', 'agrees')).toBe(
    'region msk was down for 1 h 2 min 5 s, so its replacement has taken over: msk.example.com leads to 192.0.2.9 instead of 192.0.2.1, 2001:db8::1; its 2 name servers agree. ' +
      'It does not go back by itself: dns-failover repoint msk 192.0.2.1 2001:db8::1 --site a.example.com',
  )
})

it('says which name servers have not been seen to agree', () => {
  expect(seen('agrees')).toContain('its name server agrees.')
  expect(seen('agrees', 'differs', 'unreachable')).toContain('not every name server has been seen to agree: ns2 differs, ns3 unreachable.')
  expect(promotedText('a.example.com', 'msk.example.com', due, [])).toContain('not every name server has been seen to agree.')
})

it('says why it did not work, and when it is tried again', () => {
  expect(promotionFailedText(due, 'no answer', 600_000)).toBe('region msk is to be taken over by 192.0.2.9, which did not work: no answer; tried again in 10 min')
})
