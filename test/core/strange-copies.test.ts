import { describe, expect, it } from 'vitest'
import type { FreshnessRules } from '../../src/core/freshness.ts'
import { staleRegions } from '../../src/core/freshness-state.ts'
import { type Answers, type HeartbeatLooks, noLooks, withAnswers } from '../../src/core/heartbeat-looks.ts'
import { confirmedSuspicions } from '../../src/core/suspicion.ts'

const rules: FreshnessRules = { mode: 'single-writer', writer: 'msk', regions: ['msk', 'ams', 'fra'], everyMs: 5_000, maxLagMs: 30_000, onLag: 'alarm', fall: 3 }
const highest = Number.MAX_SAFE_INTEGER

/** By region: the number of its copy, and of which start of the writer's machine it is. */
type Look = Readonly<Record<string, readonly [counter: number, boot: string]>>
const answersOf = (look: Look, at: number): Answers =>
  Object.fromEntries(Object.entries(look).map(([region, [counter, boot]]) => [region, { msk: { kind: 'found', askedAt: at, heartbeat: { region: 'msk', counter, boot, writtenAt: 0, content: `${boot}${counter}` } } }]))

const play = (looks: readonly Look[], over: Partial<FreshnessRules> = {}): { readonly stale: readonly string[]; readonly told: readonly string[] } => {
  const stale = new Set<string>()
  const told = new Set<string>()
  const all = { ...rules, ...over }
  looks.reduce<HeartbeatLooks>((sum, look, n) => {
    const next = withAnswers(sum, answersOf(look, n * 5_000), { returned: [], published: rules.regions }, all, n * 5_000)
    for (const { region } of staleRegions(next.state, all)) stale.add(region)
    for (const [key] of confirmedSuspicions(next.suspicions, all)) told.add(key)
    return next
  }, noLooks)
  return { stale: [...stale], told: [...told] }
}
const looks = (count: number, of: (n: number) => Look): readonly Look[] => Array.from({ length: count }, (_, n) => of(n))
const fresh = looks(4, (n) => ({ msk: [100 + n, 'a'], ams: [100 + n, 'a'], fra: [100 + n, 'a'] }))

describe('numbers that are no measure', () => {
  it.each<[string, readonly Look[], readonly string[]]>([
    ['the writer is restored from a backup, and the others are still further', [...fresh, ...looks(9, (n) => ({ msk: [50 + n, 'b'], ams: [103, 'a'], fra: [103, 'a'] }))], ['ahead ams msk', 'ahead fra msk', 'back msk']],
    ['the writer is restored, and one of the others has it already', [...fresh, ...looks(20, (n) => ({ msk: [50 + n, 'b'], ams: [50 + n, 'b'], fra: [103, 'a'] }))], ['ahead fra msk', 'back msk']],
    ['two servers write, each to one of the others', [...fresh, ...looks(40, (n) => ({ msk: [9_000 + n, 'b'], ams: [9_000 + n, 'b'], fra: [104 + n, 'a'] }))], ['second fra msk']],
    ['two servers write, and their looks are not in step with ours', [...fresh, ...looks(60, (n) => ({ msk: [9_000 + n, 'b'], ams: [9_000 + n, 'b'], fra: [104 + Math.floor(n / 2), 'a'] }))], ['second fra msk']],
    ['two servers take turns at one address', [...fresh, ...looks(40, (n) => (n % 2 === 0 ? { msk: [9_000 + n, 'b'], ams: [9_000 + n, 'b'], fra: [104 + n, 'a'] } : { msk: [104 + n, 'a'], ams: [9_000 + n, 'b'], fra: [104 + n, 'a'] }))], ['back msk']],
    ['a receiver has a number from the future', [...fresh, ...looks(20, (n) => ({ msk: [104 + n, 'a'], ams: [highest, 'x'], fra: [104 + n, 'a'] }))], ['ahead ams msk']],
    ['and the writer goes off', [...looks(9, (n) => ({ msk: [100 + n, 'a'], ams: [highest, 'x'], fra: [100 + n, 'a'] })), ...looks(40, () => ({ ams: [highest, 'x'], fra: [108, 'a'] }))], ['ahead ams msk']],
    ['the writer has a number from the future, for a while', [...fresh, ...looks(3, () => ({ msk: [highest, 'x'], ams: [104, 'a'], fra: [104, 'a'] })), ...looks(20, (n) => ({ msk: [108 + n, 'a'], ams: [108 + n, 'a'], fra: [108 + n, 'a'] }))], ['back msk', 'lag ams msk', 'lag fra msk']],
    ['the writer is started anew, and goes on counting', [...fresh, ...looks(20, (n) => ({ msk: [110 + n, 'b'], ams: [110 + n, 'b'], fra: [n < 2 ? 103 + n : 110 + n, n < 2 ? 'a' : 'b'] }))], []],
    ['the writer is started anew, and its number was lost: a leap', [...fresh, ...looks(20, (n) => ({ msk: [90_000 + n, 'b'], ams: n < 2 ? [103, 'a'] : [90_000 + n, 'b'], fra: n < 2 ? [103, 'a'] : [90_000 + n, 'b'] }))], []],
  ])('%s: nobody is withdrawn', (_, all, told) => {
    const said = play(all)
    expect([said.stale, said.told.toSorted()]).toEqual([[], told])
  })

  it('even where receivers that are all behind are to be withdrawn, a number from the future is no reason', () => {
    const leap = looks(3, () => ({ msk: [highest, 'x'], ams: [104, 'a'], fra: [104, 'a'] }) as const)
    expect(play([...fresh, ...leap, ...looks(20, (n) => ({ msk: [108 + n, 'a'], ams: [108 + n, 'a'], fra: [108 + n, 'a'] }))], { onLag: 'withdraw' }).stale).toEqual([])
  })

  it('a receiver that gets nothing is stale all the same, over a new start of the writer too', () => {
    expect(play([...fresh, ...looks(12, (n) => ({ msk: [110 + n, 'b'], ams: [110 + n, 'b'], fra: [103, 'a'] }))]).stale).toEqual(['fra'])
  })
})
