import { type Command, InvalidArgumentError, Option } from 'commander'
import { durationOption } from './duration-option.ts'

/** An order lasts so long, milliseconds: what the service takes as well. */
const [shortest, longest] = [1_000, 30 * 86_400_000]

const spanOption = (text: string): number => {
  const ms = durationOption(text)
  if (ms < shortest || ms > longest || ms % 1000 !== 0) throw new InvalidArgumentError('write whole seconds, from 1s to 30d: 90s, 15m, 1h, 2d')
  return ms
}

const reasonOption = (text: string): string => {
  const reason = text.trim()
  if (reason === '' || reason.length > 200 || /[\p{C}\p{Zl}\p{Zp}]/u.test(reason)) throw new InvalidArgumentError('write why, in 1 to 200 printable characters: people will read it')
  return reason
}

export const forOption = (what: string): Option => new Option('--for <duration>', `for how long: 30m, 1h, 1d (${what})`).argParser(spanOption).makeOptionMandatory()

export const reasonOf = (): Option => new Option('--reason <text>', 'why, for whoever finds it so').argParser(reasonOption)

/** The site of a region, where its name does not tell. */
export const siteOption = (): Option => new Option('-s, --site <name>', 'of this site; needed only where several have such a region')

export const dryRunOption = (): Option => new Option('-n, --dry-run', 'only say what would change: nothing is ordered and nothing written')

/** What all orders for one region take. */
export const withRegion = (command: Command): Command => command.argument('<region>', 'the region').addOption(siteOption()).addOption(dryRunOption())

export interface ParsedRegionOrder {
  readonly site?: string
  readonly dryRun?: true
}

export const regionOptions = (region: string, { site, dryRun }: ParsedRegionOrder) => ({ region, site, isDryRun: dryRun === true })
