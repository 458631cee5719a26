import { addressTable } from './address-table.ts'
import { errorText } from './error-text.ts'
import type { SiteReport } from './json.ts'
import { planText } from './plan-text.ts'
import { printable, type Style, styleOf } from './style.ts'
import { verificationText } from './verification-text.ts'

const modeTexts: Readonly<Partial<Record<SiteReport['modes'][number]['mode'], string>>> = {
  'fail-open': 'fails open: too few addresses are up',
  'fail-closed': 'fails closed, as configured: too few addresses are up',
  'no-record-yet': 'is not made: nothing is up that it could lead to',
  'family-down': 'nothing is up over IPv6, and IPv4 serves: the set is empty',
}

/** What a hold says already is not said twice. */
const modeLines = ({ modes, holds }: SiteReport, style: Style): readonly string[] =>
  modes.flatMap(({ name, type, mode }) => (modeTexts[mode] === undefined || holds.some(({ kind }) => kind === mode) ? [] : [`  ${style.yellow(`${name} ${type} ${modeTexts[mode]}`)}\n`]))

const interruptionText = ({ error, changes }: SiteReport): string => {
  if (error?.outcome === 'unknown' || changes.some(({ applied }) => applied === null)) return 'a write was under way; the next run reads what became of it'
  return changes.some(({ applied }) => applied === true) ? 'nothing more was written; what was written is listed above' : 'nothing was written'
}

/** What came of it, where the plan does not say so already. */
const endLines = (report: SiteReport, style: Style): readonly string[] => {
  const holds = [...new Set(report.holds.map(({ text }) => printable(text)))].map((text) => `  ${style.yellow(`held: ${text}`)}\n`)
  const warnings = report.warnings.filter(({ kind }) => kind !== 'timeout').map(({ text }) => `  ${style.yellow(`warning: ${printable(text)}`)}\n`)
  const interrupted = report.outcome === 'interrupted' ? [`  ${style.red('interrupted')}: ${interruptionText(report)}\n`] : []
  const errors = report.error === undefined ? [] : errorText(report.error).map((line, at) => (at === 0 ? `  ${style.red('error')}: ${line}\n` : `         ${line}\n`))
  const isQuiet = report.changes.length === 0 && report.error === undefined && report.outcome !== 'interrupted'
  return [...(isQuiet ? ['  nothing to change\n'] : []), ...holds, ...warnings, ...interrupted, ...errors]
}

/** One site's run, for people. Ends with a newline. */
export const siteText = (report: SiteReport, options: { readonly isDryRun: boolean; readonly isColored: boolean; readonly nowMs: number }): string => {
  const style = styleOf(options.isColored)
  return [
    `${style.bold(report.site)}\n`,
    ...(report.addresses.length === 0 ? [] : [addressTable(report.addresses, options.nowMs, style)]),
    ...modeLines(report, style),
    ...report.changes.map((change) => planText(change, options.isDryRun, style)),
    ...report.verifications.map((verification) => verificationText(verification, style)),
    ...endLines(report, style),
  ].join('')
}
