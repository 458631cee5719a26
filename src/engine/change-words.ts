import type { PlannedChangeView, RegionView } from './views.ts'

interface Move {
  readonly verb: 'withdrawn' | 'published'
  readonly address: string
  readonly region: string | undefined
  readonly reason: string | undefined
}

/** What is plain from the deed itself, and need not be said. */
const plain: readonly string[] = ['up']

const movesIn = ({ before, after, reasons }: PlannedChangeView, regionOf: (address: string) => string | undefined): readonly Move[] => {
  const move = (address: string, verb: Move['verb'], action: string): Move => ({ verb, address, region: regionOf(address), reason: reasons.find((each) => each.address === address && each.action === action)?.text })
  const removed = before.values.filter((value) => !after.values.includes(value)).map((value) => move(value, 'withdrawn', 'remove'))
  const added = after.values.filter((value) => !before.values.includes(value)).map((value) => move(value, 'published', 'add'))
  return [...removed, ...added]
}

const topicOf = ({ verb, region, address }: Move): string => `${verb} ${region ?? address}`

/** A region by its name, with the addresses that are meant where it has others as well. */
const whoText = (region: string | undefined, addresses: readonly string[], regions: readonly Pick<RegionView, 'region' | 'addresses'>[]): string => {
  if (region === undefined) return addresses.join(', ')
  const own = regions.find((each) => each.region === region)?.addresses ?? []
  return own.every(({ address }) => addresses.includes(address)) ? region : `${region} (${addresses.join(', ')})`
}

/**
 * What was written, as one would tell it: "ams withdrawn: timeout (no answer within 2 s), 3 failed checks while msk answered". Names
 * with the same addresses are one; what only our own bookkeeping wanted is told where there is nothing else.
 */
export const changeWords = (changes: readonly PlannedChangeView[], regions: readonly Pick<RegionView, 'region' | 'addresses'>[]): string => {
  const regionOf = (address: string): string | undefined => regions.find(({ addresses }) => addresses.some((each) => each.address === address))?.region
  const moves = changes.flatMap((change) => movesIn(change, regionOf))
  const firsts = moves.filter((move, index) => moves.findIndex((each) => topicOf(each) === topicOf(move)) === index)
  const told = firsts.map((first) => {
    const { verb, region } = first
    const group = moves.filter((each) => topicOf(each) === topicOf(first))
    const reasons = [...new Set(group.flatMap(({ reason }) => (reason === undefined || plain.includes(reason) ? [] : [reason])))]
    return `${whoText(region, [...new Set(group.map(({ address }) => address))], regions)} ${verb}${reasons.length === 0 ? '' : `: ${reasons.join(', ')}`}`
  })
  if (told.length > 0) return told.join('; ')
  const others = changes.flatMap(({ name, type, reasons }) => reasons.filter(({ action }) => action !== 'keep').map(({ action, text }) => `${name} ${type}: ${action}: ${text}`))
  return [...new Set(others)].join('; ')
}
