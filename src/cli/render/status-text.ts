import type { AddressView, Condition, RegionView, SetView, SiteView } from '../../engine/views.ts'
import { contentText } from './content-text.ts'
import { whenText } from './duration.ts'
import { spanText } from './moment.ts'
import { printable, type Style } from './style.ts'
import { clipped, plainCell, type Cell, tableLines } from './table.ts'

export interface StatusTextOptions {
  readonly nowMs: number
  readonly via: 'service' | 'state'
  /** How wide the terminal is; undefined: no line is cut. */
  readonly columns: number | undefined
  /** Why what is shown is not from just now. */
  readonly trouble: string | undefined
}

/** The worst first. */
const conditions: readonly Condition[] = ['failed', 'blind', 'provider-failing', 'fail-closed', 'fail-open', 'degraded', 'paused', 'undecided', 'drained', 'healthy']

const paintOf = (condition: Condition, style: Style): ((text: string) => string) => {
  switch (condition) {
    case 'healthy':
      return style.green
    case 'paused':
    case 'undecided':
    case 'drained':
    case 'degraded':
      return style.yellow
    case 'failed':
    case 'blind':
    case 'provider-failing':
    case 'fail-closed':
    case 'fail-open':
      return style.red
  }
}

/** Our own checks have decided, but the monitors that vote say otherwise, and nobody has a majority. */
const isSplit = ({ verdict, state, ballots }: AddressView): boolean => verdict === 'undecided' && state !== 'unknown' && ballots.some(({ opinion }) => opinion !== 'abstain' && opinion !== state)

const stateCell = (address: AddressView, nowMs: number, style: Style): Cell => {
  const { verdict, state, since, cause, readmitAt } = address
  const word = verdict === 'undecided' ? (state === 'unknown' ? 'unknown' : `${state}?`) : verdict
  // Since when the checks say so: not since when others overrule them, or its content is old.
  const age = since === null || (verdict !== 'undecided' && verdict !== state) ? '' : ` ${spanText(nowMs - Date.parse(since))}`
  const why = verdict === 'up' ? (readmitAt === null ? '' : ', waits') : cause === null ? '' : `, ${printable(cause)}`
  return { text: `${word}${age}${why}${isSplit(address) ? ', votes split' : ''}`, paint: verdict === 'up' ? style.green : verdict === 'down' ? style.red : style.yellow }
}

const markOf = (published: boolean, wanted: boolean): string => (published ? (wanted ? 'published' : 'to be withdrawn') : wanted ? 'to be published' : 'out')

const dnsCell = ({ sets }: AddressView, style: Style): Cell => {
  const marks = new Map<string, string[]>()
  for (const { name, isPublished, isWanted } of sets) {
    const mark = markOf(isPublished, isWanted)
    marks.set(mark, [...(marks.get(mark) ?? []), name])
  }
  const [only] = marks.keys()
  if (only === undefined) return plainCell('-')
  if (marks.size > 1) return { text: [...marks].map(([mark, names]) => `${mark} at ${names.join(', ')}`).join('; '), paint: style.yellow }
  return { text: only, paint: only === 'published' ? style.green : only === 'out' ? style.dim : style.yellow }
}

const rowOf = (name: string, address: AddressView, nowMs: number, style: Style): readonly Cell[] => [
  plainCell(printable(name)),
  plainCell(address.address),
  stateCell(address, nowMs, style),
  dnsCell(address, style),
]

const emptyRow = ({ region, problems }: RegionView, style: Style): readonly Cell[] => [plainCell(region), plainCell('no address'), { text: printable(problems[0] ?? ''), paint: style.yellow }, plainCell('')]

const rowsOf = ({ regions, others }: SiteView, nowMs: number, style: Style): readonly (readonly Cell[])[] => [
  ...regions.flatMap((region) => (region.addresses.length === 0 ? [emptyRow(region, style)] : region.addresses.map((each) => rowOf(region.role === 'standby' ? `${region.region} (standby)` : region.region, each, nowMs, style)))),
  ...others.map((each) => rowOf(`(${each.standing})`, each, nowMs, style)),
]

const isAsItShould = ({ published, wanted }: SetView): boolean => published.length === wanted.length && published.every((value) => wanted.includes(value))

const valuesText = (values: readonly string[]): string => (values.length === 0 ? 'nothing' : values.join(', '))

const setLine = (set: SetView, style: Style): Cell => {
  const { name, type, published, wanted, verification, refused } = set
  const head = `${name} ${type}: ${valuesText(published)}`
  if (!isAsItShould(set)) return { text: `${head}; should be ${valuesText(wanted)}${refused === null ? '' : `, refused: ${printable(refused)}`}`, paint: style.yellow }
  if (verification?.outcome === 'disagreed') {
    const differing = verification.servers.filter(({ standing }) => standing === 'differs').map((server) => server.name)
    return { text: `${head}; but ${differing.join(', ')} still answers otherwise`, paint: style.red }
  }
  return { text: head, paint: style.dim }
}

