import type { PlannedChangeView } from '../../engine/views.ts'
import { printable, type Style } from './style.ts'

const signs: Readonly<Record<string, string>> = { add: '+', remove: '-', ttl: '~', mark: '~' }

const valuesText = ({ values }: PlannedChangeView['before']): string => values.join(', ') || 'nothing'

/** What is planned for one set, with the reason of each difference. */
export const plannedChangeText = (change: PlannedChangeView, style: Style): string => {
  const { name, type, before, after, refused } = change
  const reasons = change.reasons.filter(({ action }) => signs[action] !== undefined)
  const width = Math.max(0, ...reasons.map(({ address }) => address?.length ?? 0))
  const lines = reasons.map(({ address, action, text }) => {
    const sign = signs[action] ?? '~'
    const line = `    ${sign} ${address === null ? '' : `${address.padEnd(width)}  `}${printable(text)}`
    return sign === '+' ? style.green(line) : sign === '-' ? style.red(line) : style.yellow(line)
  })
  const guard = refused === null ? [] : [style.yellow(`    refused by the guard: ${printable(refused)}`)]
  return `${[`  ${style.bold(`${name} ${type}`)}: ${valuesText(before)} -> ${valuesText(after)}`, ...lines, ...guard].join('\n')}\n`
}
