import { type Goal, judge } from './goals.ts'
import type { Checker } from './peers/checker.ts'
import { secondsText } from './table.ts'
import { limitMs, type Row, rowsOf, type Sample } from './withdraw-rows.ts'

const never = Number.POSITIVE_INFINITY
/** How much longer than the limit of one check it may take that three agree, milliseconds. */
const agreementMs = 150

const text = (ms: number): string => secondsText(Number.isFinite(ms) ? ms : undefined)

/** A share of what a peer takes at each fault, median and 90th percentile. */
const shareOf = (own: readonly Row[], peers: readonly Row[], share: number) =>
  own.flatMap((row) => {
    const peer = peers.find(({ fault }) => fault === row.fault)
    if (peer === undefined) return []
    return (['median', '90th'] as const).map((of, at) => ({ of: `${row.fault}, ${of}`, measured: row.withdrawn[at] ?? never, most: (peer.withdrawn[at] ?? never) * share }))
  })

const overLimit = (own: readonly Row[]) =>
  own.filter(({ fault }) => fault !== 'killed').map((row) => ({ of: row.fault, measured: row.withdrawn[0] ?? never, most: limitMs(row.first, 0.5) + agreementMs }))

const goalsOf = (own: readonly Row[], rows: readonly Row[]): readonly Goal[] => {
  const [first] = own
  if (first === undefined) return []
  const by = (product: Checker['product']): readonly Row[] => rows.filter((each) => each.first.product === product)
  const [powerdns, gdnsd] = [by('PowerDNS'), by('gdnsd')]
  const peer = powerdns[0]?.first
  const about = `${first.regions} regions, ${first.first.who}, ${first.runs} ${first.runs === 1 ? 'run' : 'runs'}`
  if (peer === undefined || first.first.everyMs < peer.everyMs)
    return ([['PowerDNS', powerdns], ['gdnsd', gdnsd]] as const).map(([name, peers]) => judge(`${about}: at most half of ${name}'s median and 90th percentile at each fault`, shareOf(own, peers, 1 / 2), text))
  const killed = own.filter(({ fault }) => fault === 'killed')
  const isMedian = ({ of }: { readonly of: string }): boolean => of.endsWith('median')
  return [
    ...([['PowerDNS', powerdns], ['gdnsd', gdnsd]] as const).map(([name, peers]) => judge(`${about}: a killed server at least three times sooner than ${name}`, shareOf(killed, peers, 1 / 3).filter(isMedian), text)),
    judge(`${about}: each other fault within ${agreementMs / 1000} s of the limit of one check, median`, overLimit(own), text),
  ]
}

/** What is aimed at beside the fastest settings of the peers, by regions: with faster ones of ours, and with the same. */
export const withdrawGoals = (samples: readonly Sample[]): readonly Goal[] => {
  const rows = rowsOf(samples)
  const groups = new Map<string, Row[]>()
  for (const row of rows.filter(({ first }) => first.product === 'dns-failover')) {
    const key = `${row.regions} ${row.first.who}`
    groups.set(key, [...(groups.get(key) ?? []), row])
  }
  return [...groups.values()].flatMap((own) => goalsOf(own, rows.filter(({ regions }) => regions === own[0]?.regions)))
}
