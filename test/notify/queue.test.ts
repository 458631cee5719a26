import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Alert } from '../../src/notify/alert.ts'
import { mayGoAt, withSent } from '../../src/notify/pace.ts'
import { emptyQueue, flapsOf, isPassed, readyAt, takeBatch, withAlert, withMore } from '../../src/notify/queue.ts'
import { alert, resolved } from './happenings.ts'

const pace = { groupMs: 30_000, perHour: 20 }
const hourMs = 3_600_000
const queueOf = (alerts: readonly Alert[]) => alerts.reduce((queue, each) => withAlert(queue, each, pace, 0), emptyQueue)
const itemsOf = (alerts: readonly Alert[]) => takeBatch(queueOf(alerts), pace, 0).batch.items.map((item) => [item.alert.isResolved ? 'end' : 'begin', flapsOf(item), isPassed(item)])

describe('within one group', () => {
  it.each<[string, readonly Alert[], readonly unknown[]]>([
    ['a beginning is told', [alert()], [['begin', 0, false]]],
    ['an end of what was told is told', [resolved()], [['end', 0, false]]],
    ['what began and ended has passed', [alert(), resolved()], [['end', 1, true]]],
    ['what flapped and is wrong', [alert(), resolved(), alert(), resolved(), alert()], [['begin', 2, false]]],
    ['what was told, flapped and is over', [resolved(), alert(), resolved()], [['end', 1, false]]],
    ['what was told, flapped and is wrong', [resolved(), alert()], [['begin', 1, false]]],
    ['what was told, became graver and is over', [alert({ isAgain: true }), resolved()], [['end', 0, false]]],
    ['what became graver is told as it is now', [alert({ severity: 'info' }), alert({ isAgain: true })], [['begin', 0, false]]],
  ])('%s', (_, alerts, items) => expect(itemsOf(alerts)).toEqual(items))

  it('the gravest goes first, ends later, what has passed last', () => {
    const of = (key: string, change: Partial<Alert>): Alert => alert({ key, ...change })
    const queue = queueOf([of('passed', {}), of('passed', { isResolved: true }), of('over', { isResolved: true }), of('info', { severity: 'info' }), of('grave', { at: 2 }), of('older', { at: 1 }), of('warning', { severity: 'warning' })])
    expect(takeBatch(queue, pace, 0).batch.items.map((item) => item.alert.key)).toEqual(['older', 'grave', 'warning', 'info', 'over', 'passed'])
  })

  it('keeps 200 keys at most, the gravest, and counts the rest', () => {
    const many = Array.from({ length: 300 }, (_, at) => alert({ key: `${at}`, at, severity: at % 3 === 0 ? 'critical' : 'info' }))
    const { batch } = takeBatch(queueOf(many), pace, 0)
    expect([batch.items.length, batch.more, batch.items.filter((item) => item.alert.severity === 'critical').length]).toEqual([200, 100, 100])
  })

  it('takes a thousand flaps for one', () => {
    const flapping = Array.from({ length: 1000 }, (_, at) => (at % 2 === 0 ? alert() : resolved()))
    expect(itemsOf(flapping)).toEqual([['end', 500, true]])
  })
})

describe('when it goes out', () => {
  it('is when the group closes that the first alert opened', () => {
    const queue = withAlert(withAlert(emptyQueue, alert(), pace, 1000), alert({ key: 'other' }), pace, 20_000)
    expect(readyAt(queue, pace, 20_000)).toBe(31_000)
  })

  it('is never while nothing waits, though a number does', () => expect(readyAt(withMore(emptyQueue, 7), pace, 0)).toBeUndefined())

  it('tells the number with the next', () => {
    const { batch, queue } = takeBatch(withAlert(withMore(emptyQueue, 7), alert(), pace, 0), pace, 0)
    expect([batch.more, queue.more]).toEqual([7, 0])
  })

  it('sends one message in a minute of flapping, and has one to send', () => {
    let queue = emptyQueue
    let messages = 0
    for (let now = 0; now < 60_000; now += 60) {
      queue = withAlert(queue, (now / 60) % 2 === 0 ? alert() : resolved(), pace, now)
      const at = readyAt(queue, pace, now)
      if (at === undefined || at > now) continue
      queue = takeBatch(queue, pace, now).queue
      messages += 1
    }
    expect([messages, queue.items.size]).toEqual([1, 1])
  })
})

describe('the pace', () => {
  it('is never more than so many in any hour, nor less than one in half an hour where two may go', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.array(fc.integer({ min: 0, max: 600_000 }), { minLength: 100, maxLength: 200 }), (perHour, gaps) => {
        let now = 0
        let sent: readonly number[] = []
        const all: number[] = []
        for (const gap of gaps) {
          const wanted = now + gap
          now = mayGoAt(sent, perHour, wanted)
          expect(now - wanted).toBeLessThanOrEqual(perHour === 1 ? hourMs : hourMs / 2)
          sent = withSent(sent, now, perHour)
          all.push(now)
          expect(sent.length).toBeLessThanOrEqual(perHour)
        }
        for (const at of all) expect(all.filter((each) => each > at - hourMs && each <= at).length).toBeLessThanOrEqual(perHour)
      }),
      { numRuns: 50 },
    )
  })

  it('lets half of them go as they come', () => {
    expect([mayGoAt(Array<number>(9).fill(0), 20, 5), mayGoAt(Array<number>(10).fill(0), 20, 5) > 300_000]).toEqual([5, true])
  })
})
