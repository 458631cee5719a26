import { type Command, Option } from 'commander'
import { durationOption } from './duration-option.ts'
import type { Invocation } from './invocation.ts'
import { operatorCommand, operatorOptions, type ParsedOperator, reachHelp } from './operator-command.ts'
import { forOption, type ParsedRegionOrder, reasonOf, regionOptions, withRegion } from './order-options.ts'

interface Parsed extends ParsedOperator, ParsedRegionOrder {
  readonly for: number
  readonly reason: string
  readonly force?: true
  readonly wait?: true
  readonly timeout?: number
}

const help = `
Examples:
  $ dns-failover drain msk --for 1h --reason "new kernel" --config dns-failover.yaml --dry-run    what would change
  $ dns-failover drain msk --for 1h --reason "new kernel" --config dns-failover.yaml --wait && ssh msk reboot
  $ DNS_FAILOVER_TOKEN=... dns-failover drain msk --for 1h --reason "new kernel" --url https://failover.example.net

Withdraws the region. It is refused where fewer than "minPublished" would be left; --force drains it all the same, and
then what is left, or else what fails, is published: the set is never emptied. The drain ends by itself, and the region is
published again once its checks pass. With --wait it ends when every name server answers without the region and the
TTL of every version that held it has passed; Ctrl-C ends the wait, and leaves the drain in force.
${reachHelp}

Exit codes: 0 in force, and with --wait: safe to reboot; 1 error, or the drain ended while waiting; 2 the dry run found
changes; 3 held: refused for the floor, the site is paused, or another process has the lock; 4 not safe in time, or
not verified; 64 wrong usage`

const usualWaitMs = 900_000

/** The verb that takes a region out for a while. */
export const drainCommand = (invocation: Invocation): Command =>
  withRegion(operatorCommand('drain', 'Take a region out for a while, such as to reboot its server.'))
    .addOption(forOption('it then ends by itself'))
    .addOption(reasonOf().makeOptionMandatory())
    .option('--force', 'also where fewer than "minPublished" are left')
    .option('--wait', 'wait until it is safe to reboot')
    .addOption(new Option('--timeout <duration>', 'with --wait: how long at most (default: 15m)').argParser(durationOption))
    .addHelpText('after', help)
    .action(async (region: string, parsed: Parsed, command: Command) => {
      if (parsed.timeout !== undefined && parsed.wait !== true) return command.error("error: option '--timeout <duration>' bounds the wait, and there is none without --wait")
      const { drain } = await import('./drain.ts')
      const options = {
        ...operatorOptions(parsed),
        ...regionOptions(region, parsed),
        forMs: parsed.for,
        reason: parsed.reason,
        isForced: parsed.force === true,
        isWaited: parsed.wait === true,
        timeoutMs: parsed.timeout ?? usualWaitMs,
      }
      invocation.setExitCode(await drain(options, invocation.io({ color: parsed.color }), invocation.env, invocation.signal))
    })
