import type { Command } from 'commander'
import type { Invocation } from './invocation.ts'
import { operatorCommand, operatorOptions, type ParsedOperator } from './operator-command.ts'

const help = `
Examples:
  $ dns-failover test-alert --config dns-failover.yaml            to all alerts
  $ dns-failover test-alert chat --config dns-failover.yaml       to the one of that name
  $ dns-failover test-alert --url https://failover.example.net --token-file token --json

The service sends it; if none runs, it is sent from here, by the config. Each is tried once.

Exit codes: 0 all were taken, 1 one was not, or there are none; 64 wrong usage, or no such alert`

/** The verb that shows whether alerts arrive. */
export const testAlertCommand = (invocation: Invocation): Command =>
  operatorCommand('test-alert', 'Send a test to an alert, to see that it arrives.')
    .argument('[name]', 'of the alert in the config (default: all)')
    .addHelpText('after', help)
    .action(async (name: string | undefined, parsed: ParsedOperator) => {
      const { testAlert } = await import('./test-alert.ts')
      invocation.setExitCode(await testAlert({ ...operatorOptions(parsed), name }, invocation.io({ color: parsed.color }), invocation.env, invocation.signal))
    })
