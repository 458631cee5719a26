import { type Command, Option } from 'commander'
import { durationOption } from './duration-option.ts'
import type { Invocation } from './invocation.ts'
import { type ParsedVerb, verbCommand } from './verb-command.ts'

interface Parsed extends ParsedVerb {
  readonly yes?: true
  readonly verifyTimeout: number
}

const exitCodes = `
Exit codes: 0 done, or nothing to do; 1 error, or the order makes no sense; 2 the preview has something to do;
3 another process has the lock, or the site is paused; 4 written, but not verified; 64 wrong usage`

const adoptHelp = `
Examples:
  $ dns-failover adopt --config dns-failover.yaml 203.0.113.99               what would be changed
  $ dns-failover adopt --config dns-failover.yaml 203.0.113.99 --yes         take it over
  $ dns-failover adopt --config dns-failover.yaml --give-up 203.0.113.99 --yes

Addresses that nobody configured and that dns-failover did not write are foreign: kept, reported, never counted. Taken
over, one counts as ours: it is withdrawn when it fails, and for good once every active region serves. Given up, it is
foreign again. Only the ownership mark is written; the address records stay as they are.
${exitCodes}`

const releaseHelp = `
Examples:
  $ dns-failover release failover.example.com --config dns-failover.yaml         what would be changed
  $ dns-failover release failover.example.com --config dns-failover.yaml --yes   do it

Before uninstalling: publishes every configured address, whatever the checks say, drops our ownership marks, and waits
until the name servers answer with it. Nothing is taken out. Stop the service and every timer first, or the site
is taken over again.
${exitCodes}`

const withConfirmation = (command: Command): Command =>
  command
    .option('-y, --yes', 'do it; without this only a preview is printed')
    .addOption(new Option('--verify-timeout <duration>', 'time for the name servers to agree').argParser(durationOption).default(30_000, '30s'))

/** The verb that takes foreign values over, or gives ours up. */
export const adoptCommand = (invocation: Invocation): Command =>
  withConfirmation(verbCommand('adopt', 'Take over addresses that somebody else put there, or give ours up.', 'with --site'))
    .argument('<address...>', 'the addresses')
    .option('--give-up', 'give ours up, instead of taking over')
    .addHelpText('after', adoptHelp)
    .action(async (texts: readonly string[], parsed: Parsed & { readonly giveUp?: true }, command: Command) => {
      const { adopt, parseAddresses } = await import('./adopt.ts')
      const { addresses, bad } = parseAddresses(texts)
      if (bad !== undefined) return command.error(`error: ${JSON.stringify(bad)} is not an IPv4 or IPv6 address`)
      const options = {
        config: parsed.config,
        sites: parsed.site ?? [],
        isJson: parsed.json === true,
        isConfirmed: parsed.yes === true,
        verifyMs: parsed.verifyTimeout,
        addresses,
        isGivenUp: parsed.giveUp === true,
      }
      invocation.setExitCode(await adopt(options, invocation.io({ color: parsed.color }), invocation.env, invocation.signal))
    })

/** The verb that leaves a site to itself. */
export const releaseCommand = (invocation: Invocation): Command =>
  withConfirmation(verbCommand('release', 'Leave a site to itself: publish all its addresses and drop our marks.', 'without --site'))
    .argument('<site>', 'the site')
    .addHelpText('after', releaseHelp)
    .action(async (site: string, parsed: Parsed) => {
      const { release } = await import('./release.ts')
      const options = { config: parsed.config, sites: [site], isJson: parsed.json === true, isConfirmed: parsed.yes === true, verifyMs: parsed.verifyTimeout }
      invocation.setExitCode(await release(options, invocation.io({ color: parsed.color }), invocation.env, invocation.signal))
    })
