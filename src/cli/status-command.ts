import type { Command } from 'commander'
import type { Invocation } from './invocation.ts'
import { operatorCommand, operatorOptions, type ParsedOperator } from './operator-command.ts'

interface Parsed extends ParsedOperator {
  readonly site?: readonly string[]
  readonly watch?: true
}

const help = `
Examples:
  $ dns-failover status --config dns-failover.yaml
  $ dns-failover status --config dns-failover.yaml --watch        drawn anew every second; Ctrl-C ends
  $ dns-failover status --url https://failover.example.net --token-file token --site failover.example.com --json

Each site in one word, its regions with their addresses, what is published and what should be, drains, trouble with the
provider, and the last change; the worst site first. If no service runs, health is what the state directory has, and
the records are read now.

Exit codes: 0 told, 1 error, 64 wrong usage`

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value]

/** The verb that tells how the sites do. */
export const statusCommand = (invocation: Invocation): Command =>
  operatorCommand('status', 'Tell how each site does: regions, what is published, drains, trouble.')
    .option('-s, --site <name>', 'only this site; may be given more than once', collect)
    .option('-w, --watch', 'draw it anew every second')
    .addHelpText('after', help)
    .action(async (parsed: Parsed, command: Command) => {
      const io = invocation.io({ color: parsed.color })
      if (parsed.watch === true && (parsed.json === true || io.isScreen !== true)) return command.error('error: --watch draws on a terminal; for a program, ask with --json as often as need be, or read "events --follow"')
      const { status } = await import('./status.ts')
      const options = { ...operatorOptions(parsed), sites: parsed.site ?? [], isWatched: parsed.watch === true }
      invocation.setExitCode(await status(options, io, invocation.env, invocation.signal))
    })
