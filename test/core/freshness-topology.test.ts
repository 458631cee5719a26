import { describe, expect, it } from 'vitest'
import { type Copies, type FreshnessRules, lookAtCopies } from '../../src/core/freshness.ts'
import { noFreshness, withLook } from '../../src/core/freshness-state.ts'
import { linksOf, type Replication, writersOf } from '../../src/core/replication.ts'
import { replication } from './replication-sample.ts'

const now = 40
const cutAt = 10

/** A site whose content changes with each heartbeat, and whose links in `cut` carry nothing any more since the tenth. Regions in `off` cannot be asked. */
const copiesOf = (of: Replication, cut: readonly string[], off: readonly string[]): Copies => {
  const has: Record<string, Record<string, number>> = {}
  const regions = Object.keys(of.hosts)
  for (const region of regions) has[region] = Object.fromEntries(writersOf(of).filter((writer) => writer === region).map((writer) => [writer, 0]))
  for (let counter = 1; counter <= now; counter += 1) {
    for (const writer of writersOf(of)) has[writer] = { ...has[writer], [writer]: counter }
    // Twice, for what goes by way of a hub.
    for (const _ of [1, 2]) {
      for (const { from, to } of linksOf(of)) {
        if (counter > cutAt && cut.includes(`${from}>${to}`)) continue
        const isRelay = of.hub === from
        for (const [writer, at] of Object.entries(has[from] ?? {})) if (writer !== to && (writer === from || isRelay)) has[to] = { ...has[to], [writer]: at }
      }
    }
  }
  return Object.fromEntries(
    regions
      .filter((region) => !off.includes(region))
      .map((region) => [region, Object.fromEntries(Object.entries(has[region] ?? {}).map(([writer, counter]) => [writer, { region: writer, counter, boot: 'b', writtenAt: 0, content: `c${counter}` }]))]),
  )
}

const four = (changes: Partial<Replication> = {}): Replication => {
  const three = replication(changes)
  return { ...three, hosts: { ...three.hosts, led: { address: '192.0.2.40', port: 22, hostKeys: [] } } }
}
const single = replication()
const mesh = { mode: 'two-way' } as const
const star = { mode: 'two-way', topology: 'star', writer: 'msk', hub: 'msk' } as const

const rulesOf = ({ mode, writer, hub, hosts, onLag }: Replication): FreshnessRules => ({ mode, writer, ...(hub === undefined ? {} : { hub }), regions: Object.keys(hosts), everyMs: 5_000, maxLagMs: 30_000, onLag, fall: 3 })

