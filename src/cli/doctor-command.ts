import { type Command, Option } from 'commander'
import { durationOption } from './duration-option.ts'
import type { Invocation } from './invocation.ts'
import { type ParsedVerb, verbCommand } from './verb-command.ts'

const help = `
Examples:
  $ dns-failover doctor --config dns-failover.yaml
  $ dns-failover doctor --config dns-failover.yaml --json | jq '.findings[] | select(.status != "ok")'

Looks at the config, the state directory and its lock, the provider and its credentials, the zone and what stands in
it, each address of each name server, wildcards, the regions' subdomains, one health check of each address with the
time of each part, what else answers, and the clock. Writes nothing to DNS; can be asked while a service runs.

Exit codes: 0 all well, or only warnings; 1 something is to be mended; 64 wrong usage`

/** The verb that looks at everything that failover rests on. */
export const doctorCommand = (invocation: Invocation): Command =>
  verbCommand('doctor', 'Look at everything that failover rests on, and say what to mend.', 'with --site')
    .addOption(new Option('--timeout <duration>', 'time for all of it').argParser(durationOption).default(30_000, '30s'))
    .addHelpText('after', help)
    .action(async (parsed: ParsedVerb & { readonly timeout: number }) => {
      const { doctor } = await import('./doctor/doctor.ts')
      const options = { config: parsed.config, sites: parsed.site ?? [], isJson: parsed.json === true, totalMs: parsed.timeout }
      invocation.setExitCode(await doctor(options, invocation.io({ color: parsed.color }), invocation.env, invocation.signal))
    })
