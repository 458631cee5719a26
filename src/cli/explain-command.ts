import { type Command, Option } from 'commander'
import { durationOption } from './duration-option.ts'
import type { Invocation } from './invocation.ts'
import { operatorCommand, operatorOptions, type ParsedOperator } from './operator-command.ts'

interface Parsed extends ParsedOperator {
  readonly site?: readonly string[]
  readonly address?: string
  readonly check?: true
  readonly timeout: number
}

const help = `
Examples:
  $ dns-failover explain --config dns-failover.yaml
  $ dns-failover explain --config dns-failover.yaml --address 203.0.113.10
  $ dns-failover explain --config dns-failover.yaml --check --json
  $ dns-failover explain --url https://failover.example.net --token-file token

The service tells what it knows. If none runs, the zone is read now, and what the checks have said is taken from the state
directory; how old that is, is said. With --check everything is resolved and checked anew, from here. Nothing is written.

Exit codes: 0 explained, 1 error, or an address of which nothing is known, 64 wrong usage`

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value]

/** The verb that tells why each address is published or not. */
export const explainCommand = (invocation: Invocation): Command =>
  operatorCommand('explain', 'Tell why each address is published or not: by which rule, and since when.')
    .option('-s, --site <name>', 'only this site; may be given more than once', collect)
    .option('-a, --address <address>', 'only this address')
    .option('--check', 'check now, instead of going by what was written down')
    .addOption(new Option('--timeout <duration>', 'time for the checks').argParser(durationOption).default(60_000, '60s'))
    .addHelpText('after', help)
    .action(async (parsed: Parsed) => {
      const { explain } = await import('./explain.ts')
      const options = {
        ...operatorOptions(parsed),
        sites: parsed.site ?? [],
        address: parsed.address,
        isChecked: parsed.check === true,
        checksMs: parsed.timeout,
      }
      invocation.setExitCode(await explain(options, invocation.io({ color: parsed.color }), invocation.env, invocation.signal))
    })
