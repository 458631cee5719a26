import { Command, Option } from 'commander'
import { durationOption } from './duration-option.ts'
import type { Invocation } from './invocation.ts'
import { type ParsedVerb, verbCommand } from './verb-command.ts'

const renderHelp = `
Examples:
  $ dns-failover replication render --config dns-failover.yaml --region msk --out ./msk
  $ dns-failover replication render --config dns-failover.yaml --region msk | less

Turns the site's "replication" section into what that region's server needs: lsyncd, the services around it, ssh with a key
for this alone, the heartbeat, and snippets for Apache and nginx. INSTALL.md among them tells the steps. Nothing is changed
on this machine besides the directory.

Exit codes: 0 rendered; 1 error; 64 wrong usage`

const render = (invocation: Invocation): Command =>
  verbCommand('render', "Write the files that one region's server needs.", 'with --site')
    .requiredOption('-r, --region <name>', 'the region')
    .option('-o, --out <directory>', 'where to write them; without this they are printed')
    .addHelpText('after', renderHelp)
    .action(async (parsed: ParsedVerb & { readonly region: string; readonly out?: string }) => {
      const { renderFiles } = await import('./replication/render-files.ts')
      const options = { config: parsed.config, sites: parsed.site ?? [], isJson: parsed.json === true, region: parsed.region, out: parsed.out }
      invocation.setExitCode(await renderFiles(options, invocation.io({ color: parsed.color }), invocation.env))
    })

const checkHelp = `
Examples:
  $ dns-failover replication check --config dns-failover.yaml
  $ dns-failover replication check --config dns-failover.yaml --json | jq '.pairs[] | select(.state != "ok")'

Asks each region's web server, at its address as the health check does, for its copies of the writers' heartbeats, and
compares them: only copies of one writer, so that no clock matters. Waits until each writer has been seen to go on.

Exit codes: 0 all have what was sent; 3 one is behind, or it cannot be told; 1 error; 64 wrong usage`

const check = (invocation: Invocation): Command =>
  verbCommand('check', 'Tell of each pair of regions whether content gets there, and how late.', 'with --site')
    .addOption(new Option('--timeout <duration>', 'time for all of it').argParser(durationOption).default(60_000, '60s'))
    .addHelpText('after', checkHelp)
    .action(async (parsed: ParsedVerb & { readonly timeout: number }) => {
      const { checkReplication } = await import('./replication/check.ts')
      const options = { config: parsed.config, sites: parsed.site ?? [], isJson: parsed.json === true, totalMs: parsed.timeout }
      invocation.setExitCode(await checkReplication(options, invocation.io({ color: parsed.color }), invocation.env, invocation.signal))
    })

const promoteHelp = `
Examples:
  $ dns-failover replication promote ams --config dns-failover.yaml
  $ dns-failover replication promote ams --config dns-failover.yaml --out ./replication

Tells the steps that make another region the writer, in an order in which no two write at once; changes nothing itself.
Refuses while the writer is alive and has newer content, or another receiver has.

Exit codes: 0 the steps are told; 3 refused; 1 error; 64 wrong usage`

const promote = (invocation: Invocation): Command =>
  verbCommand('promote', 'Tell how to make another region the writer, unless content would be lost.', 'with --site')
    .argument('<region>', 'the region that is to write')
    .option('-o, --out <directory>', "write every region's files there, with the new writer")
    .option('--force', 'also if content would be lost')
    .addOption(new Option('--timeout <duration>', 'time for asking the regions').argParser(durationOption).default(60_000, '60s'))
    .addHelpText('after', promoteHelp)
    .action(async (region: string, parsed: ParsedVerb & { readonly out?: string; readonly force?: true; readonly timeout: number }) => {
      const { promoteWriter } = await import('./replication/promote.ts')
      const options = {
        config: parsed.config,
        sites: parsed.site ?? [],
        isJson: parsed.json === true,
        region,
        out: parsed.out,
        isForced: parsed.force === true,
        totalMs: parsed.timeout,
      }
      invocation.setExitCode(await promoteWriter(options, invocation.io({ color: parsed.color }), invocation.env, invocation.signal))
    })

/** The verbs on how a site's regions keep their content alike. */
export const replicationCommand = (invocation: Invocation): Command =>
  new Command('replication')
    .description("Keep the regions' content alike: render the servers' files, look at lag, move the writer.")
    .addCommand(render(invocation))
    .addCommand(check(invocation))
    .addCommand(promote(invocation))
