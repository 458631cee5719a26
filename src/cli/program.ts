import { Command } from 'commander'
import { adoptCommand, releaseCommand } from './adopt-command.ts'
import { checkConfigCommand } from './check-config-command.ts'
import { completionCommand } from './completion-command.ts'
import { doctorCommand } from './doctor-command.ts'
import { drainCommand } from './drain-command.ts'
import { eventsCommand } from './events-command.ts'
import { explainCommand } from './explain-command.ts'
import { forceCommand, unforceCommand } from './force-command.ts'
import { healthCommand } from './health-command.ts'
import type { Invocation } from './invocation.ts'
import { pauseCommand, resumeCommand } from './pause-command.ts'
import { reconcileCommand } from './reconcile-command.ts'
import { replicationCommand } from './replication-command.ts'
import { repointCommand } from './repoint-command.ts'
import { reportCommand } from './report-command.ts'
import { schemaCommand } from './schema-command.ts'
import { serveCommand } from './serve-command.ts'
import { statusCommand } from './status-command.ts'
import { testAlertCommand } from './test-alert-command.ts'
import { undrainCommand } from './undrain-command.ts'
import { readVersion } from './version.ts'

/** The verbs, as people look for them. */
const groups: readonly (readonly [string, readonly ((invocation: Invocation) => Command)[]])[] = [
  ['Run:', [serveCommand, healthCommand, (invocation) => reconcileCommand('reconcile', 'dns-failover reconcile', invocation, true)]],
  ['See:', [statusCommand, explainCommand, eventsCommand, reportCommand]],
  ['Operate:', [drainCommand, undrainCommand, forceCommand, unforceCommand, repointCommand, pauseCommand, resumeCommand]],
  ['Replicate:', [replicationCommand]],
  ['Set up:', [checkConfigCommand, doctorCommand, adoptCommand, releaseCommand, testAlertCommand, schemaCommand, completionCommand]],
]

const helpText = `
Examples:
  $ dns-failover check-config dns-failover.yaml                 is the config right?
  $ dns-failover doctor --config dns-failover.yaml              is everything in place that failover rests on?
  $ dns-reconcile --config dns-failover.yaml --dry-run          what would be done now, and why?
  $ dns-failover serve --config dns-failover.yaml               watch for ever
  $ dns-failover status --config dns-failover.yaml --watch      how do the sites do?
  $ dns-failover explain --config dns-failover.yaml             why is an address published, or not?
  $ dns-failover drain msk --config dns-failover.yaml --for 1h --reason "new kernel" --wait
  $ dns-failover pause --config dns-failover.yaml --for 1h --reason "moving"

Each verb has its own: dns-failover VERB --help`

/** All verbs of dns-failover. */
export const dnsFailover = (invocation: Invocation): Command => {
  const program = new Command('dns-failover').description("Keeps a domain's A and AAAA records down to the servers that really serve it.").version(readVersion())
  for (const [heading, verbs] of groups) for (const verb of verbs) program.addCommand(verb(invocation).helpGroup(heading))
  return program.addHelpText('after', helpText)
}
