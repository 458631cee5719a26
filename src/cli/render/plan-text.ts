import type { SiteReport } from './json.ts'
import { printable, type Style } from './style.ts'

type ChangeReport = SiteReport['changes'][number]

const signs: Readonly<Record<ChangeReport['reasons'][number]['action'], string>> = { add: '+', remove: '-', keep: '=', ttl: '~', mark: '~' }

const headText = (change: ChangeReport, isDryRun: boolean): string => {
  if (!change.guard.allowed) return `refused by the guard (${change.guard.code ?? ''}): ${printable(change.guard.text ?? '')}`
  if (change.applied === null) return 'sent, outcome unknown'
  if (change.applied) return 'written'
  return isDryRun ? 'would be written' : 'not written'
}

const reasonLine = (reason: ChangeReport['reasons'][number], width: number, style: Style): string => {
  const sign = signs[reason.action]
  const paint = { '+': style.green, '-': style.red, '=': style.dim, '~': style.yellow }[sign] ?? style.dim
  const text = printable(reason.text)
  return paint(`    ${sign} ${reason.address === null ? text : `${reason.address.padEnd(width)}  ${text}`}`.trimEnd())
}

/** One RRset's change as a diff, with the reason of each line. */
export const planText = (change: ChangeReport, isDryRun: boolean, style: Style): string => {
  const width = Math.max(0, ...change.reasons.map(({ address }) => address?.length ?? 0))
  const isNew = change.before.values.length === 0
  const isGone = change.after.values.length === 0
  const note = isNew ? [style.green(`    ~ a new set, TTL ${change.after.ttl}`)] : isGone ? [style.red('    ~ the set is emptied')] : []
  const lines = [`  ${style.bold(`${change.name} ${change.type}`)}: ${headText(change, isDryRun)}`, ...change.reasons.map((reason) => reasonLine(reason, width, style)), ...note]
  return `${lines.join('\n')}\n`
}
