import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import { longestTtl, type Versions, withAgreed, withAnswered, withNewest } from '../../src/core/versions.ts'
import { keyA as key, v4 } from './samples.ts'

const day = 86_400_000
const set = (ttl: number, values: readonly Address[] = [v4(1)]) => ({ ttl, values })
const read = (...all: readonly (readonly [number, ReturnType<typeof set>])[]): Versions => all.reduce((versions: Versions, [now, version]) => withNewest(versions, key, version, now), {})
const agreed = (versions: Versions, newest: ReturnType<typeof set>) => withAgreed(versions, key, newest)
const plain = (versions: Versions) => Object.values(versions)[0]

describe('the memory of versions', () => {
  it('knows the longest TTL that a lagging server may have, until all have the newest', () => {
    expect(longestTtl({}, key)).toBeUndefined()
    const versions = read([0, set(3600, [v4(1), v4(2)])], [1_000, set(3600, [v4(2)])], [2_000, set(60, [v4(2)])])
    expect(longestTtl(versions, key)).toBe(3600)
    const after = agreed(versions, set(60, [v4(2)]))
    expect(after.older).toEqual([{ ttl: 3600, values: [v4(1), v4(2)], replacedAt: 2_000 }])
    expect(longestTtl(after.versions, key)).toBe(60)
    expect(agreed(after.versions, set(60, [v4(2)])).older).toEqual([])
  })

  it('does not tell once more of an address that no server had any longer when the TTL was lowered', () => {
    const first = agreed(read([0, set(3600, [v4(1), v4(2)])], [1_000, set(3600, [v4(2)])]), set(3600, [v4(2)]))
    expect(first.older).toEqual([])
    const lowered = withNewest(first.versions, key, set(60, [v4(2)]), 2_000)
    expect(agreed(lowered, set(60, [v4(2)])).older).toEqual([{ ttl: 3600, values: [v4(2)], replacedAt: 2_000 }])
  })

  it('forgets nothing where another version has come since', () => {
    const versions = read([0, set(3600)], [1_000, set(60)])
    expect(agreed(versions, set(300))).toEqual({ versions, older: [] })
  })

  it('learns nothing from an empty set, and waits for no server that is more than a day behind', () => {
    const versions = read([0, set(3600)], [1_000, set(60, [])])
    expect(longestTtl(versions, key)).toBe(3600)
    expect(agreed(versions, set(0, [])).older).toEqual([])
    const lowered = withNewest(versions, key, set(60), 2_000)
    expect(longestTtl(withNewest(lowered, key, set(60), day + 2_000), key)).toBe(3600)
    expect(longestTtl(withNewest(lowered, key, set(60), day + 2_001), key)).toBe(60)
  })

  it('takes a TTL that a server gives by itself for one of an older version, and says nothing new twice', () => {
    const versions = withAnswered(read([0, set(60)]), key, set(300), 1_000)
    expect([longestTtl(versions, key), longestTtl(withAnswered(versions, key, set(20), 1_000), key)]).toEqual([300, 300])
    expect(withAnswered(versions, key, set(300), 2_000)).toBe(versions)
    expect(withNewest(versions, key, set(60), 2_000)).toBe(versions)
    expect(plain(withAnswered(versions, key, set(300), day))).toEqual([{ ...set(60), replacedAt: undefined }, { ...set(300), replacedAt: day }])
  })

  it('is bounded, and errs on the long side', () => {
    const versions = read(...Array.from({ length: 400 }, (_, index) => [index, set(1000 - index, [v4(index % 200)])] as const))
    const all = plain(versions) ?? []
    expect(all.length).toBeLessThanOrEqual(16)
    expect(longestTtl(versions, key)).toBe(1000)
    expect(new Set(all.flatMap(({ values }) => values)).size).toBe(200)
    expect(all.filter(({ replacedAt }) => replacedAt === undefined)).toEqual([{ ...set(601, [v4(199)]), replacedAt: undefined }])
  })
})
