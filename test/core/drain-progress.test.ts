import { expect, it } from 'vitest'
import { type DrainAnswer, drainProgress, type DrainFacts } from '../../src/core/drain-progress.ts'

const answer = (standing: DrainAnswer['standing'], name = 'ns1'): DrainAnswer => ({ name, address: '192.0.2.53:53', standing, detail: undefined })
const facts = (over: Partial<DrainFacts> = {}): DrainFacts => ({ heldBy: undefined, isPublished: false, answers: [answer('without')], exposedUntil: 1_000, safeSince: undefined, now: 5_000, ...over })

it.each<readonly [string, Partial<DrainFacts>, string, string]>([
  ['nothing was read yet', { isPublished: undefined }, 'withdrawing', 'have yet to be read'],
  ['it is still there', { isPublished: true }, 'withdrawing', 'is being withdrawn'],
  ['it is held', { isPublished: true, heldBy: 'too few others' }, 'held', 'too few others'],
  ['held a moment ago, and gone now', { heldBy: 'too few others' }, 'safe', 'nobody'],
  ['nobody was asked', { answers: undefined }, 'spreading', 'have yet to be asked'],
  ['there is nobody to ask', { answers: [] }, 'spreading', 'cannot be found'],
  ['one server lags', { answers: [answer('without'), answer('with', 'ns2')] }, 'spreading', 'ns2 still answers with it'],
  ['one cannot be asked', { answers: [answer('without'), answer('unreachable', 'ns2')] }, 'spreading', 'ns2 cannot be asked'],
  ['one cannot be asked by IPv6 from here', { answers: [answer('without'), { ...answer('unreachable'), address: '[2001:db8::53]:53' }] }, 'safe', 'nobody'],
  ['nor by IPv4, which says nothing of another one', { answers: [answer('without'), { ...answer('unreachable', 'ns2'), address: '[2001:db8::53]:53' }] }, 'spreading', 'ns2 cannot be asked'],
  ['one of its machines cannot be asked', { answers: [answer('without'), { ...answer('unreachable'), address: '192.0.2.54:53' }] }, 'spreading', 'ns1 cannot be asked'],
  ['by IPv4 it still hands it out', { answers: [answer('with'), { ...answer('unreachable'), address: '[2001:db8::53]:53' }] }, 'spreading', 'ns1 still answers with it'],
  ['one does not answer for the zone', { answers: [answer('without'), answer('lame', 'ns2')] }, 'safe', 'nobody'],
  ['caches may have it', { exposedUntil: 5_001 }, 'expiring', '1 s more'],
  ['to the millisecond', { exposedUntil: 5_000 }, 'safe', 'nobody'],
  ['what was safe stays safe', { safeSince: 3_000, answers: undefined, exposedUntil: 9_000 }, 'safe', 'nobody'],
  ['unless it is published again', { safeSince: 3_000, isPublished: true }, 'withdrawing', 'is being withdrawn'],
])('%s', (_, over, phase, text) => {
  const progress = drainProgress(facts(over))
  expect(progress.phase).toBe(phase)
  expect(progress.text).toContain(text)
})

it('says since when', () => {
  expect(drainProgress(facts())).toMatchObject({ expiresAt: 1_000, safeSince: 5_000 })
  expect(drainProgress(facts({ safeSince: 3_000 }))).toMatchObject({ safeSince: 3_000 })
})