type Case = readonly [what: string, of: Replication, cut: readonly string[], off: readonly string[], behind: readonly string[], suspected: readonly string[]]
const table: readonly Case[] = [
  ['one writer, three: nothing is cut', single, [], [], [], []],
  ['one writer, three: one receiver gets nothing', single, ['msk>fra'], [], ['fra<ams'], []],
  ['one writer, three: nobody gets anything', single, ['msk>fra', 'msk>ams'], [], [], ['ams<msk', 'fra<msk']],
  ['one writer, three, withdraw: nobody gets anything', replication({ onLag: 'withdraw' }), ['msk>fra', 'msk>ams'], [], ['ams<msk', 'fra<msk'], []],
  ['one writer, three: one receiver is off, the other gets nothing', single, ['msk>fra'], ['ams'], [], ['fra<msk']],
  ['one writer, three: the writer is off', single, ['msk>fra', 'msk>ams'], ['msk'], [], []],
  ['one writer, four: one gets nothing', four(), ['msk>led'], [], ['led<ams'], []],
  ['one writer, four: two of three get nothing', four(), ['msk>led', 'msk>fra'], [], ['fra<ams', 'led<ams'], []],
  ['one writer, four: nobody gets anything', four(), ['msk>ams', 'msk>fra', 'msk>led'], [], [], ['ams<msk', 'fra<msk', 'led<msk']],

  ['a mesh of three: nothing is cut', replication(mesh), [], [], [], []],
  ['a mesh of three: one gets nothing', replication(mesh), ['msk>fra', 'ams>fra'], [], ['fra<msk'], []],
  ['a mesh of three: one sends nothing', replication(mesh), ['fra>msk', 'fra>ams'], [], [], ['msk<fra', 'ams<fra']],
  ['a mesh of three: one direction is cut', replication(mesh), ['msk>fra'], [], [], ['fra<msk']],
  ['a mesh of three: one is cut off both ways', replication(mesh), ['msk>fra', 'ams>fra', 'fra>msk', 'fra>ams'], [], [], ['msk<fra', 'ams<fra', 'fra<msk']],
  ['a mesh of four: one gets nothing', four(mesh), ['msk>led', 'ams>led', 'fra>led'], [], ['led<msk'], []],
  ['a mesh of four: cut in halves', four(mesh), ['msk>fra', 'msk>led', 'ams>fra', 'ams>led', 'fra>msk', 'fra>ams', 'led>msk', 'led>ams'], [], [], ['msk<fra', 'ams<fra', 'fra<msk', 'led<msk']],

  ['a star of three: nothing is cut', replication(star), [], [], [], []],
  ['a star of three: a spoke gets nothing', replication(star), ['msk>fra'], [], ['fra<msk'], []],
  ['a star of three: a spoke sends nothing, and the other lacks it for want of the hub', replication(star), ['fra>msk'], [], [], ['msk<fra']],
  ['a star of three: a spoke is cut off both ways', replication(star), ['msk>fra', 'fra>msk'], [], [], ['msk<fra', 'fra<msk']],
  ['a star of three: the hub sends nothing', replication(star), ['msk>fra', 'msk>ams'], [], [], ['ams<msk', 'fra<msk']],
  ['a star of three: the hub gets nothing', replication(star), ['fra>msk', 'ams>msk'], [], ['msk<ams'], []],
  ['a star of three: the hub neither sends nor gets', replication(star), ['fra>msk', 'ams>msk', 'msk>fra', 'msk>ams'], [], [], ['msk<ams', 'msk<fra', 'ams<msk', 'fra<msk']],
  ['a star of three: the hub is off, and nobody gets anything', replication(star), ['fra>msk', 'ams>msk', 'msk>fra', 'msk>ams'], ['msk'], [], []],
  ['a star of three: the hub is off for us alone', replication(star), ['msk>fra'], ['msk'], [], []],
  ['a star of four: a spoke gets nothing', four(star), ['msk>led'], [], ['led<msk'], []],
  ['a star of four: two of three spokes get nothing', four(star), ['msk>led', 'msk>fra'], [], ['fra<msk', 'led<msk'], []],
  ['a star of four: a spoke sends nothing, and another gets nothing', four(star), ['ams>msk', 'msk>led'], [], ['led<msk'], ['msk<ams']],
  ['a star of four: a spoke sends nothing', four(star), ['ams>msk'], [], [], ['msk<ams']],
  ['a star of four: the hub sends nothing', four(star), ['msk>ams', 'msk>fra', 'msk>led'], [], [], ['ams<msk', 'fra<msk', 'led<msk']],
  ['a star of four: the hub gets nothing', four(star), ['ams>msk', 'fra>msk', 'led>msk'], [], ['msk<ams'], []],
  ['a star of four: the hub is off', four(star), ['ams>msk', 'fra>msk', 'led>msk', 'msk>ams', 'msk>fra', 'msk>led'], ['msk'], [], []],
]

describe('whose fault it is, by who sends to whom', () => {
  it.each(table)('%s', (_, of, cut, off, behind, suspected) => {
    const told = lookAtCopies(copiesOf(of, cut, off), rulesOf(of))
    const short = (lags: typeof told.behind): readonly string[] => lags.map(({ region, ahead }) => `${region}<${ahead}`)
    expect([short(told.behind), short(told.suspected)]).toEqual([behind, suspected])
  })
})

describe('a spoke that comes back', () => {
  const rules = rulesOf(replication(star))
  const beat = (region: string, counter: number) => ({ region, counter, boot: 'b', writtenAt: 0, content: `c${counter}` })
  const facts = { returned: [] as readonly string[], published: ['msk', 'ams'] }

  it('waits for what the hub writes, also while another spoke sends nothing', () => {
    // ams sends nothing to the hub: what fra has of it never gets further.
    const at = (counter: number, fra?: number): Copies => ({
      msk: { msk: beat('msk', counter), ams: beat('ams', 3) },
      ams: { ams: beat('ams', counter), msk: beat('msk', counter) },
      ...(fra === undefined ? {} : { fra: { fra: beat('fra', counter), msk: beat('msk', fra), ams: beat('ams', 3) } }),
    })
    const known = withLook(withLook(noFreshness, at(10), facts, rules, 0), at(11), facts, rules, 5_000)
    const back = withLook(known, at(20, 9), { ...facts, returned: ['fra'] }, rules, 50_000)
    const caughtUp = withLook(back, at(22, 21), facts, rules, 60_000)
    expect([back, caughtUp].map(({ returning }) => Object.entries(returning).map(([region, { writer, counter }]) => [region, writer, counter]))).toEqual([[['fra', 'msk', 21]], []])
  })
})
