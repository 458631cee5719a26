import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { durationOption } from '../cli/duration-option.ts'

export interface DemoOptions {
  /** Play the walkthrough instead of waiting for keys. */
  readonly script: boolean
  /** Print a `ScriptReport`; plays the walkthrough. */
  readonly json: boolean
  readonly port: number
  readonly dashboardPort: number
  readonly everyMs: number
}

/** What the command line asks for; `answered`: it asked for help, which has been given. */
export type CommandLine =
  | { readonly kind: 'run'; readonly options: DemoOptions }
  | { readonly kind: 'answered' }
  | { readonly kind: 'wrong-usage'; readonly message: string }

const portOption = (text: string): number => {
  const port = Number(text)
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) throw new InvalidArgumentError('must be a port, 1 to 65535.')
  return port
}

const everyOption = (text: string): number => {
  const ms = durationOption(text)
  if (ms < 100 || ms > 60_000) throw new InvalidArgumentError('must be between 100ms and 1m.')
  return ms
}

const helpText = `
Starts three small web servers, a name server and dns-failover itself, all on loopback addresses of this machine: no
account, no root, no config, nothing kept. The first line is the address of its dashboard: open it in a browser, and
watch there. On a terminal you break and heal the regions by keys. With --script, or without a terminal, it plays a
walkthrough by itself, judged by what the name server really answers.
A region that keeps falling is usually kept out for 30 s and longer; here for 2 s at most, so that one can play.

Examples:
  $ npm run demo
  $ npm run demo -- --script
  $ npm run --silent demo -- --script --json

Exit codes:
  0   you quit; or every step of the walkthrough was seen within its bound
  1   a step was not, or something failed, or it was interrupted
  64  wrong usage
`

/** Reads the arguments after the program's name. Help and complaints go to `write`. */
export const readCommandLine = (args: readonly string[], write: { readonly out: (text: string) => void; readonly err: (text: string) => void }): CommandLine => {
  const command = new Command('npm run demo --')
    .description('See DNS failover at work.')
    .option('--script', 'play the walkthrough by itself (default without a terminal)')
    .option('--json', "print the walkthrough's result as JSON, and its progress to stderr")
    .option('--port <port>', 'where the name server listens on 127.0.0.1; if taken, the next free port', portOption, 5300)
    .option('--dashboard-port <port>', 'where the dashboard listens on 127.0.0.1; if taken, the next free port', portOption, 8453)
    .addOption(new Option('--every <duration>', 'time between two checks of a region').argParser(everyOption).default(1000, '1s'))
    .addHelpText('after', helpText)
    .allowExcessArguments(false)
    .exitOverride()
    .configureHelp({ helpWidth: 100 })
    .configureOutput({ writeOut: write.out, writeErr: write.err })
    .showHelpAfterError('(add --help for more)')
  try {
    command.parse(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? { kind: 'answered' } : { kind: 'wrong-usage', message: error.message.replace(/^error: /, '') }
  }
  const { script = false, json = false, port, dashboardPort, every } = command.opts<{ script?: boolean; json?: boolean; port: number; dashboardPort: number; every: number }>()
  return { kind: 'run', options: { script: script || json, json, port, dashboardPort, everyMs: every } }
}
