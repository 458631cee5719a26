import type { Style } from '../cli/render/style.ts'
import { dashboardLine, digLine } from './start-demo.ts'
import type { Demo } from './start-demo.ts'
import type { StepReport } from './script-report.ts'
import { mainDomain, regions, settingsText } from './settings.ts'
import type { Step } from './walkthrough.ts'

const widths = { title: 15, expected: 13, answered: 31 }

/** What is about to be played, and what its columns mean. `notes`: what went otherwise than expected so far. */
export const headText = (demo: Demo, notes: readonly string[], style: Style): string => {
  const { dashboard, fleet, nameServer, settings } = demo
  return [
    dashboardLine(dashboard, style),
    ...notes,
    '',
    `${style.bold('dns-failover demo')}, a walkthrough: three web servers, broken and healed in turn.`,
    'All is real: processes, HTTP checks, and a name server that is asked at every step.',
    '',
    `  servers  ${regions.map(({ name, address }) => `${name} ${address}`).join(', ')}; port ${fleet.port}`,
    `  DNS      ${digLine(nameServer)}`,
    '',
    ...settingsText(settings),
    '',
    style.dim(`${'done'.padEnd(widths.title)}${'expected'.padEnd(widths.expected)}${`${mainDomain} is`.padEnd(widths.answered)}after (bound)`),
    '',
  ].join('\n')
}

const namesText = (step: Step): string => regions.flatMap(({ name, address }) => (step.expected.includes(address) ? [name] : [])).join(' ')

/** A part's heading. */
export const partText = (part: string, style: Style): string => `\n${style.bold(part)}\n`

/** The beginning of a step's line: what is done and expected. */
export const beginText = (step: Step): string => `${step.title.padEnd(widths.title)}${namesText(step).padEnd(widths.expected)}`

/** The rest of a step's line: what the DNS answered, and when. */
export const endText = ({ ok, answered, tookMs, boundMs, problem }: StepReport, style: Style): string => {
  const took = `${tookMs === null ? '-' : tookMs} ms`.padStart(7)
  const line = `${(answered ?? ['-']).join(' ').padEnd(widths.answered)}${took} ${style.dim(`(${boundMs})`)} ${ok ? style.green('ok') : style.red('NO')}\n`
  return problem === null ? line : `${line}${style.red(problem)}\n`
}

/** The last line. */
export const verdictText = (steps: readonly StepReport[], total: number, style: Style): string => {
  const failed = steps.find((step) => !step.ok)
  if (failed !== undefined) return `\n${style.red(`Step ${failed.step} of ${total} (${failed.title}) was not seen as expected.`)}\n`
  const ms = steps.reduce((sum, step) => sum + (step.tookMs ?? 0), 0)
  return `\n${style.green(`All ${total} steps were seen in the DNS, each within its bound`)}; ${Math.round(ms / 1000)} s in all.\n`
}
