import { Cron } from 'croner'
import type { DrainWindow } from '../core/site.ts'
import { durationText } from './duration.ts'
import { errorAt, type Path, type Report, warningAt } from './problem.ts'
import type { WindowInput } from './site-schema.ts'
import { didYouMean } from './suggest.ts'
import { timeZoneProblem } from './time-zone.ts'

/** Any fixed day: whether a window ever begins must not hang on when the file is read. */
const someDay = new Date('2024-01-01T00:00:00Z')

const fiveOrSix = 'five fields (minute hour day month weekday), or six with seconds first'

/** A cron expression's turns from some day on, or what is wrong with it. */
const turnsOf = (cron: string): { readonly turns: readonly Date[] } | { readonly message: string } => {
  if (!/^\S+(?:\s+\S+){4,5}$/.test(cron.trim())) return { message: `must be ${fiveOrSix}, such as "0 3 * * 0" for Sundays at three` }
  // What "?" stands for is the moment at which it is read.
  if (cron.includes('?')) return { message: 'not a cron expression here: "?" has no meaning; write *' }
  try {
    return { turns: new Cron(cron, { mode: '5-or-6-parts', paused: true, timezone: 'UTC' }).nextRuns(8, someDay) }
  } catch (error) {
    const detail = error instanceof Error ? error.message.replace(/^CronPattern: /, '').replace(/\.$/, '') : ''
    return { message: `not a cron expression: ${detail}; it is ${fiveOrSix}` }
  }
}

const checkTurns = ({ cron, for: forMs }: WindowInput, path: Path, report: Report): void => {
  const read = turnsOf(cron)
  if ('message' in read) return report(errorAt([...path, 'cron'], read.message))
  const { turns } = read
  if (turns.length === 0) return report(errorAt([...path, 'cron'], 'such a day never comes'))
  const gaps = turns.slice(1).map((turn, at) => turn.getTime() - (turns[at]?.getTime() ?? 0))
  const gap = Math.min(...gaps)
  if (gaps.length > 0 && forMs >= gap) {
    report(warningAt([...path, 'for'], `${durationText(forMs)} lasts until the next turn, which can come after ${durationText(gap)}: one window runs into the other`))
  }
}

/** `regions`: the names of all, those included whose config could not be read. */
export const buildWindows = (input: readonly WindowInput[], regions: readonly string[], path: Path, report: Report): readonly DrainWindow[] =>
  input.map((window, index) => {
    const at = [...path, 'windows', index]
    const { region, cron, timeZone, for: forMs, reason } = window
    if (!regions.includes(region)) {
      report({ ...errorAt([...at, 'region'], `the site has no region ${JSON.stringify(region)}${didYouMean(region, regions, 'there are')}`), restsOn: [...path, 'regions'] })
    }
    checkTurns(window, at, report)
    const problem = timeZoneProblem(timeZone)
    if (problem !== undefined) report(errorAt([...at, 'timeZone'], problem))
    return { region, cron, timeZone, forMs, reason }
  })
