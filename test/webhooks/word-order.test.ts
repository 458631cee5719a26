import { describe, expect, it } from 'vitest'
import { withWord, type Words } from '../../src/core/word.ts'
import { createReplayMemory } from '../../src/webhooks/replay-memory.ts'
import { receive } from '../../src/webhooks/receive.ts'
import type { WebhookType } from '../../src/webhooks/webhook-source.ts'
import { delivery, fixtureTime, signed, source } from './delivering.ts'

/** What the engine's rule on event times makes of one delivery after the other, a minute apart. */
const hear = (type: WebhookType, bodies: readonly object[]): readonly string[] => {
  const from = source({ type, rules: [{ when: {}, site: 's', region: 'msk' }] })
  const memory = createReplayMemory(0)
  let words: Words = {}
  return bodies.map((body, index) => {
    const now = fixtureTime + (index + 1) * 60_000
    const reception = receive(from, delivery(body, {}, true), now, memory)
    if (reception.kind === 'refused') return reception.text
    return reception.words
      .map((word) => {
        const heard = withWord(words, { ...word, source: 'watch', forMs: 600_000 }, now)
        words = heard.words
        return `${word.opinion} ${heard.hearing}`
      })
      .join(', ')
  })
}

describe('alerts', () => {
  const alert = (status: string, startsAt: string, endsAt = '0001-01-01T00:00:00Z'): object => ({
    alerts: [{ status, labels: { alertname: 'A' }, fingerprint: 'f', startsAt: `2026-11-22T${startsAt}Z`, endsAt: endsAt.length > 12 ? endsAt : `2026-11-22T${endsAt}Z` }],
  })
  const firing = alert('firing', '15:00:00')

  it('renew by being repeated, end by being resolved, and are not brought back by a late repeat', () => {
    expect(hear('alertmanager', [firing, firing, alert('resolved', '15:00:00', '15:02:30'), firing])).toEqual(['down news', 'down renewed', 'up news', 'down older'])
  })

  it('end even where start and end fall on the same second, and are not brought back by a late repeat', () => {
    expect(hear('grafana', [firing, alert('resolved', '15:00:00', '15:00:00'), firing])).toEqual(['down news', 'up news', 'down older'])
  })

  it('fire again', () => {
    expect(hear('alertmanager', [firing, alert('resolved', '15:00:00', '15:02:30'), alert('firing', '15:02:30'), alert('resolved', '15:02:30', '15:04:00')])).toEqual(['down news', 'up news', 'down news', 'up news'])
  })

  it('of a start that moved back, as when two copies are merged, are older news until they end', () => {
    expect(hear('alertmanager', [firing, alert('firing', '14:59:00'), alert('resolved', '14:59:00', '15:03:00')])).toEqual(['down news', 'down older', 'up news'])
  })
})

it('monitors that tell no time are believed in the order in which they come', () => {
  const alert = (status: string): object => ({ name: 'a', status })
  expect(hear('gatus', [alert('TRIGGERED'), alert('TRIGGERED'), alert('RESOLVED'), alert('TRIGGERED')])).toEqual(['down news', 'down renewed', 'up news', 'down news'])
})

it('heartbeats count by their own time, and within the same second in the order in which they come', () => {
  const beat = (status: number, time: string): object => ({ heartbeat: { status, time: `2026-11-22 ${time}` }, monitor: { id: 1, name: 'a' }, msg: '' })
  expect(hear('uptime-kuma', [beat(0, '15:00:00.500'), beat(1, '15:01:00'), beat(0, '15:00:00.500'), beat(0, '15:01:00')])).toEqual(['down news', 'up news', 'down older', 'down news'])
})

describe('signed words without a time of their own', () => {
  const from = source({ secret: 'key' })
  /** What comes of deliveries, each signed at a second and heard at another, or by a process that starts with it. */
  const hearSigned = (all: readonly { readonly status: string; readonly signedAt: number; readonly heardAt: number; readonly isRestarted?: true }[]): readonly string[] => {
    let memory = createReplayMemory(fixtureTime)
    let words: Words = {}
    return all.map(({ status, signedAt, heardAt, isRestarted }) => {
      const now = fixtureTime + heardAt * 1000
      if (isRestarted === true) memory = createReplayMemory(now)
      const body = JSON.stringify({ site: 's', region: 'msk', status })
      const reception = receive(from, delivery(body, signed(body, 'key', fixtureTime / 1000 + signedAt)), now, memory)
      const [word] = reception.kind === 'accepted' ? reception.words : []
      if (reception.kind === 'refused' || word === undefined) return reception.kind === 'refused' ? reception.code : ''
      const heard = withWord(words, { ...word, source: 'watch', forMs: 600_000 }, now)
      words = heard.words
      return `${word.opinion} ${heard.hearing}`
    })
  }

  it('are no news once one signed later has been heard', () => {
    const held = { status: 'down', signedAt: 10, heardAt: 200 }
    expect(hearSigned([{ status: 'down', signedAt: 1, heardAt: 1 }, { status: 'up', signedAt: 100, heardAt: 100 }, held])).toEqual(['down news', 'up news', 'down older'])
  })

  it('move nothing when they are sent again to the process after, though the clock of their sender was ahead', () => {
    const down = { status: 'down', signedAt: 200, heardAt: 10 }
    const up = { status: 'up', signedAt: 201, heardAt: 11 }
    expect(hearSigned([down, up, { ...down, heardAt: 20, isRestarted: true }, { ...up, heardAt: 21, isRestarted: true }])).toEqual(['down news', 'up news', 'down older', 'up renewed'])
  })
})
