import { describe, expect, it } from 'vitest'
import { counted, noPromotion, type Promotion, promotionBackoffMs, type PromotionFacts } from '../../src/core/promotion.ts'

const facts = { down: { is: 'down', heldBy: undefined }, up: { is: 'up', heldBy: undefined }, open: { is: 'undecided', heldBy: undefined }, held: { is: 'down', heldBy: 'drained' } } as const satisfies Record<string, PromotionFacts>

/** One look a second, unless `+N` says how many seconds lie before the next. */
const after = (looks: string, from: Promotion = noPromotion): Promotion => {
  let promotion = from
  let now = from.countedAt ?? 0
  for (const look of looks.split(' ')) {
    if (look.startsWith('+')) now += Number(look.slice(1)) * 1000 - 1000
    else promotion = counted(promotion, facts[look as keyof typeof facts], (now += 1000))
  }
  return promotion
}

describe('the time that a region is down', () => {
  it.each([
    ['down', 0],
    ['down down down', 2000],
    ['down down up', 0],
    ['down down up down down', 1000],
    ['down down held held down down', 2000],
    ['down down open open down down', 2000],
    ['held held held', 0],
    ['down +10 down', 10_000],
    ['down +11 down down', 1000],
    ['down down held up', 0],
  ])('%s: %d ms', (looks, expected) => {
    expect(after(looks).downMs).toBe(expected)
  })

  it('does not run backwards, nor over a restart that took longer', () => {
    expect(counted({ downMs: 500, countedAt: 9000 }, facts.down, 1000)).toEqual({ downMs: 500, countedAt: 1000 })
    expect(counted({ downMs: 500, countedAt: -60_000 }, facts.down, 1000)).toEqual({ downMs: 500, countedAt: 1000 })
  })
})

it('waits longer after each failure, up to ten minutes', () => {
  expect([1, 2, 3, 4, 5, 100].map(promotionBackoffMs)).toEqual([60_000, 120_000, 240_000, 480_000, 600_000, 600_000])
})
