import { Command } from 'commander'
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

/** The verbs on how a site's regions keep their content alike. */
export const replicationCommand = (invocation: Invocation): Command =>
  new Command('replication').description("Keep the regions' content alike: render the servers' files, look at lag, move the writer.").addCommand(render(invocation))
