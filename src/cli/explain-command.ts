import { type Command, Option } from 'commander'
import { durationOption } from './duration-option.ts'
import type { Invocation } from './invocation.ts'
import { type ParsedVerb, verbCommand } from './verb-command.ts'

interface Parsed extends ParsedVerb {
  readonly address?: string
  readonly check?: true
  readonly timeout: number
}

const help = `
Examples:
  $ dns-failover explain --config dns-failover.yaml
  $ dns-failover explain --config dns-failover.yaml --address 203.0.113.10
  $ dns-failover explain --config dns-failover.yaml --check --json

The zone is read now; what the checks have said is taken from the state directory, and how old that is, is said. With
--check everything is resolved and checked anew. Nothing is written, so it can be asked while a service runs.

Exit codes: 0 explained, 1 error, or an address of which nothing is known, 64 wrong usage`

/** The verb that tells why each address is published or not. */
export const explainCommand = (invocation: Invocation): Command =>
  verbCommand('explain', 'Tell why each address is published or not: by which rule, and since when.', 'with --site')
    .option('-a, --address <address>', 'only this address')
    .option('--check', 'check now, instead of going by what was written down')
    .addOption(new Option('--timeout <duration>', 'time for the checks').argParser(durationOption).default(60_000, '60s'))
    .addHelpText('after', help)
    .action(async (parsed: Parsed) => {
      const { explain } = await import('./explain.ts')
      const options = {
        config: parsed.config,
        sites: parsed.site ?? [],
        isJson: parsed.json === true,
        address: parsed.address,
        isChecked: parsed.check === true,
        checksMs: parsed.timeout,
      }
      invocation.setExitCode(await explain(options, invocation.io({ color: parsed.color }), invocation.env, invocation.signal))
    })
