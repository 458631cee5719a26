import { Argument, type Command } from 'commander'
import type { Invocation } from './invocation.ts'
import { operatorCommand, operatorOptions, type ParsedOperator, reachHelp } from './operator-command.ts'
import { forOption, type ParsedRegionOrder, reasonOf, regionOptions, withRegion } from './order-options.ts'

interface Parsed extends ParsedOperator, ParsedRegionOrder {
  readonly for: number
  readonly reason: string
}

const help = `
Examples:
  $ dns-failover force down msk --for 2h --reason "serves an old release" --config dns-failover.yaml
  $ dns-failover force up ams --for 30m --reason "the check is wrong" --config dns-failover.yaml --dry-run
  $ dns-failover unforce msk --config dns-failover.yaml

For when the checks are wrong and somebody knows better: up publishes the region though they fail, down withholds it though
they pass, and unlike a drained one it is no last resort. The set is never emptied. It ends by itself.
${reachHelp}

Exit codes: 0 in force, 1 error, 2 the dry run found changes, 3 held (the floor, a pause, the lock), 4 not verified, 64 wrong usage`

const unforceHelp = `
Examples:
  $ dns-failover unforce msk --config dns-failover.yaml
  $ dns-failover unforce msk --url https://failover.example.net --token-file token
${reachHelp}

Exit codes: 0 fine (also if it was not forced), 1 error, 2 the dry run found changes, 3 held, 4 not verified, 64 wrong usage`

/** The verb that overrules the checks on a region. */
export const forceCommand = (invocation: Invocation): Command =>
  withRegion(
    operatorCommand('force', 'Publish or withhold a region for a while, whatever the checks say.').addArgument(new Argument('<state>', 'up: publish it; down: withhold it').choices(['up', 'down'])),
  )
    .addOption(forOption('the checks then decide again'))
    .addOption(reasonOf().makeOptionMandatory())
    .addHelpText('after', help)
    .action(async (to: 'up' | 'down', region: string, parsed: Parsed) => {
      const { force } = await import('./force.ts')
      const options = { ...operatorOptions(parsed), ...regionOptions(region, parsed), to, forMs: parsed.for, reason: parsed.reason }
      invocation.setExitCode(await force(options, invocation.io({ color: parsed.color }), invocation.env, invocation.signal))
    })

/** The verb that lets the checks decide again. */
export const unforceCommand = (invocation: Invocation): Command =>
  withRegion(operatorCommand('unforce', 'Let the checks decide on a region again.'))
    .addHelpText('after', unforceHelp)
    .action(async (region: string, parsed: ParsedOperator & ParsedRegionOrder) => {
      const { unforce } = await import('./unforce.ts')
      const options = { ...operatorOptions(parsed), ...regionOptions(region, parsed) }
      invocation.setExitCode(await unforce(options, invocation.io({ color: parsed.color }), invocation.env, invocation.signal))
    })
