import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createReplayMemory } from '../../src/webhooks/replay-memory.ts'

const at = (madeAt: number, now = madeAt): { madeAt: number; until: number; now: number } => ({ madeAt, until: madeAt + 300, now })

describe('what has been taken', () => {
  it('is not new again', () => {
    const memory = createReplayMemory(0)
    expect(memory.take('a', 'x', at(1000))).toBe('new')
    expect(memory.take('a', 'x', at(1000, 1300))).toBe('replayed')
    expect(memory.take('b', 'x', at(1000))).toBe('new')
    expect(memory.take('a', 'y', at(1000, 1300))).toBe('new')
    expect(memory.take('a', 'z', at(1000, 1301))).toBe('too-old-to-tell')
  })

  it('is new once more if nothing came of it', () => {
    const memory = createReplayMemory(0)
    expect(memory.take('a', 'x', at(1000))).toBe('new')
    memory.giveBack('b', 'x')
    expect(memory.take('a', 'x', at(1000))).toBe('replayed')
    memory.giveBack('a', 'x')
    expect(memory.take('a', 'x', at(1000))).toBe('new')
  })

  it('is not new either once it is forgotten and the clock set back', () => {
    const memory = createReplayMemory(0)
    expect(memory.take('a', 'x', at(1000))).toBe('new')
    expect(memory.take('a', 'y', at(9000))).toBe('new')
    expect(memory.take('a', 'x', at(1000))).toBe('too-old-to-tell')
  })

  it('fills a source up and leaves the others alone, until it is old', () => {
    const memory = createReplayMemory(0, 2)
    expect(['x', 'y', 'z'].map((each) => memory.take('a', each, at(1000)))).toEqual(['new', 'new', 'full'])
    expect(memory.take('b', 'z', at(1000))).toBe('new')
    expect(memory.take('a', 'z', at(1301))).toBe('new')
  })

  it.each([
    [1_000_000, 999, 'too-old-to-tell'],
    [1_000_000, 1000, 'new'],
    [1_000_001, 1000, 'too-old-to-tell'],
    [1_000_001, 1001, 'new'],
  ])('a process started at %d ms, a signature of second %d: %s', (started, madeAt, expected) => {
    expect(createReplayMemory(started).take('a', 'x', at(madeAt))).toBe(expected)
  })
})

it('takes nothing twice, wherever the clock goes', () => {
  const deliveries = fc.array(fc.record({ signature: fc.constantFrom('p', 'q', 'r', 's'), now: fc.integer({ min: 0, max: 3000 }) }), { maxLength: 60 })
  // A signature holds the time at which it was made.
  const madeAt: Readonly<Record<string, number>> = { p: 500, q: 900, r: 1500, s: 2500 }
  fc.assert(
    fc.property(deliveries, (all) => {
      const memory = createReplayMemory(0)
      const taken = all.filter(({ signature, now }) => {
        const made = madeAt[signature] ?? 0
        return Math.abs(now - made) <= 300 && memory.take('a', signature, { madeAt: made, until: made + 300, now }) === 'new'
      })
      expect(taken).toHaveLength(new Set(taken.map(({ signature }) => signature)).size)
    }),
  )
})
