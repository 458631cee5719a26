import { type Command, Option } from 'commander'
import type { Invocation } from './invocation.ts'
import { operatorCommand, operatorOptions, type ParsedOperator } from './operator-command.ts'
import { type Since, sinceOption } from './since-option.ts'

const help = `
Examples:
  $ dns-failover report --config dns-failover.yaml                                  the last 30 days
  $ dns-failover report --config dns-failover.yaml --since 2026-01-01T00:00:00Z --site failover.example.com
  $ dns-failover report --url https://failover.example.net --token-file token --since 7d --json

Of the time that was watched, how much each site had an address published that was up, and each region was up; and each
incident with its cause, how long it lasted, and how long it took from the first failed check to the verdict, to
the write, and to the last name server's agreement. If no service runs, what the last one wrote down is read.

Exit codes: 0 fine, 1 error, or the history cannot be read; 64 wrong usage`

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value]

/** The verb that sums up availability and incidents. */
export const reportCommand = (invocation: Invocation): Command =>
  operatorCommand('report', 'Sum up availability and incidents.')
    .option('-s, --site <name>', 'only this site; may be given more than once', collect)
    .addOption(new Option('--since <when>', 'how long ago, or since when').argParser(sinceOption).default(sinceOption('30d'), '30d'))
    .addHelpText('after', help)
    .action(async (parsed: ParsedOperator & { readonly site?: readonly string[]; readonly since: Since }) => {
      const { report } = await import('./report.ts')
      const options = { ...operatorOptions(parsed), sites: parsed.site ?? [], since: parsed.since }
      invocation.setExitCode(await report(options, invocation.io({ color: parsed.color }), invocation.env, invocation.signal))
    })
