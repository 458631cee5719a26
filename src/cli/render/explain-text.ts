import type { ExplainedAddress, ExplainedSite } from './explain-report.ts'
import { errorText } from './error-text.ts'
import { momentText, spanText } from './moment.ts'
import { printable, type Style } from './style.ts'

type SetReport = ExplainedAddress['sets'][number]

const ago = (iso: string, nowMs: number): string => `${spanText(nowMs - Date.parse(iso))} ago`

const headOf = ({ site, knowledge, checkedAt }: ExplainedSite, nowMs: number, style: Style): string => {
  const source =
    knowledge === 'service'
      ? `as the service knows it${checkedAt === null ? '' : `, last checked ${ago(checkedAt, nowMs)}`}`
      : knowledge === 'check'
        ? 'checked just now'
        : checkedAt === null
          ? 'nothing has been checked yet, as far as the state directory tells; --check checks now'
          : `by the state directory, last checked ${ago(checkedAt, nowMs)}; --check checks now`
  return `${style.bold(site)} (${source})\n`
}

const standOf = ({ published, action }: SetReport, style: Style): string => {
  if (action === 'publish') return published ? style.green('published in') : style.yellow('to be published in')
  return published ? style.yellow('still in, but to be withdrawn from') : style.red('withheld from')
}

const setLines = ({ sets }: ExplainedAddress, style: Style): readonly string[] => {
  const byReason = new Map<string, { readonly stand: string; readonly names: string[]; readonly reason: string }>()
  for (const set of sets) {
    const stand = standOf(set, style)
    const reason = `rule ${set.rule}: ${printable(set.text)}${set.removedAt === null ? '' : `; withdrawn at ${momentText(set.removedAt)}`}`
    const known = byReason.get(`${stand} ${reason}`)
    if (known === undefined) byReason.set(`${stand} ${reason}`, { stand, names: [`${set.name} ${set.type}`], reason })
    else known.names.push(`${set.name} ${set.type}`)
  }
  return [...byReason.values()].flatMap(({ stand, names, reason }) => [`    ${stand} ${names.join(', ')}`, `      ${reason}`])
}

const healthLine = ({ health, standing }: ExplainedAddress, nowMs: number): string => {
  const { state, since, checkedAt, failures, cause, detail, readmitAt, hasPassed } = health
  const checked = checkedAt === null ? 'never checked' : `last checked ${ago(checkedAt, nowMs)}`
  if (since === null) return `health not known${standing === 'configured' || checkedAt !== null ? '' : ' (it may be that it cannot be asked)'}; ${checked}`
  const failing = failures === 0 || cause === null ? '' : `; ${failures} failed checks, the latest ${cause}${detail === null ? '' : ` (${printable(detail)})`}`
  const waits = readmitAt === null ? '' : `; waits for re-admission until ${momentText(readmitAt)}`
  return `${state} since ${momentText(since)} (${spanText(nowMs - Date.parse(since))})${failing}${waits}${hasPassed ? '' : '; has never passed this check'}; ${checked}`
}

const standingText = ({ standing, region, sets }: ExplainedAddress): string => {
  const isMarked = sets.some(({ ours }) => ours)
  switch (standing) {
    case 'configured':
      return `region ${region ?? ''}${isMarked ? ', marked as ours' : ''}`
    case 'retired':
      return `ours${region === null ? '' : `, last of region ${region}`}, but no region leads to it any more`
    case 'foreign':
      return 'foreign: nobody configured it and we never wrote it'
  }
}

const addressText = (each: ExplainedAddress, nowMs: number, style: Style): string => {
  const lines = [
    `  ${style.bold(each.address)}  ${standingText(each)}`,
    ...setLines(each, style),
    `    ${healthLine(each, nowMs)}`,
    ...(each.forced === null ? [] : [`    ${style.yellow(`forced ${each.forced.to}: ${printable(each.forced.reason)}`)}`]),
    ...(each.drained === null ? [] : [`    ${style.yellow(`drained: ${printable(each.drained)}`)}`]),
  ]
  return `${lines.join('\n')}\n`
}

/** Why each of a site's addresses is published or not, for people. */
export const explainText = (report: ExplainedSite, nowMs: number, style: Style): string => {
  const { pause, note, unresolved, addresses, error } = report
  const notes = note === undefined ? [] : [`  ${style.yellow('note')}: ${printable(note)}\n`]
  const paused = pause === null ? [] : [`  ${style.yellow(`paused ${pause.until === null ? 'until it is resumed' : `until ${momentText(pause.until)}`} by ${printable(pause.by)}: ${printable(pause.reason)}`)}\n`]
  const errors = error === undefined ? [] : errorText(error).map((line, at) => (at === 0 ? `  ${style.red('error')}: ${line}\n` : `         ${line}\n`))
  const unknown = unresolved.map(({ region, detail }) => `  ${style.yellow(`region ${region} is not resolved, its last known addresses count`)}: ${printable(detail)}\n`)
  return [headOf(report, nowMs, style), ...notes, ...paused, ...errors, ...unknown, ...addresses.map((each) => addressText(each, nowMs, style))].join('')
}
