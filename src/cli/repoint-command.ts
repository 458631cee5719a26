import type { Command } from 'commander'
import type { Invocation } from './invocation.ts'
import { operatorCommand, operatorOptions, type ParsedOperator, reachHelp } from './operator-command.ts'
import { dryRunOption, type ParsedRegionOrder, reasonOf, regionOptions, siteOption } from './order-options.ts'

interface Parsed extends ParsedOperator, ParsedRegionOrder {
  readonly keepOtherFamily?: true
  readonly unchecked?: true
  readonly reason?: string
}

const help = `
Examples:
  $ dns-failover repoint msk 203.0.113.77 --config dns-failover.yaml --dry-run     checks it, and says what would change
  $ dns-failover repoint msk 203.0.113.77 2001:db8::77 --reason "restored from the backup" --config dns-failover.yaml
  $ dns-failover repoint msk 203.0.113.77 --keep-other-family --url https://failover.example.net --token-file token

Points the region's service subdomain at these addresses, of one family or both, once each has passed the site's own
check, and asks the name servers until they answer with it. A family without an address loses its records, for a dead
AAAA must not stay; --keep-other-family leaves them. The main domain follows by itself once the region passes.
${reachHelp}

Exit codes: 0 done, or it leads there already; 1 error; 2 the dry run found changes; 3 held: an address does not pass the
check, the site is paused, the records moved meanwhile, or another process has the lock; 4 written, but not verified; 64
wrong usage`

/** The verb that points a region at a replacement. */
export const repointCommand = (invocation: Invocation): Command =>
  operatorCommand('repoint', "Point a region's service subdomain at a replacement.")
    .argument('<region>', 'the region')
    .argument('<address...>', 'where it is to lead')
    .addOption(siteOption())
    .option('--keep-other-family', 'leave the records of a family that no address is given of')
    .option('--unchecked', "do not ask the site's check first")
    .addOption(reasonOf())
    .addOption(dryRunOption())
    .addHelpText('after', help)
    .action(async (region: string, addresses: readonly string[], parsed: Parsed) => {
      const { repoint } = await import('./repoint.ts')
      const options = {
        ...operatorOptions(parsed),
        ...regionOptions(region, parsed),
        addresses,
        keepsOtherFamily: parsed.keepOtherFamily === true,
        isUnchecked: parsed.unchecked === true,
        reason: parsed.reason ?? '',
      }
      invocation.setExitCode(await repoint(options, invocation.io({ color: parsed.color }), invocation.env, invocation.signal))
    })
