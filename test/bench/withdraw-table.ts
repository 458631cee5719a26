import { faultNames } from './faults.ts'
import type { Checker } from './peers/checker.ts'
import { secondsText, type Table, timesText } from './table.ts'
import { limitMs, type Row, rowsOf, type Sample } from './withdraw-rows.ts'

/** How many times as long each peer takes, median and 90th percentile: `3.1, 2.4 times`. Empty for a peer itself. */
const ratioTo = (row: Row, rows: readonly Row[], product: Checker['product']): string => {
  const peer = rows.find((each) => each.first.product === product && each.regions === row.regions && each.fault === row.fault)
  if (row.first.product !== 'dns-failover' || peer === undefined) return ''
  const [median, ninetieth] = [0, 1].map((at) => timesText(peer.withdrawn[at], row.withdrawn[at]))
  return median === 'it never does' || ninetieth === 'it never does' ? 'it never does' : `${median?.replace(' times', '')}, ${ninetieth}`
}

/** Less than none: sooner than one check at regular times can be. */
const overText = (row: Row): string =>
  [0.5, 0.9]
    .map((share, at) => {
      const took = row.withdrawn[at]
      if (took === undefined) return '-'
      const over = (took - limitMs(row.first, share)) / 1000
      return `${over < 0 ? '' : '+'}${over.toFixed(2)}`
    })
    .join(', ')

/** Who answered with an address again while its server was still bad. */
const returnedNotes = (samples: readonly Sample[]): readonly string[] => {
  const returned = samples.filter(({ hasReturned }) => hasReturned)
  return [...new Set(returned.map(({ who }) => who))].map((who) => {
    const own = returned.filter((each) => each.who === who)
    return `${who} answered with the address again while its server was still bad: ${faultNames.flatMap((fault) => ((count) => (count === 0 ? [] : [`${fault} ${count} times`]))(own.filter((each) => each.fault === fault).length)).join(', ')}.`
  })
}

/** Everybody by regions and fault, and how many times as long as ours the peers take. */
export const withdrawTable = (title: string, notes: readonly string[], samples: readonly Sample[]): Table => {
  const rows = rowsOf(samples)
  return {
    title,
    notes: [...notes, ...returnedNotes(samples)],
    columns: ['regions', 'fault', 'who', 'runs', 'withdrawn, median', '90th', 'limit, median', '90th', 'over it, s', 'PowerDNS takes', 'gdnsd takes', 'restored, median', '90th'],
    rows: rows.map((row) => [
      `${row.regions}`,
      row.fault,
      row.first.who,
      `${row.runs}`,
      ...row.withdrawn.map(secondsText),
      secondsText(limitMs(row.first, 0.5)),
      secondsText(limitMs(row.first, 0.9)),
      overText(row),
      ratioTo(row, rows, 'PowerDNS'),
      ratioTo(row, rows, 'gdnsd'),
      ...(row.withdrawn[0] === undefined ? ['-', '-'] : row.restored.map(secondsText)),
    ]),
    values: rows.map(({ regions, fault, first, runs, withdrawn, restored }) => ({
      regions,
      fault,
      who: first.who,
      runs,
      withdrawnMedianMs: withdrawn[0],
      withdrawn90thMs: withdrawn[1],
      limitMedianMs: limitMs(first, 0.5),
      limit90thMs: limitMs(first, 0.9),
      restoredMedianMs: restored[0],
      restored90thMs: restored[1],
    })),
  }
}
