import type { Command } from 'commander'
import type { Invocation } from './invocation.ts'
import { operatorCommand, operatorOptions, type ParsedOperator, reachHelp } from './operator-command.ts'
import { type ParsedRegionOrder, regionOptions, withRegion } from './order-options.ts'

const help = `
Examples:
  $ dns-failover undrain msk --config dns-failover.yaml
  $ dns-failover undrain msk --site failover.example.com --url https://failover.example.net --token-file token

Also ends a planned window that lasts now; the next one counts again. The region is published once its checks pass.
${reachHelp}

Exit codes: 0 fine (also if it was not drained), 1 error, 2 the dry run found changes, 3 held, 4 not verified, 64 wrong usage`

/** The verb that ends a drain. */
export const undrainCommand = (invocation: Invocation): Command =>
  withRegion(operatorCommand('undrain', 'End a drain: publish the region again once its checks pass.'))
    .addHelpText('after', help)
    .action(async (region: string, parsed: ParsedOperator & ParsedRegionOrder) => {
      const { undrain } = await import('./undrain.ts')
      const options = { ...operatorOptions(parsed), ...regionOptions(region, parsed) }
      invocation.setExitCode(await undrain(options, invocation.io({ color: parsed.color }), invocation.env, invocation.signal))
    })