const leftText = (until: string | null, nowMs: number): string => (until === null ? 'until it is taken back' : `for ${spanText(Date.parse(until) - nowMs)} more`)

const progressText = ({ progress: { phase, text, safeSince } }: NonNullable<RegionView['drain']>, nowMs: number): string =>
  phase === 'safe' && safeSince !== null ? `safe to reboot since ${whenText(safeSince, nowMs)}` : text

const orderCells = ({ region, drain, force }: RegionView, nowMs: number, style: Style): readonly Cell[] => {
  if (force !== null) return [{ text: `${region} forced ${force.to} ${leftText(force.until, nowMs)}: ${printable(force.reason)}`, paint: style.yellow }]
  if (drain === null) return []
  return [
    { text: `${region} drained ${leftText(drain.until, nowMs)}: ${printable(drain.reason)}`, paint: style.yellow },
    { text: `  ${printable(progressText(drain, nowMs))}`, paint: drain.progress.phase === 'safe' ? style.green : style.yellow },
  ]
}

const replacementCells = ({ region, replacement }: RegionView, nowMs: number, style: Style): readonly Cell[] => {
  if (replacement === null || (replacement.dueAt === null && !replacement.isPromoted)) return []
  const text = replacement.isPromoted ? `${region} is served by a replacement` : `${region} gets a replacement at ${whenText(replacement.dueAt ?? '', nowMs)} if it stays down`
  return [{ text, paint: style.yellow }]
}

const problemCells = ({ region, problems, addresses }: RegionView, style: Style): readonly Cell[] =>
  addresses.length === 0 ? [] : problems.map((problem) => ({ text: `${region} cannot be resolved: ${printable(problem)}`, paint: style.yellow }))

const contentCells = (region: RegionView, style: Style): readonly Cell[] => {
  const text = contentText(region)
  return text === undefined ? [] : [{ text: printable(text), paint: style.yellow }]
}

const siteLines = (view: SiteView, { nowMs, columns }: StatusTextOptions, style: Style): readonly string[] => {
  const { site, condition, text, pause, provider, regions, strayOrders = [], sets, lastChange } = view
  const paint = paintOf(condition, style)
  const head = `${site}  ${condition.toUpperCase()}`
  const told = condition === 'paused' && pause !== null ? `${leftText(pause.until, nowMs)} by ${pause.by}: ${pause.reason}` : text
  const facts: readonly Cell[] = [
    ...sets.map((set) => setLine(set, style)),
    ...regions.flatMap((region) => [...orderCells(region, nowMs, style), ...problemCells(region, style), ...replacementCells(region, nowMs, style), ...contentCells(region, style)]),
    ...strayOrders.map((stray) => ({ text: printable(stray.text), paint: style.red })),
    ...(pause === null || condition === 'paused' ? [] : [{ text: `paused ${leftText(pause.until, nowMs)} by ${printable(pause.by)}: ${printable(pause.reason)}`, paint: style.yellow }]),
    ...(provider.trouble === null || condition === 'provider-failing' ? [] : [{ text: `provider ${provider.name}: ${printable(provider.trouble)}`, paint: style.red }]),
    ...(lastChange === null ? [] : [{ text: `last change ${whenText(lastChange.at, nowMs)}: ${printable(lastChange.text)}`, paint: style.dim }]),
  ]
  return [
    `${style.bold(site)}  ${paint(condition.toUpperCase())}  ${clipped(printable(told), columns === undefined ? undefined : columns - head.length - 2)}`,
    ...tableLines(['REGION', 'ADDRESS', 'STATE', 'DNS'], rowsOf(view, nowMs, style), columns, style),
    ...facts.map((cell) => `  ${cell.paint(clipped(cell.text, columns === undefined ? undefined : columns - 2))}`),
  ]
}

const headLine = (sites: readonly SiteView[], { via, trouble, columns }: StatusTextOptions, style: Style): readonly string[] => {
  if (trouble !== undefined) return [style.red(clipped(`what follows is old: ${printable(trouble)}`, columns)), '']
  return via === 'service' ? [] : [style.dim(clipped(`No service runs: health by the state directory, records as they are now.${sites.length === 0 ? ' There are no sites.' : ''}`, columns)), '']
}

/** How the sites do, the worst first. */
export const statusText = (sites: readonly SiteView[], options: StatusTextOptions, style: Style): string => {
  const ordered = sites.toSorted((a, b) => conditions.indexOf(a.condition) - conditions.indexOf(b.condition))
  const blocks = ordered.map((view) => siteLines(view, options, style).join('\n'))
  const lines = [...headLine(sites, options, style), ...(blocks.length === 0 ? [] : [blocks.join('\n\n')])]
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}
