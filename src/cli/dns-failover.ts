#!/usr/bin/env node
import { Command } from 'commander'
import { adoptCommand, releaseCommand } from './adopt-command.ts'
import { checkConfigCommand } from './check-config-command.ts'
import { completionCommand } from './completion-command.ts'
import { doctorCommand } from './doctor-command.ts'
import { explainCommand } from './explain-command.ts'
import { healthCommand } from './health-command.ts'
import { pauseCommand, resumeCommand } from './pause-command.ts'
import { reconcileCommand } from './reconcile-command.ts'
import { replicationCommand } from './replication-command.ts'
import { runProgram } from './run-program.ts'
import { schemaCommand } from './schema-command.ts'
import { serveCommand } from './serve-command.ts'
import { readVersion } from './version.ts'

const helpText = `
Examples:
  $ dns-failover check-config dns-failover.yaml                 is the config right?
  $ dns-failover doctor --config dns-failover.yaml              is everything in place that failover rests on?
  $ dns-reconcile --config dns-failover.yaml --dry-run          what would be done now, and why?
  $ dns-failover serve --config dns-failover.yaml               watch for ever
  $ dns-failover explain --config dns-failover.yaml             why is an address published, or not?
  $ dns-failover pause --config dns-failover.yaml --for 1h --reason "moving"

Each verb has its own: dns-failover VERB --help`

await runProgram((invocation) =>
  new Command('dns-failover')
    .description("Keeps a domain's A and AAAA records down to the servers that really serve it.")
    .version(readVersion())
    .addCommand(serveCommand(invocation))
    .addCommand(healthCommand(invocation))
    .addCommand(reconcileCommand('reconcile', 'dns-failover reconcile', invocation))
    .addCommand(explainCommand(invocation))
    .addCommand(doctorCommand(invocation))
    .addCommand(pauseCommand(invocation))
    .addCommand(resumeCommand(invocation))
    .addCommand(adoptCommand(invocation))
    .addCommand(releaseCommand(invocation))
    .addCommand(replicationCommand(invocation))
    .addCommand(checkConfigCommand(invocation))
    .addCommand(schemaCommand(invocation))
    .addCommand(completionCommand(invocation))
    .addHelpText('after', helpText),
)
