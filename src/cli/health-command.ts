import { Command, Option } from 'commander'
import { durationOption } from './duration-option.ts'
import type { Invocation } from './invocation.ts'

const helpText = `
Examples:
  $ dns-failover health --config dns-failover.yaml
  HEALTHCHECK CMD ["dns-failover", "health", "--config", "/etc/dns-failover/dns-failover.yaml"]

Fails only when the service does not run or its loop stands still: an unreachable provider, dead regions or a full disk
are its daily work, and no reason to restart it. It is asked by a socket in the state directory.

Exit codes: 0 its loops go round, 1 they do not or nobody runs, 64 wrong usage`

/** The verb for a container's health check. */
export const healthCommand = (invocation: Invocation): Command =>
  new Command('health')
    .description('Ask the running service whether it goes round: for HEALTHCHECK.')
    .requiredOption('-c, --config <file>', 'the config file of the service')
    .addOption(new Option('--timeout <duration>', 'time for its answer').argParser(durationOption).default(2_000, '2s'))
    .addHelpText('after', helpText)
    .action(async (parsed: { readonly config: string; readonly timeout: number }) => {
      const { health } = await import('./health.ts')
      invocation.setExitCode(await health({ config: parsed.config, timeoutMs: parsed.timeout }, invocation.io({ color: false }), invocation.env))
    })
