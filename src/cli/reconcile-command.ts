import { Command, Option } from 'commander'
import type { LogLevel } from '../compose/log.ts'
import { durationOption } from './duration-option.ts'
import type { Invocation } from './invocation.ts'

interface Parsed {
  readonly config: string
  readonly site?: readonly string[]
  readonly dryRun?: true
  readonly json?: true
  readonly timeout?: number
  readonly verifyTimeout: number
  readonly logLevel: LogLevel
  readonly color: boolean
}

const helpText = (name: string): string => `
Examples:
  $ ${name} --config dns-failover.yaml --dry-run     what would be done, and why; writes nothing at all
  $ ${name} --config dns-failover.yaml               do it, and wait until the name servers answer with it
  $ ${name} --config dns-failover.yaml --site failover.example.com --json

Exit codes (of several sites the worst, in the order 1, 4, 3, 2, 0):
  0   fine: nothing was to do, or it is done and the name servers answer with it
  1   error: config, provider, state directory; or interrupted
  2   the dry run found changes
  3   held: too few addresses are up, one is not decided, nothing else answers us, the guard refused, the state could
      not be saved, or another process has the lock; each with its reason
  4   applied, but a name server still differs at the deadline, or none confirmed it
  64  wrong usage

A verdict takes "fall" or "rise" checks spanning "confirmSpan" (here 2 s unless the config says otherwise). Health,
damping and drains are shared with the service through the state directory. Results go to stdout, logs to stderr.`

const collect = (value: string, previous: readonly string[] = []): readonly string[] => [...previous, value]

/** The verb that reconciles once; `name` is how it is called. */
export const reconcileCommand = (name: string, fullName: string, invocation: Invocation): Command =>
  new Command(name)
    .description('Check every region once, bring the DNS in line with what was found, and verify it at the name servers.')
    .requiredOption('-c, --config <file>', 'the config file')
    .option('-s, --site <name>', 'only this site; may be given more than once', collect)
    .option('-n, --dry-run', 'print the plan and write nothing: no records, no state, no lock')
    .option('--json', 'print the result as JSON, errors too')
    .addOption(new Option('--timeout <duration>', 'time for the checks; what is not decided by then stays as it is (default: 60s, or more where the config needs it)').argParser(durationOption))
    .addOption(new Option('--verify-timeout <duration>', 'time for the name servers to agree').argParser(durationOption).default(30_000, '30s'))
    .addOption(new Option('--log-level <level>', 'what to log on stderr').choices(['error', 'warn', 'info', 'debug']).default('warn'))
    .option('--no-color', 'no colours, as if NO_COLOR were set')
    .addHelpText('after', helpText(fullName))
    .action(async (parsed: Parsed) => {
      const { reconcile } = await import('./reconcile.ts')
      const code = await reconcile(
        {
          config: parsed.config,
          sites: parsed.site ?? [],
          isDryRun: parsed.dryRun === true,
          isJson: parsed.json === true,
          checksMs: parsed.timeout,
          verifyMs: parsed.verifyTimeout,
          logLevel: parsed.logLevel,
        },
        invocation.io({ color: parsed.color }),
        invocation.env,
        invocation.signal,
      )
      invocation.setExitCode(code)
    })
