import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import { createTtlMemory } from '../../src/engine/ttl-memory.ts'
import { keyA as key, rrset, v4 } from '../core/samples.ts'

const set = (ttl: number, values: readonly Address[] = [v4(1)]) => rrset(key, values, values, ttl)

describe('the memory of TTLs', () => {
  it('knows the longest of all versions that a lagging server may have, until all have the newest', () => {
    const memory = createTtlMemory()
    expect(memory.longest(key)).toBeUndefined()
    expect(memory.agreed(key)).toEqual([])
    memory.note([set(3600, [v4(1), v4(2)])], 0)
    memory.note([set(3600, [v4(2)])], 1_000)
    memory.note([set(60, [v4(2)])], 2_000)
    expect(memory.longest(key)).toBe(3600)
    expect(memory.agreed(key)).toEqual([{ ttl: 3600, values: [v4(1), v4(2)] }])
    expect(memory.longest(key)).toBe(60)
    expect(memory.agreed(key)).toEqual([])
  })

  it('does not tell once more of an address that no server had any longer when the TTL was lowered', () => {
    const memory = createTtlMemory()
    memory.note([set(3600, [v4(1), v4(2)])], 0)
    memory.note([set(3600, [v4(2)])], 1_000)
    expect(memory.agreed(key)).toEqual([])
    memory.note([set(60, [v4(2)])], 2_000)
    expect(memory.agreed(key)).toEqual([{ ttl: 3600, values: [v4(2)] }])
  })

  it('learns nothing from an empty set, and waits for no server that is more than a day behind', () => {
    const memory = createTtlMemory()
    memory.note([set(3600)], 0)
    memory.note([set(60, [])], 1_000)
    expect(memory.longest(key)).toBe(3600)
    memory.note([set(60)], 86_400_000)
    expect(memory.longest(key)).toBe(3600)
    memory.note([set(60)], 86_400_001)
    expect(memory.longest(key)).toBe(60)
  })
})
