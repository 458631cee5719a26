import { Command } from 'commander'
import type { Invocation } from './invocation.ts'

const helpText = `
Examples:
  $ dns-failover check-config dns-failover.yaml
  $ dns-failover check-config dns-failover.yaml --json

Exit codes: 0 fine, 1 problems, 64 wrong usage`

/** The verb that checks a config file. */
export const checkConfigCommand = (invocation: Invocation): Command =>
  new Command('check-config')
    .description('Check a config file: every problem at once, with its place; or what the config amounts to.')
    .argument('[file]', 'the config file')
    .option('-c, --config <file>', 'the same')
    .option('--json', 'print the result as JSON')
    .option('--no-color', 'no colours, as if NO_COLOR were set')
    .addHelpText('after', helpText)
    .action(async (argument: string | undefined, parsed: { readonly config?: string; readonly json?: true; readonly color: boolean }, command: Command) => {
      const file = argument ?? parsed.config
      if (file === undefined) return command.error('error: missing the config file: check-config FILE')
      const { checkConfig } = await import('./check-config.ts')
      invocation.setExitCode(await checkConfig(file, invocation.io({ color: parsed.color }), { json: parsed.json === true, env: invocation.env }))
    })
