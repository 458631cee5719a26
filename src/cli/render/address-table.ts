import { tookText, whenText } from './duration.ts'
import type { SiteReport } from './json.ts'
import { printable, type Style } from './style.ts'

type AddressReport = SiteReport['addresses'][number]
type Cell = { readonly text: string; readonly paint: (text: string) => string }

const plain = (text: string): Cell => ({ text, paint: (each) => each })

const verdictCell = ({ verdict, since, drained }: AddressReport, nowMs: number, style: Style): Cell => {
  const text = `${verdict}${since === null ? '' : ` since ${whenText(since, nowMs)}`}${drained === null ? '' : ', drained'}`
  const paint = { up: style.green, down: style.red, undecided: style.yellow }[verdict]
  return { text, paint }
}

/** Only what each name's decision says in common is said once. */
const decisionText = ({ decisions, checks }: AddressReport): string => {
  if (decisions.length === 0) return checks === 0 ? 'not checked' : ''
  const texts = new Map<string, string[]>()
  for (const { name, action, text } of decisions) {
    const said = `${action === 'publish' ? 'published' : 'withheld'}: ${printable(text)}`
    texts.set(said, [...(texts.get(said) ?? []), name])
  }
  return texts.size === 1 ? [...texts.keys()].join('') : [...texts].map(([said, names]) => `${names.join(', ')} ${said}`).join('; ')
}

/** The detail only where the decision's reason does not tell it anyway. */
const causeText = ({ cause, detail, decisions }: AddressReport): string => {
  if (cause === null) return '-'
  const isTold = detail === null || detail === '' || decisions.some(({ text }) => text.includes(detail))
  return isTold ? cause : `${cause} (${printable(detail)})`
}

/** Each address with region, verdict, cause, latency, and what was decided on it. */
export const addressTable = (addresses: readonly AddressReport[], nowMs: number, style: Style): string => {
  const head: readonly Cell[] = ['REGION', 'ADDRESS', 'VERDICT', 'CAUSE', 'LATENCY', 'DNS'].map((text) => ({ text, paint: style.dim }))
  const rows = addresses.map((each): readonly Cell[] => [
    plain(each.region ?? '(foreign)'),
    plain(each.address),
    verdictCell(each, nowMs, style),
    plain(causeText(each)),
    plain(each.latencyMs === null ? '-' : tookText(each.latencyMs)),
    plain(decisionText(each)),
  ])
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.min(60, Math.max(...all.map((row) => row[column]?.text.length ?? 0))))
  return all
    .map((row) => row.map(({ text, paint }, column) => paint(text) + (column === row.length - 1 ? '' : ' '.repeat(Math.max(0, (widths[column] ?? 0) - text.length)))))
    .map((cells) => `  ${cells.join('  ').trimEnd()}\n`)
    .join('')
}
